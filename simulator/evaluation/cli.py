"""`telecare-simulator evaluate`: measure the detectors on recordings of real homes.

Homes are split in five. What the detectors believe of people in general, and how cautious each must be
to keep its budget of false alerts, is learned on four parts and tried on the fifth, through the hub's
own engine, on episodes that are written into the events.
"""

import argparse
import json
import os
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path

import msgspec
import numpy as np

from detectors.parameters import Parameters
from simulator.arguments import recording_to_read
from simulator.evaluation.contest import Task, compete, pack, unpack
from simulator.evaluation.homes import Homes, Outage, folds, long_enough, outages, read_homes
from simulator.evaluation.learning import (
    Rates,
    Steps,
    at_steps,
    boldest,
    in_general,
    rates_of,
    usual_of,
)
from simulator.evaluation.measures import HomeResult, summarise
from simulator.evaluation.report import Results, as_json, as_markdown
from simulator.evaluation.subjects import SUBJECTS
from simulator.progress import Progress

EPILOG = """\
examples
  telecare-simulator import tihm DATA/tihm --out tihm.jsonl.gz
  telecare-simulator import kettle DATA/kettle --out kettle.jsonl.gz
  telecare-simulator evaluate tihm.jsonl.gz kettle.jsonl.gz --out evaluation
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
        metavar="NAME",
        help="write NAME.json and NAME.md; without it the tables are printed",
    )
    parser.add_argument(
        "--learn",
        type=Path,
        metavar="FILE",
        help="instead of measuring, learn the parameters on all the homes and write them as Python",
    )
    parser.add_argument(
        "--only",
        action="append",
        metavar="CONDITION",
        choices=sorted({subject.condition for subject in SUBJECTS}),
        help="measure this condition alone (may be given again)",
    )
    parser.add_argument("--seed", type=int, default=1, help="where chance comes from (default: 1)")
    parser.add_argument(
        "--jobs",
        type=int,
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
    packed = {home: pack(events) for home, events in homes.items()}
    failed = outages(homes)
    with ProcessPoolExecutor(args.jobs) as pool:
        if args.learn:
            args.learn.write_text(as_python(learn_all(packed, failed, pool)))
            return 0
        parameters = learn_by_fold(folds(homes, args.seed), packed, failed, pool)
        results = measure(homes, packed, failed, parameters, args, pool)
    write(results, parameters, args)
    return 0


def learn_all(
    packed: Mapping[str, bytes], failed: Sequence[Outage], pool: ProcessPoolExecutor
) -> Parameters:
    """The parameters that all homes together give."""
    usual = in_general(_each(pool, "usual", _usual, packed.items()))

    def try_steps(steps: Steps) -> list[Rates]:
        tasks = [(home, lines, failed, usual, steps) for home, lines in packed.items()]
        return _each(pool, "caution", _rates, tasks)

    return at_steps(boldest(try_steps), usual)


def learn_by_fold(
    parts: Sequence[Sequence[str]],
    packed: Mapping[str, bytes],
    failed: Sequence[Outage],
    pool: ProcessPoolExecutor,
) -> dict[str, Parameters]:
    """For each home the parameters that the homes of the other parts give."""
    found = {}
    for part in parts:
        others = {home: lines for home, lines in packed.items() if home not in part}
        parameters = learn_all(others, failed, pool)
        found.update(dict.fromkeys(part, parameters))
    return found


def measure(
    homes: Homes,
    packed: Mapping[str, bytes],
    failed: Sequence[Outage],
    parameters: Mapping[str, Parameters],
    args: argparse.Namespace,
    pool: ProcessPoolExecutor,
) -> Results:
    """Every contest over every home that fits it."""
    tasks = [
        Task(home, packed[home], subject.name, list(failed), parameters[home], args.seed)
        for subject in SUBJECTS
        if not args.only or subject.condition in args.only
        for home, events in homes.items()
        if subject.fits(events)
    ]
    found: defaultdict[str, defaultdict[str, list[HomeResult]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for subject, results in _each(pool, "contests", _compete, [(task,) for task in tasks]):
        for name, result in results.items():
            found[subject][name].append(result)
    return {
        subject: {
            name: summarise(sorted(some, key=_home), np.random.default_rng(args.seed))
            for name, some in by_name.items()
        }
        for subject, by_name in found.items()
    }


def write(results: Results, parameters: Mapping[str, Parameters], args: argparse.Namespace) -> None:
    """Writes the report, or prints it."""
    markdown = as_markdown(results)
    if not args.out:
        print(markdown)
        return
    about = {"recordings": [path.name for path in args.recordings], "seed": args.seed}
    document = as_json(results, parameters, about)
    args.out.with_suffix(".json").write_text(json.dumps(document, indent=1) + "\n")
    args.out.with_suffix(".md").write_text(markdown)


def as_python(parameters: Parameters) -> str:
    """The parameters as the module that detectors read."""
    caution = "".join(f'        "{k}": {v},\n' for k, v in parameters.caution.items())
    usual = "".join(
        f'        "{k}": Usual({v.level}, {v.dispersion}),\n' for k, v in parameters.usual.items()
    )
    return (
        '"""The parameters in use. Made by `telecare-simulator evaluate --learn`; do not edit."""\n\n'
        "from detectors.parameters import Parameters, Usual\n\n"
        f"LEARNED = Parameters(\n    caution={{\n{caution}    }},\n    usual={{\n{usual}    }},\n)\n"
    )


def _each(pool, title, work, tasks):
    """Does the tasks in parallel, with a progress bar; results in the order of the tasks."""
    tasks = list(tasks)
    with Progress(title, len(tasks), unit="days") as bar:
        futures = [pool.submit(work, *task) for task in tasks]
        for future in as_completed(futures):
            future.result()
            bar.advance()
        return [future.result() for future in futures]


def _usual(home, lines):
    return usual_of(home, unpack(lines))


def _rates(home, lines, failed, usual, steps):
    return rates_of(home, unpack(lines), failed, usual, steps)


def _compete(task):
    return task.subject, compete(task)


def _home(result):
    return result.home
