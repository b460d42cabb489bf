"""Runs detectors through the hub's own engine: over a home as recorded, and changed."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from contract import Alert, Assessment, SensorEvent, State
from detectors.moment import Calendar
from detectors.profile import HomeProfile
from gateway.engine import Engine
from gateway.engine.outputs import Output
from simulator.evaluation.entrant import Factory
from simulator.evaluation.homes import Outage

JUDGED = frozenset({State.NORMAL, State.RAISED})


class Raised(NamedTuple):
    """An alert as it was opened: what of, and when, in epoch seconds."""

    condition: str
    subject: str
    at: float


class Untouched(NamedTuple):
    """What was said of a home as recorded.

    Attributes:
        alerts: In the order they were raised.
        judged: Days with an answer, as ordinals, by condition: neither learning nor blind.
        days: Local days from that of the first event to that of the last, as ordinals.
        snapshots: The engine's, at the instants asked for.
    """

    alerts: list[Raised]
    judged: dict[str, frozenset[int]]
    days: range
    snapshots: dict[float, bytes]


class Touched(NamedTuple):
    """What was said of an episode.

    Attributes:
        alerts: In the order they were raised.
        judged: Days with an answer, as ordinals, by condition.
        raised: Conditions of which an alert was open at some time, be it one of before.
    """

    alerts: list[Raised]
    judged: dict[str, frozenset[int]]
    raised: frozenset[str]


def untouched(
    profile: HomeProfile,
    factories: Sequence[Factory],
    events: Sequence[SensorEvent],
    stops: Iterable[float] = (),
) -> Untouched:
    """Runs a home as recorded, keeping the engine's state at each of `stops` (epoch seconds)."""
    engine = _engine(profile, factories)
    waiting = sorted(set(stops), reverse=True)
    outputs: list[Output] = []
    snapshots: dict[float, bytes] = {}
    for event in events:
        t = event.at.timestamp()
        while waiting and waiting[-1] <= t:
            stop = waiting.pop()
            outputs += engine.advance(stop)
            snapshots[stop] = engine.snapshot()
        outputs += engine.process(event)
    calendar = Calendar(profile.time_zone)
    return Untouched(
        _raised(outputs), _judged(outputs, calendar), _days(events, calendar), snapshots
    )


def outside(alerts: Iterable[Raised], outages: Sequence[Outage]) -> list[Raised]:
    """The alerts that were not raised while the recording itself had failed."""
    return [one for one in alerts if not any(o.start < one.at <= o.end for o in outages)]


def touched(
    profile: HomeProfile,
    factories: Sequence[Factory],
    snapshot: bytes,
    events: Iterable[SensorEvent],
    until: float,
) -> Touched:
    """Goes on from a snapshot with other events; what is said until `until` (epoch seconds)."""
    engine = _engine(profile, factories)
    engine.restore(snapshot)
    outputs: list[Output] = []
    for event in events:
        outputs += engine.process(event)
    outputs += engine.advance(until)
    raised = frozenset(
        one.condition
        for one in outputs
        if isinstance(one, Assessment) and one.state == State.RAISED
    )
    return Touched(_raised(outputs), _judged(outputs, Calendar(profile.time_zone)), raised)


def _engine(profile: HomeProfile, factories: Sequence[Factory]) -> Engine:
    def fail(fault: object) -> None:
        raise RuntimeError(f"a detector failed: {fault}")

    return Engine(profile, factories, fail)


def _raised(outputs: Iterable[Output]) -> list[Raised]:
    return [
        Raised(one.condition, one.subject, one.raised_at.timestamp())
        for one in outputs
        if isinstance(one, Alert) and one.version == 1
    ]


def _judged(outputs: Iterable[Output], calendar: Calendar) -> dict[str, frozenset[int]]:
    """Days with an answer. What is said at midnight is said of the day that ended."""
    found = {
        (one.condition, calendar.moment(one.at.timestamp() - 1).day)
        for one in outputs
        if isinstance(one, Assessment) and one.state in JUDGED
    }
    return {
        name: frozenset(day for condition, day in found if condition == name)
        for name in {condition for condition, _ in found}
    }


def _days(events: Sequence[SensorEvent], calendar: Calendar) -> range:
    first, last = (calendar.moment(event.at.timestamp()).day for event in (events[0], events[-1]))
    return range(first, last + 1)
