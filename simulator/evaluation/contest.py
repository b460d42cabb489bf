"""One home in one contest: every contender, on the home as recorded and on every episode."""

import zlib
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import msgspec
import numpy as np

from contract import Condition, SensorEvent, decode, encode
from detectors.moment import Calendar
from detectors.parameters import Parameters
from detectors.profile import HomeProfile
from simulator.evaluation.courses import FULL, Effort, Home, Injected
from simulator.evaluation.deaths import deaths, not_of_the_dead
from simulator.evaluation.entrant import enter
from simulator.evaluation.homes import Outage
from simulator.evaluation.lorden import Told
from simulator.evaluation.measures import FloorResult, HomeResult, Trial, merged_by_subject
from simulator.evaluation.subjects import SUBJECTS, Contender, Subject
from simulator.evaluation.trials import Raised, Untouched, outside, touched, untouched

SETTLED_DAYS = 14


class Task(msgspec.Struct, frozen=True):
    """What a process is to do: one home, one subject, parameters of other homes.

    Attributes:
        home: Its name.
        lines: Its events, one a line.
        subject: The name of one of :data:`SUBJECTS`.
        outages: When the recording itself failed.
        parameters: Learned without this home.
        seed: Where chance comes from.
        effort: How much to try.
    """

    home: str
    lines: bytes
    subject: str
    outages: list[Outage]
    parameters: Parameters
    seed: int
    effort: Effort = FULL


class Result(NamedTuple):
    """What one home came to in one contest, by contender and by floor, and what it can tell."""

    subject: str
    ours: dict[str, HomeResult]
    floors: dict[str, FloorResult]
    told: Told
    facts: dict[str, float]


def pack(events: Iterable[SensorEvent]) -> bytes:
    """Events as a task carries them."""
    return b"\n".join(encode(event) for event in events)


def unpack(lines: bytes) -> list[SensorEvent]:
    """The inverse of :func:`pack`."""
    return [decode(line, SensorEvent) for line in lines.splitlines()]


def compete(task: Task) -> Result:
    """Tries every contender, all in one engine, and then the floors."""
    subject = next(one for one in SUBJECTS if one.name == task.subject)
    events = unpack(task.lines)
    rng = np.random.default_rng([task.seed, zlib.crc32(task.home.encode())])
    home = Home(events, Calendar(HomeProfile(home=task.home).time_zone))
    injected = subject.course(home, rng, task.effort)
    told = subject.told(home)
    ours = _try(subject, task, events, injected, told)
    floors = subject.floors(home, injected, task.outages)
    return Result(subject.name, ours, floors, told, subject.facts(home))


def _try(
    subject: Subject,
    task: Task,
    events: Sequence[SensorEvent],
    injected: Sequence[Injected],
    told: Told,
) -> dict[str, HomeResult]:
    profile = HomeProfile(home=task.home)
    factories = [
        enter(one.name, one.make(task.parameters), one.budget) for one in subject.contenders
    ]
    run = untouched(profile, factories, events, {one.start for one in injected})
    if subject.condition == Condition.SENSOR_SILENT:
        run = run._replace(alerts=not_of_the_dead(run.alerts, deaths(events)))
    found = {one.name: _as_recorded(one, subject, task, run) for one in subject.contenders}
    calendar = Calendar(profile.time_zone)
    for one in injected:
        then = touched(profile, factories, run.snapshots[one.start], one.events, one.end)
        length = calendar.moment(one.end - 1).day - calendar.moment(one.start).day + 1
        for name, result in found.items():
            first = _first_within(then.alerts, name, one)
            result.trials.append(
                Trial(
                    severity=one.severity,
                    delay=None if first is None else first - one.start,
                    chance=_first_within(run.alerts, name, one) is not None,
                    judged=len(then.judged.get(name, ())) / length,
                    deadline=one.deadline,
                    window=one.end - one.start,
                    was_open=first is None and name in then.raised,
                    told=float(told[one.severity][-1]) if one.severity in told else None,
                )
            )
    return found


def _as_recorded(contender: Contender, subject: Subject, task: Task, run: Untouched) -> HomeResult:
    """What a contender said of the home as it was."""
    alerts = [a for a in outside(run.alerts, task.outages) if a.condition == contender.name]
    judged = run.judged.get(contender.name, frozenset())
    later = run.days[SETTLED_DAYS:]
    return HomeResult(
        home=task.home,
        alerts=merged_by_subject((a.subject, a.at) for a in alerts),
        judged=len(judged),
        days=len(run.days),
        exposed=len(judged) if subject.over_days else len(run.days),
        settled=(sum(day in judged for day in later), len(later)),
    )


def _first_within(alerts: Iterable[Raised], name: str, one: Injected) -> float | None:
    """The first alert after the start: one that is raised at the start is about what was before."""
    found = (a.at for a in alerts if a.condition == name and one.start < a.at <= one.end)
    return min(found, default=None)
