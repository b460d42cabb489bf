"""`telecare-simulator evaluate`: measure the detectors on recordings of real homes.

Homes are split in five. What the detectors believe of people in general, and how cautious each
must be to keep its budget of false alerts, is learned on four parts and tried on the fifth,
through the hub's own engine, on episodes that are written into the events.
"""

import argparse
import json
import os
import sys
from collections.abc import Iterable, Mapping
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from detectors.parameters import Parameters
from simulator.arguments import positive, recording_to_read
from simulator.evaluation.contest import Task, pack
from simulator.evaluation.courses import FULL, QUICK
from simulator.evaluation.homes import Homes, folds, long_enough, outages, read_homes
from simulator.evaluation.measures import RESAMPLES
from simulator.evaluation.parallel import contest, learn, learn_by_fold, usual_by_home
from simulator.evaluation.report import as_markdown
from simulator.evaluation.results import Results, as_json, as_python, collect
from simulator.evaluation.subjects import SUBJECTS, Subject
from simulator.files import write_whole

QUICK_RESAMPLES = 200
_NAMES = [subject.name for subject in SUBJECTS]
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
        choices=_NAMES,
        help=f"run this contest alone (may be given again): {', '.join(_NAMES)}",
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
    failed = outages(homes)
    packed = {home: pack(events) for home, events in homes.items()}
    subjects = [one for one in SUBJECTS if not args.subject or one.name in args.subject]
    with ProcessPoolExecutor(args.jobs) as pool:
        if args.learn:
            usual = usual_by_home(packed, pool)
            write_whole(args.learn, as_python(learn(packed, usual, failed, pool)))
            return 0
        conditions = sorted({subject.condition for subject in subjects})
        parameters = learn_by_fold(folds(homes, args.seed), packed, failed, pool, conditions)
        effort = QUICK if args.quick else FULL
        tasks = [
            Task(home, packed[home], subject, failed, parameters[home], args.seed, effort)
            for home, subject in _contests(homes, subjects)
        ]
        resamples = QUICK_RESAMPLES if args.quick else RESAMPLES
        results = collect(contest(tasks, pool), args.seed, resamples)
    _write(results, parameters, args)
    return 0


def _contests(homes: Homes, subjects: Iterable[Subject]) -> list[tuple[str, str]]:
    """Which home takes part in which contest."""
    return [
        (home, subject.name)
        for subject in subjects
        for home, events in homes.items()
        if subject.fits(events)
    ]


def _write(
    results: Results, parameters: Mapping[str, Parameters], args: argparse.Namespace
) -> None:
    markdown = as_markdown(results)
    if not args.out:
        print(markdown)
        return
    about = {
        "recordings": [path.name for path in args.recordings],
        "seed": args.seed,
        "quick": args.quick,
    }
    document = as_json(results, parameters, about)
    args.out.mkdir(parents=True, exist_ok=True)
    write_whole(args.out / "results.json", json.dumps(document, indent=1) + "\n")
    write_whole(args.out / "report.md", markdown)
    print(f"wrote {args.out}/report.md and {args.out}/results.json")
