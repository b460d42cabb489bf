"""`python -m simulator.realism.fit`."""

import sys

from simulator.realism.fit.cli import main

if __name__ == "__main__":
    sys.exit(main())
