"""`python -m tests.crash`: kills hub, broker, API and database, and prints what became of it."""

import argparse
import asyncio
import random
import sys
import warnings
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic

from tests.crash.matrix import play
from tests.crash.strikes import PARTS
from tests.crash.table import matrix_table


def main() -> int:
    """Runs the matrix; 1 where anything was lost, doubled or invented."""
    warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR is not set")
    parser = argparse.ArgumentParser(prog="python -m tests.crash", description=__doc__)
    parser.add_argument("--kills", type=int, default=200, help="in all (200)")
    parser.add_argument("--seed", type=int, default=1, help="of the instants and the household (1)")
    parser.add_argument("--only", default=",".join(PARTS), help=f"of {', '.join(PARTS)}")
    asked = parser.parse_args()
    parts = [part for part in PARTS if part in asked.only.split(",")]
    began = monotonic()
    with TemporaryDirectory(prefix="telecare-crash-") as folder:
        result = asyncio.run(play(Path(folder), asked.kills, asked.seed, parts))
    print(f"{asked.kills} kills, seed {asked.seed}, {monotonic() - began:.0f} s\n")
    print(matrix_table(result))
    for fault in result.books.faults:
        print(f"\nFAULT {fault}")
    return 1 if result.books.faults else 0


if __name__ == "__main__":
    sys.exit(main())
