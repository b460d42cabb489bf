"""`python -m simulator.realism.fit`: fit the population of made-up homes to real ones.

People and their homes differ by traits, each with a middle and a sigma
(simulator/living/population.py). Streets of that population are lived, then streets in which one
parameter is turned a little, for each parameter, always with the same chance. What each does to
the measures and days of the realism report says where to go: a step of Gauss and Newton, kept only
where made-up homes come nearer to real ones.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from contract.extras import extra
from simulator.arguments import day, positive, recording_to_read
from simulator.progress import Progress
from simulator.realism.fit.lived import Streets
from simulator.realism.fit.source import rewrite, rewritten
from simulator.realism.fit.traits import Knobs, Population, present
from simulator.realism.homes import LEAST_DAYS
from simulator.realism.reading import heard_in

if TYPE_CHECKING:
    from simulator.realism.fit.fitting import Fitting
    from simulator.realism.fit.newton import At

_PROG = "python -m simulator.realism.fit"
_EPILOG = f"""\
what it looks at
  Every other home of TIHM in order of name, the first included, and never at the rest: these are
  for judging what came of it, by `telecare-simulator realism --calibrated-on half`. --all looks at
  every home; nothing is left to judge by then.

what is luck
  The same people live otherwise by another chance, and their loss differs by a tenth or so. "In
  other streets" is by seeds that nothing was fitted to: what falls there too is no luck. More
  --seeds make less of it. "By chance" is what loss as many made-up homes have, taken for the real
  ones, against the others of their own street: who comes below that has no more to fit.

how long it takes
  A step lives two parameters a trait, and five proposals. With what is asked for by default that is
  more than a hundred times 80 homes for 44 days: a quarter of an hour or so on one core, half of it
  with --workers 2. --only a few traits takes seconds or minutes.

examples
  telecare-simulator import tihm DATA/tihm --out tihm.jsonl.gz
  {_PROG} --tihm tihm.jsonl.gz --into simulator/living/population.py
  {_PROG} --tihm tihm.jsonl.gz --kettle kettle.jsonl.gz --steps 3 --workers 2
  {_PROG} --tihm tihm.jsonl.gz --only pace,pausing,pause_s --homes 20 --seeds 11

It ends with 0 where the loss fell, 1 where no step made it fall (then nothing is written), and 2
where it could not be tried.
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Fits, tells what came of it, and writes it where that is asked for."""
    args = _parser().parse_args(argv)
    with extra("realism"):
        from simulator.realism.fit.fitting import Fitting, rounds  # noqa: PLC0415 - needs the extra
        from simulator.realism.fit.fresh import WorkError  # noqa: PLC0415 - as above

        try:
            population = present()
            knobs = Knobs.of(population, args.only)
            if args.into:
                rewritten(args.into.read_text("utf-8"), population)  # or fail now, not in an hour
            tihm, kettle = heard_in(args.tihm), heard_in(args.kettle)
            with Progress("fitting", rounds(knobs, args.steps), unit="steps") as progress:
                fitting = Fitting(
                    tihm,
                    kettle,
                    streets=Streets(
                        seeds=args.seeds,
                        homes=args.homes,
                        days=args.days,
                        start=args.start.timestamp(),
                    ),
                    every=args.all,
                    workers=args.workers,
                    advance=progress.advance,
                )
                return _fit(fitting, knobs, population, args)
        except (OSError, ValueError, WorkError) as error:
            print(f"{_PROG}: {error}", file=sys.stderr)
            return 2


def _fit(fitting: "Fitting", knobs: Knobs, population: Population, args: argparse.Namespace) -> int:
    print(f"fitted to {len(fitting.homes)} real homes: {', '.join(fitting.homes)}")
    before = here = fitting.start(population)
    print(_told("before", here, fitting), flush=True)
    for number, there in enumerate(fitting.steps(here, knobs, args.steps), start=1):
        here = there
        print(f"step {number}: loss {here.loss:.2f}", flush=True)
        if args.into:
            rewrite(args.into, here.point)
    if here is before:
        print("no step made the loss fall: nothing is changed")
        return 1
    print(_told("after", here, fitting))
    print("\n".join(_changes(before.point, here.point)))
    if args.into:
        print(f"wrote what changed into {args.into}")
    return 0


def _told(when: str, at: "At[Population]", fitting: "Fitting") -> str:
    elsewhere, chance, report = fitting.judge(at.point)
    rows, verdict = report.all.rows, report.all.verdict
    auc = "no learner was asked" if verdict is None else f"AUC {verdict.auc:.2f}"
    lucky = "" if chance is None else f" (by chance {chance:.2f})"
    return (
        f"{when}: loss {at.loss:.2f}; in other streets {elsewhere:.2f}{lucky}, where "
        f"{sum(row.inside for row in rows)} of {len(rows)} medians lie within the real quartiles; "
        f"{auc}"
    )


def _changes(before: Population, after: Population) -> Iterator[str]:
    for key, old in before.items():
        new = after[key]
        if new != old:
            yield (
                f"  {key.table}[{key.name!r}]: middle {old.middle:g} to {new.middle:g}, "
                f"sigma {old.sigma:g} to {new.sigma:g}"
            )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=_PROG,
        description=__doc__,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("--tihm", type=recording_to_read, metavar="FILE", required=True, help="real homes")
    add("--all", action="store_true", help="fit to every home of TIHM, not to half of them")
    add("--kettle", type=recording_to_read, metavar="FILE", help="real kettles; none by default")
    add("--homes", type=positive, default=40, metavar="N", help="made-up homes of a street (40)")
    add("--days", type=_days, default=44, metavar="D", help="that they are lived in (44)")
    add("--start", type=day, default="2019-04-29", metavar="DATE", help="first day (2019-04-29)")
    add("--seeds", type=_seeds, default=(11, 12), metavar="S,S", help="one street each (11,12)")
    add("--steps", type=positive, default=1, metavar="N", help="at most so many (1)")
    add("--only", type=_names, default=(), metavar="NAME,NAME", help="these traits (all)")
    add("--workers", type=positive, default=1, metavar="N", help="processes (1)")
    add("--into", type=Path, metavar="MODULE", help="write the numbers there, after each step")
    return parser


def _names(text: str) -> tuple[str, ...]:
    return tuple(text.split(","))


def _seeds(text: str) -> tuple[int, ...]:
    return tuple(positive(part) for part in text.split(","))


def _days(text: str) -> int:
    """The first and the last day of a home do not count."""
    days = positive(text)
    if days < LEAST_DAYS + 2:
        raise argparse.ArgumentTypeError(f"homes are told by {LEAST_DAYS + 2} days or more")
    return days
