"""Prints how much of a package its tests ran, lines and branches apart, and fails below a floor.

    coverage json --quiet -o - | python tools/covered.py --floor 95

Coverage's own total adds lines and branches up; as there are more lines, they hide missed branches.
"""

import argparse
import json
import sys
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple


class Share(NamedTuple):
    """So many of so many; of nothing all was run."""

    run: int
    of: int

    @property
    def percent(self) -> float:
        """0 to 100."""
        return 100 * self.run / self.of if self.of else 100.0

    def __str__(self) -> str:
        """As the table has it."""
        return f"{self.percent:5.1f} % {self.run:6,} of {self.of:6,}"


def main() -> None:
    """Reads coverage's JSON from standard input."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--floor", type=float, required=True, help="per cent, of either")
    floor = parser.parse_args().floor
    report = json.load(sys.stdin)
    lines, branches = shares(report["totals"])
    print("\n".join(missed(report["files"], floor)))
    print(f"lines    {lines}")
    print(f"branches {branches}")
    if min(lines.percent, branches.percent) < floor:
        sys.exit(f"Below the floor of {floor:g} %: write the tests that are missing.")


def shares(summary: Mapping[str, int]) -> tuple[Share, Share]:
    """Lines and branches of coverage's summary."""
    return (
        Share(summary["covered_lines"], summary["num_statements"]),
        Share(summary["covered_branches"], summary["num_branches"]),
    )


def missed(files: Mapping[str, Mapping[str, Any]], floor: float) -> Iterable[str]:
    """A line for each file of which less than `floor` per cent was run, the worst first."""
    below = []
    for name, file in files.items():
        lines, branches = shares(file["summary"])
        if min(lines.percent, branches.percent) < floor:
            below.append((lines.percent + branches.percent, name, lines, branches, file))
    for _, name, lines, branches, file in sorted(below, key=lambda one: one[:2]):
        where = ", ".join(map(str, file["missing_lines"]))
        yield f"{name}: lines {lines.percent:.0f} %, branches {branches.percent:.0f} %: {where}"


if __name__ == "__main__":
    main()
