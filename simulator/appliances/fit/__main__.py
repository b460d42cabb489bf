"""`python -m simulator.appliances.fit`."""

import sys

from simulator.appliances.fit.cli import main

if __name__ == "__main__":
    sys.exit(main())
