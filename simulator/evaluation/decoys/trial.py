"""A home with a decoy beside the same home without: which alerts the decoy caused."""

import zlib
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from inspect import signature
from itertools import pairwise
from typing import Any, NamedTuple

import msgspec
import numpy as np

from contract import SEVERITY, SensorEvent, Severity
from detectors.moment import Calendar
from detectors.parameters import Parameters
from detectors.profile import HomeProfile
from detectors.registry import DETECTORS
from simulator.evaluation.contest import unpack
from simulator.evaluation.decoys.clock import day_of, redated
from simulator.evaluation.decoys.decoy import DAY_S, Decoy, Scene
from simulator.evaluation.decoys.made_up import MadeUp, all_of
from simulator.evaluation.decoys.registry import DECOYS
from simulator.evaluation.entrant import Factory
from simulator.evaluation.episodes import WARM_UP_DAYS
from simulator.evaluation.homes import Outage
from simulator.evaluation.injection import time_of
from simulator.evaluation.trials import Raised, outside, touched, untouched

AFTER_DAYS = 2.0
"""Alerts so long after the end are still taken as caused by the decoy."""
SETTLING_DAYS = WARM_UP_DAYS + 7
LONG_GAP_DAYS = 10
CLOCK_DAYS = 3
ADVISORY = frozenset(name for name, one in SEVERITY.items() if one == Severity.ADVISORY)
URGENT = frozenset(name for name, one in SEVERITY.items() if one == Severity.URGENT)


class DecoyRun(NamedTuple):
    """One decoy in one home.

    Attributes:
        decoy, home: Their names.
        advisory, urgent, technical: The conditions of which an alert came in the decoy's time, or
            shortly after, and none in the same time of the home without it.
        unanswered: Share of the decoy's days and advisory conditions for which there was no answer
            with it, though there was one without.
    """

    decoy: str
    home: str
    advisory: list[str]
    urgent: list[str]
    technical: list[str]
    unanswered: float


class Gap(NamedTuple):
    """Many days on which a recording of a home says nothing at all.

    Attributes:
        home: Whose.
        day: The date on which it begins.
        days: How long.
        raised: The conditions of which an alert was opened in it, or shortly after.
    """

    home: str
    day: str
    days: float
    raised: list[str]


class DecoyResult(NamedTuple):
    """All that was tried in one home."""

    runs: list[DecoyRun]
    gaps: list[Gap]


def factories(parameters: Parameters) -> list[Factory]:
    """Every registered detector, with these parameters where it takes any."""

    def given(make: Any) -> Factory:
        if "parameters" in signature(make).parameters:
            return partial(make, parameters=parameters)
        return make  # type: ignore[no-any-return]  # a factory's signature is what it is asked for

    return [given(make) for make in DETECTORS]


class DecoyTask(msgspec.Struct, frozen=True):
    """What a process is to do: every decoy that fits, in one home of a recording.

    Attributes:
        home: Its name.
        lines: Its events, one a line.
        company: Another home's, for those who come to stay.
        outages: When the recording itself failed.
        parameters: Learned without this home.
        seed: Where chance comes from.
        times: How often each decoy is set.
    """

    home: str
    lines: bytes
    company: bytes
    outages: list[Outage]
    parameters: Parameters
    seed: int
    times: int


class MadeUpTask(msgspec.Struct, frozen=True):
    """What a process is to do: every made-up decoy, in the home of that number, from 1."""

    number: int
    seed: int
    parameters: Parameters


def in_real_home(task: DecoyTask) -> DecoyResult:
    """Every decoy at random times, and the clock changes."""
    home, events, outages = task.home, unpack(task.lines), task.outages
    parameters, company = task.parameters, unpack(task.company)
    rng = np.random.default_rng([task.seed, zlib.crc32(home.encode()), 1])
    profile = HomeProfile(home=home)
    calendar = Calendar(profile.time_zone)
    scenes = [
        (decoy, _scene(decoy, events, company, calendar, rng))
        for decoy in DECOYS
        for _ in range(task.times)
    ]
    set_ = [(decoy, scene) for decoy, scene in scenes if scene is not None]
    run = untouched(profile, factories(parameters), events, {s.start for _, s in set_})
    alerts = outside(run.alerts, outages)
    runs = []
    for decoy, scene in set_:
        written = decoy.write(scene)
        if written is None:
            continue
        until = scene.end + AFTER_DAYS * DAY_S
        after = [e for e in events if scene.end <= time_of(e) < until]
        then = touched(
            profile, factories(parameters), run.snapshots[scene.start], [*written, *after], until
        )
        span = _Span(calendar, scene.start, scene.end)
        found = outside(then.alerts, outages)
        runs.append(_compared(decoy.name, home, span, (alerts, run.judged), (found, then.judged)))
    for spring in (True, False):
        redated_run = _clock_changed(home, events, parameters, spring=spring)
        runs += [redated_run] if redated_run else []
    return DecoyResult(runs, _gaps(home, events, alerts))


def in_made_up_home(task: MadeUpTask) -> DecoyResult:
    """Every made-up decoy."""
    tries: list[Callable[[], MadeUp]] = all_of(task.number, task.seed)
    return DecoyResult([_made_up(make(), task.parameters) for make in tries], [])


class _Span(NamedTuple):
    calendar: Calendar
    start: float
    end: float

    @property
    def days(self) -> range:
        """The local days of the decoy, as ordinals."""
        first, last = (self.calendar.moment(t).day for t in (self.start, self.end - 1))
        return range(first, last + 1)


Said = tuple[list[Raised], dict[str, frozenset[int]]]
"""The alerts of a run, and the days with an answer by condition."""


def _compared(decoy: str, home: str, span: _Span, without: Said, with_it: Said) -> DecoyRun:
    until = span.end + AFTER_DAYS * DAY_S
    before, after = (
        {one.condition for one in alerts if span.start < one.at <= until}
        for alerts, _ in (without, with_it)
    )
    caused = sorted(after - before)
    answers = [
        [day in judged.get(condition, ()) for condition in sorted(ADVISORY) for day in span.days]
        for _, judged in (without, with_it)
    ]
    lost = sum(was and not now for was, now in zip(*answers, strict=True))
    return DecoyRun(
        decoy,
        home,
        [name for name in caused if name in ADVISORY],
        [name for name in caused if name in URGENT],
        [name for name in caused if name not in ADVISORY | URGENT],
        lost / max(sum(answers[0]), 1),
    )


def _scene(
    decoy: Decoy,
    events: list[SensorEvent],
    company: list[SensorEvent],
    calendar: Calendar,
    rng: np.random.Generator,
) -> Scene | None:
    """Where to set a decoy, after the warm-up; None where the recording is too short."""
    first = calendar.moment(time_of(events[0])).day + SETTLING_DAYS
    last = calendar.moment(time_of(events[-1])).day - int(decoy.days + AFTER_DAYS) - 1
    if last < first:
        return None
    day = int(rng.integers(first, last + 1))
    hour = float(rng.uniform(*decoy.hours)) if decoy.hours[1] else 0.0
    start = calendar.at(day, hour)
    end = start + decoy.days * DAY_S
    seed = np.random.default_rng(int(rng.integers(2**32)))
    return Scene(events, calendar, start, end, company, seed)


def _clock_changed(
    home: str, events: list[SensorEvent], parameters: Parameters, *, spring: bool
) -> DecoyRun | None:
    """The same days under other dates, a whole run of each; None of a recording too short."""
    profile = HomeProfile(home=home)
    calendar = Calendar(profile.time_zone)
    moved, day, later = redated(events, profile.time_zone, spring=spring)
    start, midnight = calendar.at(day - later, 0), calendar.at(day, 0)
    length, rest = CLOCK_DAYS * DAY_S, (CLOCK_DAYS + AFTER_DAYS + 1) * DAY_S
    if time_of(events[-1]) < start + rest:
        return None
    plain = untouched(profile, factories(parameters), _until(events, start + rest))
    changed = untouched(profile, factories(parameters), _until(moved, midnight + rest))
    as_if = [one._replace(at=one.at - (midnight - start)) for one in changed.alerts]
    judged = {
        name: frozenset(day - later for day in found) for name, found in changed.judged.items()
    }
    name = f"clock change in {'March' if spring else 'October'}"
    span = _Span(calendar, start, start + length)
    return _compared(name, home, span, (plain.alerts, plain.judged), (as_if, judged))


def _until(events: Iterable[SensorEvent], t: float) -> list[SensorEvent]:
    return [event for event in events if time_of(event) < t]


def _made_up(one: MadeUp, parameters: Parameters) -> DecoyRun:
    profile = HomeProfile(home=one.plain[0].home)
    runs = [
        untouched(profile, factories(parameters), events) for events in (one.plain, one.changed)
    ]
    plain, changed = ((run.alerts, run.judged) for run in runs)
    span = _Span(Calendar(profile.time_zone), one.start, one.end)
    return _compared(one.name, profile.home, span, plain, changed)


def _gaps(home: str, events: Sequence[SensorEvent], alerts: Sequence[Raised]) -> list[Gap]:
    """The long gaps of the recording as it is."""
    found = []
    for one, other in pairwise(events):
        start, end = time_of(one), time_of(other)
        if end - start < LONG_GAP_DAYS * DAY_S:
            continue
        until = end + AFTER_DAYS * DAY_S
        raised = sorted({alert.condition for alert in alerts if start < alert.at <= until})
        found.append(Gap(home, day_of(start), round((end - start) / DAY_S, 1), raised))
    return found
