"""Prints how many planted faults the tests noticed, by module, and which they did not.

    python tools/mutants.py --plant                  plants them first, all anew
    python tools/mutants.py --plant opening swap     in these rooms; of the others as it was
    python tools/mutants.py --plant swap --retry     there, what went unnoticed or was not tried
    python tools/mutants.py --plant --sample 300     of each package so many, drawn at random
    python tools/mutants.py [--survivors]            what was left in `mutants/`

The score is of the faults that a test had to notice. Beside it stand those that the type checker
refuses, those that change nothing (SQL takes its words in capitals too), and those that were not
tried because a run was stopped or they were not drawn. Where some were not, it lies within the
bounds beside it with 95 %, if what was tried was drawn at random.
"""

import argparse
import ast
import json
import math
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import NamedTuple

LEFT = Path("mutants")
AT_ONCE = 250
NOTICED, UNNOTICED, UNTOUCHED, UNTRIED, REFUSED, SAME = (
    "noticed", "unnoticed", "no test", "not tried", "refused", "same",
)  # fmt: skip
COLUMNS = (NOTICED, UNNOTICED, UNTOUCHED, UNTRIED, REFUSED, SAME)
_FAILED = (1, 3)  # a test failed, or pytest itself did
_TIMED_OUT = (24, -24, 36, 152)
_CRASHED = (-9, -11)
_WORDS = {
    **dict.fromkeys((*_FAILED, *_TIMED_OUT, *_CRASHED), NOTICED),
    0: UNNOTICED,
    5: UNTOUCHED,
    33: UNTOUCHED,
    37: REFUSED,
}
"""By mutmut's codes; any other (interrupted, suspicious, lost: 255) says nothing of the tests."""
_SQL = re.compile(
    r'f?"(?:select|insert|values|update|delete|pragma|begin|order|where|on|set|from)\b',
    re.IGNORECASE,
)
_VALUE = re.compile(r"'[^']*'")


class Module(NamedTuple):
    """What became of each fault in a module, by the fault's name."""

    name: str
    fates: dict[str, str]

    @property
    def counts(self) -> Counter[str]:
        """How many met with each fate."""
        return Counter(self.fates.values())


def main() -> None:
    """Prints the table, and after it what went unnoticed."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--plant", nargs="*", metavar="ROOM", help="plant faults first")
    parser.add_argument("--retry", action="store_true", help="but for what was noticed before")
    parser.add_argument("--sample", type=int, metavar="N", help="so many of each package alone")
    parser.add_argument("--seed", type=int, default=1, help="by which they are drawn (1)")
    parser.add_argument("--survivors", action="store_true", help="show the unnoticed as changes")
    parser.add_argument("--children", type=int, default=os.cpu_count(), help="tried at a time")
    args = parser.parse_args()
    if args.plant is not None:
        if args.sample:
            draw(args.sample, args.seed, args.children)
        else:
            plant(args.plant, args.children, again=args.retry)
    modules = sorted(read())
    if not modules:
        sys.exit("There is nothing in mutants/: run `make mutants`.")
    print(line("module", "score", *COLUMNS))
    print(line("---", *["---"] * (1 + len(COLUMNS))))
    for module in modules:
        print(row(module.name, module.counts))
    for package in packages():
        print(row(f"all of {package}", sum((one.counts for one in inside(package)), Counter())))
    for module in modules:
        for name, fate in module.fates.items():
            if fate in {UNNOTICED, UNTOUCHED}:
                print(
                    "\n".join([f"{fate}: {name}", *(changes(module.name, name) * args.survivors)])
                )


def rooms(names: list[str]) -> list[str]:
    """Patterns for all faults of some rooms; none where no room is named, which stands for all."""
    return [f"gateway.*.{name}.*" for name in names]


def packages() -> list[str]:
    """In which faults were planted."""
    return sorted({one.name.rpartition("/")[0] for one in read()})


def inside(package: str) -> list[Module]:
    """The modules of a package, by name."""
    return sorted(one for one in read() if one.name.rpartition("/")[0] == package)


def fates(package: str) -> dict[str, str]:
    """What became of each fault in a package."""
    return {name: met for one in inside(package) for name, met in one.fates.items()}


def left(names: list[str], fates: set[str]) -> list[str]:
    """The faults in some rooms, or in all, that met with such fates."""
    chosen = [one for one in read() if not names or one.name.rpartition("/")[2] in names]
    return [name for one in chosen for name, fate in one.fates.items() if fate in fates]


def plant(names: list[str], children: int, *, again: bool) -> None:
    """Plants faults in some rooms, or in all; where `again`, those alone that were not noticed.

    mutmut's server, from which each try is forked, gives up after some hundred: what it lost is
    tried anew, a few hundred at a time, as long as that leaves fewer.
    """
    if not names and not again:
        shutil.rmtree(LEFT, ignore_errors=True)
    faults = left(names, {UNNOTICED, UNTOUCHED, UNTRIED}) if again else rooms(names)
    if not again:
        run(faults, children)
        faults = left(names, {UNTRIED})
    before = math.inf
    while 0 < len(faults) < before:
        before = len(faults)
        for begin in range(0, len(faults), AT_ONCE):
            run(faults[begin : begin + AT_ONCE], children)
        faults = left(names, {UNTRIED})


def draw(size: int, seed: int, children: int) -> None:
    """Plants some of each package's faults, drawn at random from those that mypy does not refuse.

    Faults have names once mutmut has been run for any of them.
    """
    shutil.rmtree(LEFT, ignore_errors=True)
    run(rooms(["channel"]), children)
    chance = Random(seed)  # noqa: S311 - no secret  # nosec B311 # the same
    for package in packages():
        open_to_all = sorted(name for name, met in fates(package).items() if met != REFUSED)
        drawn = chance.sample(open_to_all, min(size, len(open_to_all)))
        while drawn:
            now, drawn = drawn[:AT_ONCE], drawn[AT_ONCE:]
            run(now, children)
            lost = [name for name in now if fates(package)[name] == UNTRIED]
            drawn += lost * (len(lost) < len(now))  # its server gave up, as above


def run(faults: list[str], children: int) -> None:
    """Runs mutmut for faults of these names, or for all where none is named.

    The journals of the tests stand in memory where the machine has a folder there: to wait for a
    disk would take three quarters of the time. A test that hangs is given up after half a minute.
    """
    memory = Path("/dev/shm")  # noqa: S108 - a folder of our own in it  # nosec B108 # the same
    programs = Path(sys.executable).parent  # mutmut looks for mypy on the path
    command = [str(programs / "mutmut"), "run", "--max-children", str(children), *faults]
    # A test of a full disk that is killed at work leaves its disk mounted there.
    with TemporaryDirectory(
        dir=memory if memory.is_dir() else None, ignore_cleanup_errors=True
    ) as folder:
        path = f"{programs}{os.pathsep}{os.environ['PATH']}"
        environment = {**os.environ, "PATH": path, "TMPDIR": folder, "PYTEST_TIMEOUT": "30"}
        subprocess.run(command, env=environment, check=True)  # nosec B603 # a command of our own
    print()


def read() -> Iterator[Module]:
    """What `mutmut run` left of each module in which there is anything to change."""
    for left in LEFT.rglob("*.py.meta"):
        codes = json.loads(left.read_text())["exit_code_by_key"]
        module = str(left.relative_to(LEFT)).removesuffix(".py.meta")
        if codes:
            yield Module(module, {name: fate(module, name, code) for name, code in codes.items()})


def fate(module: str, name: str, code: int | None) -> str:
    """What became of a fault, by how its tests ended; a test that hangs or crashes notices it."""
    word = UNTRIED if code is None else _WORDS.get(code, UNTRIED)
    return SAME if word == UNNOTICED and is_same(changes(module, name)) else word


def is_same(changed: list[str]) -> bool:
    """Whether a change is of capitals alone, in SQL, and not in a value that stands in it."""
    texts = [text[1:] for text in changed]
    alike = len({(text.lower(), *_VALUE.findall(text)) for text in texts}) == 1
    return alike and all(map(_SQL.search, texts))


def changes(module: str, name: str) -> list[str]:
    """The lines that a fault takes out and puts in, with - and + before them."""
    function = name.rpartition(".")[2]
    own, _, _ = function.rpartition("__mutmut_")
    before, after = (functions(module)[one] for one in (f"{own}__mutmut_orig", function))
    return [f"-{text}" for text in before if text not in after] + [
        f"+{text}" for text in after if text not in before
    ]


@cache
def functions(module: str) -> dict[str, list[str]]:
    """The lines of each function in a module, also of the copies with faults, without its name."""
    text = (LEFT / f"{module}.py").read_text("utf-8")
    lines = text.splitlines()
    return {
        one.name: [
            text.strip().replace(f"{one.name}(", "(")
            for text in lines[one.lineno - 1 : one.end_lineno]
        ]
        for one in ast.walk(ast.parse(text))
        if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef)
    }


def row(name: str, counts: Counter[str]) -> str:
    """A line of the table. A fault to which no test comes counts against the score."""
    tried = counts[NOTICED] + counts[UNNOTICED] + counts[UNTOUCHED]
    score = f"{100 * counts[NOTICED] / tried:.1f} %" if tried else "-"
    if tried and counts[UNTRIED]:
        low, high = bounds(counts[NOTICED], tried)
        score += f" ({100 * low:.0f} to {100 * high:.0f})"
    return line(name, score, *(str(counts[one]) for one in COLUMNS))


def bounds(hits: int, tries: int) -> tuple[float, float]:
    """Wilson's interval of 95 % for a share, from 0 to 1."""
    z, share = 1.96, hits / tries
    middle, wide = (
        share + z * z / (2 * tries),
        z * math.sqrt(share * (1 - share) / tries + (z / 2 / tries) ** 2),
    )
    return (middle - wide) / (1 + z * z / tries), (middle + wide) / (1 + z * z / tries)


def line(name: str, *cells: str) -> str:
    """A row of the table in `docs/test-quality.md`."""
    return f"| {' | '.join([name, *cells])} |"


if __name__ == "__main__":
    main()
