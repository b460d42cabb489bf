"""One home in one contest: every contender, on the home as recorded and on every episode."""

import zlib
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import msgspec
import numpy as np

from contract import SensorEvent, decode, encode
from detectors.moment import Calendar
from detectors.parameters import Parameters
from detectors.profile import HomeProfile
from simulator.evaluation.courses import Home, Injected
from simulator.evaluation.homes import Outage
from simulator.evaluation.measures import HomeResult, Trial, merged
from simulator.evaluation.subjects import SUBJECTS, Contender, Subject
from simulator.evaluation.trials import Raised, outside, touched, untouched


class Task(msgspec.Struct, frozen=True):
    """What a process is to do: one home, one subject, parameters of other homes.

    Attributes:
        home: Its name.
        lines: Its events, one a line.
        subject: The name of one of :data:`SUBJECTS`.
        outages: When the recording itself failed.
        parameters: Learned without this home.
        seed: Where chance comes from.
    """

    home: str
    lines: bytes
    subject: str
    outages: list[Outage]
    parameters: Parameters
    seed: int


class Result(NamedTuple):
    """What one home came to in one contest, by contender."""

    subject: str
    homes: dict[str, HomeResult]


def pack(events: Iterable[SensorEvent]) -> bytes:
    """Events as a task carries them."""
    return b"\n".join(encode(event) for event in events)


def unpack(lines: bytes) -> list[SensorEvent]:
    """The inverse of :func:`pack`."""
    return [decode(line, SensorEvent) for line in lines.splitlines()]


def compete(task: Task) -> Result:
    """Tries every contender."""
    subject = next(one for one in SUBJECTS if one.name == task.subject)
    events = unpack(task.lines)
    rng = np.random.default_rng([task.seed, zlib.crc32(task.home.encode())])
    injected = subject.course(Home(events, Calendar(HomeProfile(home=task.home).time_zone)), rng)
    return Result(
        subject.name,
        {
            contender.name: _try(contender, subject, task, events, injected)
            for contender in subject.contenders
        },
    )


def _try(
    contender: Contender,
    subject: Subject,
    task: Task,
    events: Sequence[SensorEvent],
    injected: Sequence[Injected],
) -> HomeResult:
    budget = {subject.condition: contender.budget} if contender.budget else {}
    profile = HomeProfile(home=task.home, budget=budget)
    factories = [contender.make(task.parameters)]
    run = untouched(profile, factories, events, {one.start for one in injected})
    alerts = outside(run.alerts, task.outages)
    judged = run.judged.get(subject.condition, 0)
    subjects = sorted({alert.subject for alert in alerts})
    result = HomeResult(
        home=task.home,
        alerts=sum(merged([a.at for a in alerts if a.subject == name]) for name in subjects),
        judged=judged,
        days=run.days,
        exposed=judged if subject.over_days else run.days,
    )
    for one in injected:
        then = touched(profile, factories, run.snapshots[one.start], one.events, one.end)
        first = _first_within(then, one)
        result.trials.append(
            Trial(
                severity=one.severity,
                delay=None if first is None else first - one.start,
                chance=_first_within(run.alerts, one) is not None,
            )
        )
    return result


def _first_within(alerts: Iterable[Raised], one: Injected) -> float | None:
    """The first alert after the start: one that is raised at the start is about what was before."""
    return min((a.at for a in alerts if one.start < a.at <= one.end), default=None)
