"""`telecare-simulator evaluate`: measure the detectors on recordings of real homes.

Homes are split in five. What the detectors believe of people in general, and how cautious each
must be to keep its budget of false alerts, is learned on four parts and tried on the fifth,
through the hub's own engine, on episodes that are written into the events.
"""

import argparse
import json
import os
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from simulator.arguments import positive, recording_to_read
from simulator.evaluation.agitation import predict, read_notes
from simulator.evaluation.blocks import as_markdown
from simulator.evaluation.cards import FIGURES, Figures, figures_of, write_figures
from simulator.evaluation.cards import blocks as card_blocks
from simulator.evaluation.document import as_json
from simulator.evaluation.floors.registry import missing
from simulator.evaluation.homes import long_enough, read_homes
from simulator.evaluation.page import as_html
from simulator.evaluation.plan import NAMES, Found, Wanted, evaluate, learn_on_all
from simulator.evaluation.pool import NoClusterError, pool
from simulator.evaluation.report import blocks
from simulator.evaluation.results import as_python
from simulator.files import write_whole
from simulator.realism.page import MARK, put_results

TITLE = "What the detectors reach"
EPILOG = """\
examples
  telecare-simulator import tihm DATA/tihm --out tihm.jsonl.gz
  telecare-simulator import kettle DATA/kettle --out kettle.jsonl.gz
  telecare-simulator evaluate tihm.jsonl.gz kettle.jsonl.gz --out evaluation
  telecare-simulator evaluate tihm.jsonl.gz --subject uti_risk --quick
  telecare-simulator evaluate tihm.jsonl.gz kettle.jsonl.gz --learn detectors/learned.py
  telecare-simulator evaluate tihm.jsonl.gz kettle.jsonl.gz --out evaluation \\
      --page docs/evidence.md --cards detectors/cards
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Adds the arguments."""
    parser.description = __doc__
    parser.epilog = EPILOG
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument(
        "recordings", nargs="+", type=recording_to_read, metavar="RECORDING", help="to measure on"
    )
    parser.add_argument(
        "--out",
        type=Path,
        metavar="DIR",
        help="write report.md, report.html and results.json into this folder; without it, print",
    )
    parser.add_argument(
        "--page",
        type=Path,
        metavar="FILE",
        help="put the report into this page of the documentation, behind its mark",
    )
    parser.add_argument(
        "--cards",
        type=Path,
        metavar="DIR",
        help=f"write the figures of the model cards as {FIGURES} into this folder",
    )
    parser.add_argument(
        "--agitation",
        type=Path,
        metavar="LABELS",
        help="labels.csv of TIHM: also predict agitation in the next six hours",
    )
    parser.add_argument(
        "--learn",
        type=Path,
        metavar="FILE",
        help="instead of measuring, learn the parameters on all the homes and write them as Python",
    )
    parser.add_argument(
        "--subject",
        action="append",
        metavar="NAME",
        choices=NAMES,
        help=f"run this contest alone (may be given again): {', '.join(NAMES)}",
    )
    parser.add_argument(
        "--quick",
        action="store_true",
        help="few episodes and three severities: for a first look, not for publishing",
    )
    parser.add_argument(
        "--as-shipped",
        action="store_true",
        help="learn nothing: judge with the parameters in use, though they were learned on all "
        "homes; for a first look, not for publishing",
    )
    parser.add_argument(
        "--seed", type=positive, default=1, help="where chance comes from (default: 1)"
    )
    parser.add_argument(
        "--jobs",
        type=positive,
        default=os.cpu_count() or 1,
        help="processes (default: one for each core)",
    )
    parser.add_argument(
        "--scheduler",
        metavar="ADDRESS",
        help="work on a Dask cluster instead, such as tcp://10.0.0.5:8786",
    )


def run(args: argparse.Namespace) -> int:
    """Measures, or learns."""
    if sentence := _refusal(args):  # before the work, not after it
        print(sentence, file=sys.stderr)
        return 2
    homes, bad = read_homes(args.recordings)
    if bad:
        print(f"{bad} lines were no events and are left out", file=sys.stderr)
    homes = long_enough(homes)
    if not homes:
        print("no home in the recordings has three weeks of events", file=sys.stderr)
        return 1
    for name in missing():
        print(f"a floor is left out: install telecare[realism] for {name}", file=sys.stderr)
    try:
        with pool(args.jobs, args.scheduler) as executor:
            if args.learn:
                write_whole(args.learn, as_python(learn_on_all(homes, executor)))
                return 0
            wanted = Wanted(args.subject or NAMES, args.seed, args.quick, args.as_shipped)
            found = evaluate(homes, wanted, executor)
    except NoClusterError as error:
        print(error, file=sys.stderr)
        return 1
    if args.agitation:
        notes = read_notes(args.agitation)
        found = found._replace(agitation=predict(homes, notes, args.seed))
    _write(found, args)
    return 0


def _refusal(args: argparse.Namespace) -> str:
    """Why the work would be for nothing; empty where it would not."""
    if args.page and not (args.page.is_file() and MARK in args.page.read_text()):
        return f"{args.page} is no page with the line {MARK.strip()}, behind which results are put"
    if args.cards and not args.cards.is_dir():
        return f"{args.cards} is no folder to write {FIGURES} into"
    if args.out and args.out.exists() and not args.out.is_dir():
        return f"{args.out} is no folder to write the report into"
    if args.agitation:
        try:
            read_notes(args.agitation)
        except (OSError, KeyError) as error:
            return f"{args.agitation} is no labels.csv of TIHM: {error}"
    return ""


def _write(found: Found, args: argparse.Namespace) -> None:
    about: dict[str, Any] = {
        "recordings": [path.name for path in args.recordings],
        "seed": args.seed,
        "quick": args.quick,
        "as_shipped": args.as_shipped,
    }
    document = as_json(found, about)
    figures = figures_of(found.results, about, document)
    markdown = as_markdown([*blocks(found), *card_blocks(figures)])
    if args.out:
        args.out.mkdir(parents=True, exist_ok=True)
        write_whole(args.out / "results.json", json.dumps(document, indent=1) + "\n")
        write_whole(args.out / "report.md", markdown)
        write_whole(args.out / "report.html", _page(found, figures))
        print(f"wrote report.md, report.html and results.json into {args.out}")
    if args.page:
        write_whole(args.page, put_results(args.page.read_text(), markdown))
        print(f"put the results into {args.page}")
    if args.cards:
        write_figures(figures, args.cards)
        print(f"wrote {args.cards / FIGURES}")
    if not (args.out or args.page or args.cards):
        print(markdown)


def _page(found: Found, figures: Figures) -> str:
    words = f"Measured on {', '.join(figures.about['recordings'])}, seed {figures.about['seed']}."
    parts = [*blocks(found, drawn=_can_draw()), *card_blocks(figures)]
    return as_html(TITLE, words, parts)


def _can_draw() -> bool:
    """Whether there is matplotlib; says so where there is none."""
    if find_spec("matplotlib"):
        return True
    print("the page has no pictures: install telecare[realism] to have them", file=sys.stderr)
    return False
