"""Starts `telecare-simulator`; the same as `python -m simulator`."""

import sys

from contract.extras import extra
from simulator.compiled import become, in_place


def main() -> int:
    """Runs the command, compiled where that was done.

    Where its libraries are not installed, it says how to get them.
    """
    folder = in_place()
    if folder is not None:
        become(folder, ["-m", "simulator", *sys.argv[1:]])
    with extra("simulator"):
        from simulator.cli import main as command  # noqa: PLC0415 - may not be importable without them

        return command()


if __name__ == "__main__":
    sys.exit(main())
