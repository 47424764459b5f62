"""The least and the most points still possible while figures are missing: an interpreter over the same six values."""
