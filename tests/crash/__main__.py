"""`python -m tests.crash`: kills hub, broker, API and database, and prints what became of it."""

import argparse
import asyncio
import sys
import warnings
from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic

from tests.crash.hardships import Outcome, suffer_all, suffer_by_the_clock, suffer_leaps
from tests.crash.matrix import play
from tests.crash.strikes import PARTS
from tests.crash.table import matrix_table, outcomes_table

Suffer = Callable[[Path, int], AsyncIterator[Outcome]]
SUFFERED: dict[str, tuple[Suffer, ...]] = {
    "hardships": (suffer_all,),
    "clock": (suffer_by_the_clock, suffer_leaps),
}


def main() -> int:
    """Runs the matrix and the hardships; 1 where anything was lost, doubled or invented."""
    warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR is not set")
    parser = argparse.ArgumentParser(prog="python -m tests.crash", description=__doc__)
    parser.add_argument("--kills", type=int, default=200, help="in all (200)")
    parser.add_argument("--seed", type=int, default=1, help="of the instants and the household (1)")
    every = (*PARTS, *SUFFERED)
    parser.add_argument("--only", default=",".join(every), help=f"of {', '.join(every)}")
    asked = parser.parse_args()
    chosen = asked.only.split(",")
    if unknown := set(chosen) - set(every):
        parser.error(f"--only: {', '.join(sorted(unknown))}: there are {', '.join(every)}")
    parts = [part for part in PARTS if part in chosen]
    faults = matrix(asked.kills, asked.seed, parts) if parts else []
    for name, kinds in SUFFERED.items():
        if name in chosen:
            asyncio.run(hardships(kinds, asked.seed))
    for fault in faults:
        sys.stdout.write(f"\nFAULT {fault}\n")
    return 1 if faults else 0


def matrix(kills: int, seed: int, parts: Sequence[str]) -> list[str]:
    """Kills, and prints the figures; what is not as it should be."""
    began = monotonic()
    with TemporaryDirectory(prefix="telecare-crash-") as folder:
        result = asyncio.run(play(Path(folder), kills, seed, parts))
    took = monotonic() - began
    sys.stdout.write(f"{kills} kills, seed {seed}, {took:.0f} s\n\n{matrix_table(result)}\n")
    return result.faults


async def hardships(kinds: Sequence[Suffer], seed: int) -> None:
    """Lets hardships befall, and prints what became of each."""
    with TemporaryDirectory(prefix="telecare-crash-") as folder:
        outcomes = [one for suffer in kinds async for one in suffer(Path(folder), seed)]
    sys.stdout.write(f"\n{outcomes_table(outcomes)}\n")


if __name__ == "__main__":
    sys.exit(main())
