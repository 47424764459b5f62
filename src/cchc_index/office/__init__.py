"""Word and Excel files: written whole, the same bytes each time, in the layout and fonts the field uses."""
