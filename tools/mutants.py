"""Prints how many planted faults the tests noticed, by module, and which they did not.

    python tools/mutants.py [--survivors]

Reads what `mutmut run` left in `mutants/`. The score is of the faults that a test had to notice:
what the type checker refuses stands beside it, and so does what there was no time to try.
"""

import argparse
import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

LEFT = Path("mutants")
NOTICED, REFUSED, UNNOTICED, UNTOUCHED, UNTRIED = (
    "noticed", "refused", "unnoticed", "no test", "not tried",
)  # fmt: skip
_WORDS = {0: UNNOTICED, None: UNTRIED, 5: UNTOUCHED, 33: UNTOUCHED, 34: UNTRIED, 37: REFUSED}
_COLUMNS = (NOTICED, UNNOTICED, UNTOUCHED, UNTRIED, REFUSED)


class Module(NamedTuple):
    """What became of each fault in a module, by the fault's name."""

    name: str
    fates: dict[str, str]

    @property
    def counts(self) -> Counter[str]:
        """How many met with each fate."""
        return Counter(self.fates.values())


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--survivors", action="store_true", help="show the unnoticed, changed")
    args = parser.parse_args()
    modules = sorted(read())
    if not modules:
        sys.exit("There is nothing in mutants/: run `make mutants`.")
    print(line("module", "score", *_COLUMNS))
    for module in modules:
        print(row(module.name, module.counts))
    for package in sorted({one.name.rpartition("/")[0] for one in modules}):
        inside = [one.counts for one in modules if one.name.startswith(f"{package}/")]
        print(row(package, sum(inside, Counter())))
    for module in modules:
        for name, fate in module.fates.items():
            if fate in {UNNOTICED, UNTOUCHED}:
                print(f"{fate}: {name}" if not args.survivors else shown(name))


def read() -> Iterator[Module]:
    """What `mutmut run` left of each module in which there is anything to change."""
    for left in LEFT.rglob("*.py.meta"):
        codes = json.loads(left.read_text())["exit_code_by_key"]
        if codes:
            fates = {name: _WORDS.get(code, NOTICED) for name, code in codes.items()}
            yield Module(str(left.relative_to(LEFT)).removesuffix(".py.meta"), fates)


def row(name: str, counts: Counter[str]) -> str:
    """A line of the table. A fault to which no test comes counts against the score."""
    tried = counts[NOTICED] + counts[UNNOTICED] + counts[UNTOUCHED]
    score = f"{100 * counts[NOTICED] / tried:.1f} %" if tried else "-"
    return line(name, score, *(str(counts[fate]) for fate in _COLUMNS))


def line(name: str, *cells: str) -> str:
    """Cells under one another."""
    return f"{name:32}" + "".join(f"{cell:>10}" for cell in cells)


def shown(name: str) -> str:
    """The fault as a difference, without its surroundings."""
    said = subprocess.run(
        [sys.executable, "-m", "mutmut", "show", name], capture_output=True, text=True, check=True
    ).stdout
    changed = [
        text for text in said.splitlines() if text[:1] in "+-" and text[1:3] not in {"++", "--"}
    ]
    return "\n".join([name, *changed])


if __name__ == "__main__":
    main()
