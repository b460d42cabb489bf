"""Starts `telecare-simulator`; the same as `python -m simulator`."""

import sys

from contract.extras import extra


def main() -> int:
    """Runs the command; where its libraries are not installed, says how to get them."""
    with extra("simulator"):
        from simulator.cli import main as command  # noqa: PLC0415 - may not be importable without them

        return command()


if __name__ == "__main__":
    sys.exit(main())
