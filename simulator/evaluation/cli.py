"""`telecare-simulator evaluate`: measure the detectors on recordings of real homes.

Homes are split in five. What the detectors believe of people in general, and how cautious each
must be to keep its budget of false alerts, is learned on four parts and tried on the fifth,
through the hub's own engine, on episodes that are written into the events.
"""

import argparse
import json
import os
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from simulator.arguments import positive, recording_to_read
from simulator.evaluation.homes import long_enough, read_homes
from simulator.evaluation.plan import NAMES, Found, Wanted, evaluate, learn_on_all
from simulator.evaluation.report import as_markdown
from simulator.evaluation.results import as_json, as_python
from simulator.files import write_whole

EPILOG = """\
examples
  telecare-simulator import tihm DATA/tihm --out tihm.jsonl.gz
  telecare-simulator import kettle DATA/kettle --out kettle.jsonl.gz
  telecare-simulator evaluate tihm.jsonl.gz kettle.jsonl.gz --out evaluation
  telecare-simulator evaluate tihm.jsonl.gz --subject uti_risk --quick
  telecare-simulator evaluate tihm.jsonl.gz kettle.jsonl.gz --learn detectors/learned.py
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
        help="write report.md and results.json into this folder; without it the tables are printed",
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
    parser.add_argument("--seed", type=int, default=1, help="where chance comes from (default: 1)")
    parser.add_argument(
        "--jobs",
        type=positive,
        default=os.cpu_count() or 1,
        help="processes (default: one for each core)",
    )


def run(args: argparse.Namespace) -> int:
    """Measures, or learns."""
    homes, bad = read_homes(args.recordings)
    if bad:
        print(f"{bad} lines were no events and are left out", file=sys.stderr)
    homes = long_enough(homes)
    if not homes:
        print("no home in the recordings has three weeks of events", file=sys.stderr)
        return 1
    with ProcessPoolExecutor(args.jobs) as pool:
        if args.learn:
            write_whole(args.learn, as_python(learn_on_all(homes, pool)))
            return 0
        found = evaluate(homes, Wanted(args.subject or NAMES, args.seed, args.quick), pool)
    _write(found, args)
    return 0


def _write(found: Found, args: argparse.Namespace) -> None:
    markdown = as_markdown(found.results, found.decoys)
    if not args.out:
        print(markdown)
        return
    about = {
        "recordings": [path.name for path in args.recordings],
        "seed": args.seed,
        "quick": args.quick,
    }
    document = as_json(found.results, found.decoys, found.parameters, about)
    args.out.mkdir(parents=True, exist_ok=True)
    write_whole(args.out / "results.json", json.dumps(document, indent=1) + "\n")
    write_whole(args.out / "report.md", markdown)
    print(f"wrote {args.out}/report.md and {args.out}/results.json")
