"""`python -m tests.benchmarks`: measures, and prints a table.

Figures are CPU time, as others may use the machine; the quickest of three tries counts. Ratios to
what a peer takes in the same run say more than any figure by itself.
"""

import argparse
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.benchmarks import console, hub, latency, offline, one_core, throughput
from tests.benchmarks.table import Row, table
from tests.support.broker import Mosquitto
from tests.support.program import run

SEED, HOMES, DAYS = 1, 6, 90


def main() -> None:
    """Measures what was asked for."""
    args = _arguments()
    with TemporaryDirectory(prefix="telecare-benchmark-") as name:
        folder = Path(name)
        os.environ["PYTHONDONTWRITEBYTECODE"] = ""  # programs keep theirs, as where installed
        recording = args.recording or _made_up(folder)
        found = []
        for row in _rows(args, recording, folder):
            sys.stderr.write(f"{row.what}: {row.figure}\n")
            found.append(row)
    sys.stdout.write(f"{table(found)}\n")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument(
        "recording", nargs="?", type=Path, help=f"(made up: {HOMES} homes, {DAYS} days)"
    )
    parser.add_argument(
        "--only",
        choices=("core", "hub", "throughput", "latency", "offline", "console"),
        help="measure no more than this",
    )
    return parser.parse_args()


def _rows(args: argparse.Namespace, recording: Path, folder: Path) -> Iterator[Row]:
    if args.only in {None, "core"}:
        before = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else None
        if before:
            os.sched_setaffinity(0, {max(before)})
        yield from one_core.rows(recording, folder)
        if before:
            os.sched_setaffinity(0, before)
    if args.only != "core":
        broker = Mosquitto(folder / "broker")
        broker.start()
        try:
            yield from _with_broker(args.only, broker, recording, folder)
        finally:
            broker.stop()


def _with_broker(
    only: str | None, broker: Mosquitto, recording: Path, folder: Path
) -> Iterator[Row]:
    if only in {None, "hub"}:
        yield from hub.rows(broker, folder)
    if only in {None, "throughput"}:
        yield from throughput.rows(broker, recording, folder)
    if only in {None, "latency"}:
        yield from latency.rows(broker, folder)
    if only in {None, "offline"}:
        yield from offline.rows(broker, folder / "offline")
    if only in {None, "console"}:
        yield from console.rows(broker, folder / "console")


def _made_up(folder: Path) -> Path:
    recording = folder / "homes.jsonl"
    run(
        "telecare-simulator", "generate", "--homes", str(HOMES), "--days", str(DAYS),
        "--seed", str(SEED), "--start", "2026-01-01", "--out", recording,
    )  # fmt: skip
    return recording


if __name__ == "__main__":
    main()
