"""`telecare-simulator realism`: compare made-up homes with recordings of real ones.

Both sides are seen alike: as activations of motion in five rooms and of three doors, on whole local
days. Each measure is a figure of a home; its distribution over made-up homes is set against that
over real ones. Then a learner tries to tell made-up days from real ones in homes that it has not
seen: AUC 0.5 means that it cannot, 1 that it always can.
"""

import argparse
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from contract.extras import extra
from simulator.arguments import positive, recording_to_read
from simulator.files import write_whole
from simulator.progress import Progress
from simulator.realism.calibration import calibration_homes
from simulator.realism.hearing import Heard
from simulator.realism.observed import observe_real, observe_simulated
from simulator.realism.page import keep_pictures, put_results
from simulator.realism.reading import heard_in

if TYPE_CHECKING:
    from simulator.realism.report import Report

_EPILOG = """\
what the columns say
  real        median of the real homes (quartiles)
  made up     median of the made-up homes; "in" where it lies within the real quartiles
  unseen      the same against the real homes that calibration never saw
  apart       area between both distributions over the real interquartile range (95 % interval):
              0 is alike, 1 is one interquartile range apart
  chance      how far apart they lie where labels are dealt at random
  KS, p       greatest difference of the distributions; share of random labels that differ as much

examples
  telecare-simulator import tihm DATA/tihm --out tihm.jsonl.gz
  telecare-simulator generate --homes 40 --days 60 --start 2019-04-01 --out street.jsonl.gz
  telecare-simulator realism --tihm tihm.jsonl.gz --simulated street.jsonl.gz
  telecare-simulator realism --tihm tihm.jsonl.gz --simulated street.jsonl.gz --calibrating
  telecare-simulator realism --tihm tihm.jsonl.gz --kettle kettle.jsonl.gz \\
      --ordonez ordonez.jsonl.gz --simulated street.jsonl.gz --out realism --check

Made-up people as they are have been fitted to all homes of TIHM: what is found shows a fit, and no
test. Whoever fits to half of the homes alone (--calibrated-on half: every other in order of name)
learns from the others whether made-up homes are like real ones, or like those they were fitted to.
"""


_SOME: dict[str, Callable[[list[str]], list[str]]] = {
    "all": lambda names: names,
    "half": calibration_homes,
    "none": lambda _: [],
}


def configure(parser: argparse.ArgumentParser) -> None:
    """Describes the command's arguments."""
    parser.description = __doc__
    parser.epilog = _EPILOG
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    for name, what in (
        ("tihm", "real rooms, doors and rhythms"),
        ("kettle", "real kettles (REFIT, UK-DALE)"),
        ("ordonez", "real flushes and beds"),
    ):
        parser.add_argument(f"--{name}", type=recording_to_read, metavar="FILE", help=what)
    parser.add_argument(
        "--simulated", type=recording_to_read, metavar="FILE", required=True, help="made-up homes"
    )
    parser.add_argument(
        "--out", type=Path, metavar="DIR", help="write realism.md, realism.json and pictures there"
    )
    parser.add_argument(
        "--into",
        type=Path,
        metavar="PAGE",
        help="write the results behind the line <!-- results --> of this Markdown page",
    )
    parser.add_argument(
        "--calibrated-on",
        metavar="NAMES",
        help="real homes fitted to: names with commas, a file with one a line, half, none or all; "
        "all by default, or half while --calibrating",
    )
    parser.add_argument(
        "--calibrating",
        action="store_true",
        help="quick, and without a look at the homes that calibration must not see",
    )
    parser.add_argument(
        "--check",
        action="store_true",
        help="end with 1 where a measure lies outside or the AUC above the bound, naming each, or "
        "where there is too little to judge",
    )
    parser.add_argument(
        "--most-auc", type=_auc, default=0.75, metavar="AUC", help="bound of --check (0.75)"
    )
    parser.add_argument(
        "--seed", type=positive, default=1, help="where chance comes from (default: 1)"
    )


def _auc(text: str) -> float:
    """A bound that an AUC can lie above."""
    try:
        value = float(text)
    except ValueError:
        value = -1
    if not 0 <= value <= 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no AUC: from 0 to 1")
    return value


def run(args: argparse.Namespace) -> int:
    """Compares, and says what came of it."""
    with extra("realism"):
        return _run(args)


def _run(args: argparse.Namespace) -> int:
    from simulator.realism.assess import (  # noqa: PLC0415 - needs the extra
        FULL,
        QUICK,
        assess,
        steps,
    )
    from simulator.realism.report import failures  # noqa: PLC0415 - as above
    from simulator.realism.text import as_text  # noqa: PLC0415 - as above

    heard = {name: heard_in(getattr(args, name)) for name in ("tihm", "kettle", "ordonez")}
    made_up = heard_in(args.simulated)
    if not made_up:
        return _refuse(f"{args.simulated} holds no home")
    if not any(heard.values()):
        return _refuse("name a recording of real homes by --tihm, --kettle or --ordonez")
    try:
        given = args.calibrated_on or ("half" if args.calibrating else "all")
        seen = _calibrated_on(given, heard["tihm"])
        # Is there a place for the results? Before minutes are spent on them.
        if args.into:
            put_results(args.into.read_text(), "")
        if args.out:
            args.out.mkdir(parents=True, exist_ok=True)
    except (OSError, ValueError) as error:
        return _refuse(str(error))
    depth = QUICK if args.calibrating else FULL
    with Progress("comparing", steps(depth), unit="steps") as progress:
        report = assess(
            observe_real(**heard),
            observe_simulated(made_up),
            calibrated_on=seen,
            depth=depth,
            seed=args.seed,
            advance=progress.advance,
        )
    print(as_text(report), end="")
    try:
        _write(report, args)
    except (OSError, ValueError) as error:
        return _refuse(str(error))
    found = failures(report, args.most_auc) if args.check else []
    for sentence in found:
        print(sentence, file=sys.stderr)
    return 1 if found else 0


def _write(report: "Report", args: argparse.Namespace) -> None:
    """The report as files, and on a page of the documentation."""
    from simulator.realism.figures import draw  # noqa: PLC0415 - needs the extra
    from simulator.realism.text import as_markdown  # noqa: PLC0415 - as above

    if args.out:
        names = draw(report, args.out)
        write_whole(args.out / "realism.md", as_markdown(report, names))
        document = msgspec.json.format(msgspec.json.encode(report), indent=1)
        write_whole(args.out / "realism.json", document + b"\n")
        print(f"wrote {args.out / 'realism.md'}, realism.json and {len(names)} pictures")
    if args.into:
        images = args.into.parent / "images"
        images.mkdir(exist_ok=True)
        names = [f"images/{name}" for name in keep_pictures(images, draw(report, images))]
        write_whole(args.into, put_results(args.into.read_text(), as_markdown(report, names)))
        print(f"wrote the results into {args.into}")


def _calibrated_on(text: str, tihm: Iterable[Heard]) -> list[str]:
    names = [home.name for home in tihm]
    if text in _SOME:
        return _SOME[text](names)
    given = Path(text).read_text().split() if Path(text).is_file() else text.split(",")
    if strangers := set(given) - set(names):
        raise ValueError(f"--calibrated-on: no home of TIHM is called {min(strangers)}")
    return given


def _refuse(reason: str) -> int:
    print(f"telecare-simulator realism: {reason}", file=sys.stderr)
    return 2
