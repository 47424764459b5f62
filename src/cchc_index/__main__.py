"""`python -m cchc_index` is `cchc`."""

from cchc_index.cli import main

main()
