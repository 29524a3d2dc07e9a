"""`python -m chatbt`."""

import sys

from chatbt.cli import main

if __name__ == "__main__":
    sys.exit(main())
