"""What one core does with a recording: reading, detecting, and the replay command as typed."""

import resource
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import msgspec
from river.anomaly import HalfSpaceTrees

from contract import SensorEvent
from contract.recordings import open_recording, read_recording
from detectors.profile import HomeProfile
from detectors.registry import DETECTORS
from gateway.engine import Engine
from tests.benchmarks.table import Row, rate
from tests.support.program import run

TIMES = 3
"""Each is done so often, and the quickest counts: others use the machine, too."""
FEW = 10_000
"""Events that are enough for a slow peer."""
MOST_CHECKPOINT = 64 * 1024
LEAST_EVENTS = 100_000

T = TypeVar("T")


def rows(recording: Path, folder: Path) -> Iterator[Row]:
    """The figures, as they come."""
    events = list(events_of(recording))
    alone, _ = quickest(lambda: _decoded(recording))
    peer = alone / len(events) * 1e6
    yield Row("msgspec decodes the lines, nothing else", rate(len(events), alone))
    seconds, _ = quickest(lambda: sum(1 for _ in events_of(recording)))
    yield Row("reading: decoded, checked", rate(len(events), seconds, peer), "msgspec alone")
    seconds, engines = quickest(lambda: _detected(events))
    yield Row("engine, all detectors", rate(len(events), seconds, peer), "msgspec alone")
    seconds, _ = quickest(lambda: _half_space_trees(events[:FEW]))
    trees = min(FEW, len(events)), seconds
    seconds, _ = quickest(lambda: _replayed(recording, folder))
    yield Row(
        "telecare-gateway replay, from its start to its end",
        rate(len(events), seconds, peer),
        f"msgspec alone; at least {LEAST_EVENTS:,} a second",
    )
    yield Row("river HalfSpaceTrees, 5 of height 6, one for all", rate(*trees, peer), "")
    largest = max(len(engine.snapshot()) for engine in engines)
    days = (events[-1].at - events[0].at).days + 1
    yield Row(
        f"largest checkpoint of {len(engines)} homes after {days} days",
        f"{largest / 1024:.1f} KiB",
        f"under {MOST_CHECKPOINT // 1024} KiB",
    )


def quickest(work: Callable[[], T]) -> tuple[float, T]:
    """CPU seconds of the quickest of some tries, children's included, and what the last gave."""
    best, found = float("inf"), None
    for _ in range(TIMES):
        before = cpu_seconds()
        found = work()
        best = min(best, cpu_seconds() - before)
    assert found is not None
    return best, found


def cpu_seconds() -> float:
    """Of this process and those that it has waited for."""
    ours = resource.getrusage(resource.RUSAGE_SELF)
    theirs = resource.getrusage(resource.RUSAGE_CHILDREN)
    return ours.ru_utime + ours.ru_stime + theirs.ru_utime + theirs.ru_stime


def events_of(recording: Path) -> Iterator[SensorEvent]:
    """What is recorded, in its order."""
    with open_recording(recording) as lines:
        for item in read_recording(lines):
            assert isinstance(item, SensorEvent), item
            yield item


def _decoded(recording: Path) -> int:
    decode = msgspec.json.Decoder(SensorEvent).decode
    with open_recording(recording) as lines:
        for number, line in enumerate(lines, start=1):  # noqa: B007 - the last is the count
            decode(line)
    return number


def _detected(events: list[SensorEvent]) -> list[Engine]:
    engines: dict[str, Engine] = {}
    for event in events:
        engine = engines.get(event.home)
        if engine is None:
            engine = engines[event.home] = Engine(HomeProfile(home=event.home), DETECTORS)
        engine.process(event)
    return list(engines.values())


def _replayed(recording: Path, folder: Path) -> str:
    alerts, assessments = folder / "alerts.jsonl", folder / "assessments.jsonl"
    done = run(
        "telecare-gateway", "replay", recording, "--force",
        "--alerts", alerts, "--assessments", assessments,
    )  # fmt: skip
    return done.stdout + done.stderr


def _half_space_trees(events: list[SensorEvent]) -> int:
    trees = HalfSpaceTrees(n_trees=5, height=6, seed=1)
    last = events[0].at
    for event in events:
        gap, last = event.at - last, event.at
        x = {"hour": event.at.hour / 24, "gap": min(abs(gap.total_seconds()) / 3600, 1.0)}
        trees.score_one(x)
        trees.learn_one(x)
    return len(events)
