"""What is evaluated: each condition with its episodes, its severities and the contenders."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from contract import Condition, SensorEvent
from detectors.budgets import BUDGETS
from detectors.dehydration_risk import DehydrationRisk
from detectors.fall_risk import FallRisk
from detectors.features.places import BATHROOM, FOOD, RESTING, room
from detectors.moment import Calendar
from detectors.no_movement import NoMovement
from detectors.parameters import Parameters
from detectors.possible_fall import PossibleFall
from detectors.protocol import Detector
from detectors.sensor_silent import SensorSilent
from detectors.uti_risk import UtiRisk
from simulator.evaluation.episodes import (
    WARM_UP_DAYS,
    Episode,
    draw_episodes,
    lived_in,
)
from simulator.evaluation.floors import KettleFloor, KitchenFloor, ToiletingFloor
from simulator.evaluation.homes import has_kettle
from simulator.evaluation.injection import (
    fewer_drinks,
    more_bathroom_visits,
    slower_journeys,
    time_of,
    without_sensor,
)
from simulator.evaluation.trials import Factory

DAY_S = 86_400.0
HOUR_S = 3600.0
DAYS_AN_EPISODE = 5
MOST_EPISODES = 60
LONG_EPISODE_DAYS = 14
STOP_HOURS = 12
STOPS = 20
AWAKE = range(7, 22)


@dataclass(frozen=True)
class Injected:
    """An episode written into a home.

    Attributes:
        severity: Its name.
        start, end: The window in which an alert counts, in epoch seconds.
        events: The home's events of the window, changed.
    """

    severity: str
    start: float
    end: float
    events: list[SensorEvent]


Inject = Callable[[list[SensorEvent], Calendar, np.random.Generator], list[Injected]]
Make = Callable[[Parameters], Factory]


@dataclass(frozen=True)
class Contender:
    """A detector in the contest; `budget` is given to it as the home's."""

    name: str
    make: Make
    budget: float | None = None


@dataclass(frozen=True)
class Subject:
    """One contest.

    Attributes:
        name: Of its section in the report.
        condition: Whose alerts count.
        about: Which episodes are injected, in a sentence.
        fits: Whether a home has what it takes.
        inject: Writes the episodes.
        contenders: The first is ours at its default budget.
        delays_in: Seconds of the unit in which delay is told, and its name.
    """

    name: str
    condition: str
    about: str
    fits: Callable[[Sequence[SensorEvent]], bool]
    inject: Inject
    contenders: tuple[Contender, ...]
    delays_in: tuple[float, str] = (DAY_S, "days")


def _ours(detector: Callable[..., Detector]) -> Make:
    return lambda parameters: partial(detector, parameters=parameters)


def _floor(detector: Callable[..., Detector], limit: float, days: int) -> Contender:
    name = f"floor: robust z > {limit:g}, {days} day{'s running' if days > 1 else ''}"
    return Contender(name, lambda _: partial(detector, limit=limit, days=days))


def _episodes(
    events: list[SensorEvent],
    calendar: Calendar,
    rng: np.random.Generator,
    change: Callable[[Episode, str, np.random.Generator], list[SensorEvent]],
    severities: Sequence[str],
    length: int = DAYS_AN_EPISODE,
) -> list[Injected]:
    """Draws episodes and writes each at every severity, with the same chance."""
    days = lived_in(events, calendar)
    count = min(MOST_EPISODES, len(days) // DAYS_AN_EPISODE)
    found = []
    for episode in draw_episodes(days, count, rng, length):
        start, end = episode.window(calendar)
        seed = int(rng.integers(2**32))
        for severity in severities:
            changed = change(episode, severity, np.random.default_rng(seed))
            within = [event for event in changed if start <= time_of(event) < end]
            found.append(Injected(severity, start, end, within))
    return found


VISITS = {"mild": (1.5, 1.25), "moderate": (2.0, 1.5), "strong": (3.0, 2.0)}
KEPT = {"mild": 0.75, "moderate": 0.5, "strong": 0.25}
SLOWER = {"mild": 1.15, "moderate": 1.3, "strong": 1.6}


def _toileting(
    events: list[SensorEvent], calendar: Calendar, rng: np.random.Generator
) -> list[Injected]:
    return _episodes(
        events,
        calendar,
        rng,
        lambda episode, severity, chance: more_bathroom_visits(
            events, episode, VISITS[severity], calendar, chance
        ),
        list(VISITS),
    )


def _drinking(
    events: list[SensorEvent], calendar: Calendar, rng: np.random.Generator
) -> list[Injected]:
    return _episodes(
        events,
        calendar,
        rng,
        lambda episode, severity, chance: fewer_drinks(
            events, episode, KEPT[severity], calendar, chance
        ),
        list(KEPT),
    )


def _slowing(
    events: list[SensorEvent], calendar: Calendar, rng: np.random.Generator
) -> list[Injected]:
    return _episodes(
        events,
        calendar,
        rng,
        lambda episode, severity, _: slower_journeys(events, episode, SLOWER[severity], calendar),
        list(SLOWER),
        LONG_EPISODE_DAYS,
    )


def _stops(
    events: list[SensorEvent],
    calendar: Calendar,
    rng: np.random.Generator,
    unwatched: frozenset[str],
) -> list[Injected]:
    """From a random sign of life on, nobody is seen any more."""
    first = time_of(events[0]) + WARM_UP_DAYS * DAY_S
    days = lived_in(events, calendar)
    moments = [
        moment
        for event in events
        if (moment := calendar.moment(time_of(event))).t >= first
        and moment.day in days
        and int(moment.hour) in AWAKE
        and room(event.place) not in unwatched
    ]
    chosen = rng.permutation(len(moments))[:STOPS]
    return [
        # The engine's state just after the last sign is that just before the next one.
        Injected("any", moments[i].t + 1e-3, moments[i].t + STOP_HOURS * HOUR_S, [])
        for i in chosen
    ]


def _dead_sensors(
    events: list[SensorEvent], calendar: Calendar, rng: np.random.Generator
) -> list[Injected]:
    """Each sensor in turn dies at a random time, for a week."""
    first, last = time_of(events[0]) + WARM_UP_DAYS * DAY_S, time_of(events[-1]) - 8 * DAY_S
    found = []
    for sensor in sorted({event.sensor for event in events}):
        often = sum(event.sensor == sensor for event in events) / len(lived_in(events, calendar))
        if last <= first or often < 1:
            continue
        start = float(rng.uniform(first, last))
        left = [e for e in without_sensor(events, sensor, start) if start <= time_of(e)]
        end = start + 7 * DAY_S
        severity = "spoke 10 times a day or more" if often >= 10 else "spoke less"  # noqa: PLR2004
        found.append(Injected(severity, start, end, [e for e in left if time_of(e) < end]))
    return found


OUT = frozenset({"front_door", "back_door", "side_door", "patio_door"})


def _ours_at(detector: type[Detector], *budgets: float) -> tuple[Contender, ...]:
    """Ours at its default budget, and at others."""
    name = detector.condition
    others = (Contender(f"{name}, budget {b:g}", _ours(detector), b) for b in budgets)
    return (Contender(f"{name}, budget {BUDGETS[name]:g}", _ours(detector)), *others)


SUBJECTS: tuple[Subject, ...] = (
    Subject(
        name="uti_risk",
        condition=Condition.UTI_RISK,
        about=(
            "Five days of extra bathroom visits: by night x1.5, x2, x3 and by day x1.25, x1.5, x2 "
            "(mild, moderate, strong), copied from the home's own with the steps around them."
        ),
        fits=lambda events: any(event.place in BATHROOM for event in events),
        inject=_toileting,
        contenders=(
            *_ours_at(UtiRisk, 0.15, 0.6),
            _floor(ToiletingFloor, 2.0, 2),
            _floor(ToiletingFloor, 2.5, 2),
            _floor(ToiletingFloor, 3.0, 1),
        ),
    ),
    Subject(
        name="dehydration_risk from kitchen and fridge",
        condition=Condition.DEHYDRATION_RISK,
        about="Five days on which 75, 50 or 25 % of the visits to kitchen and fridge are kept.",
        fits=lambda events: any(e.place in FOOD for e in events) and not has_kettle(events),
        inject=_drinking,
        contenders=(
            *_ours_at(DehydrationRisk, 0.15, 0.6),
            _floor(KitchenFloor, 2.0, 2),
            _floor(KitchenFloor, 3.0, 1),
        ),
    ),
    Subject(
        name="dehydration_risk from the kettle",
        condition=Condition.DEHYDRATION_RISK,
        about="Five days on which 75, 50 or 25 % of the kettle uses are kept.",
        fits=has_kettle,
        inject=_drinking,
        contenders=(
            *_ours_at(DehydrationRisk, 0.15, 0.6),
            _floor(KettleFloor, 2.0, 2),
            _floor(KettleFloor, 1.5, 1),
        ),
    ),
    Subject(
        name="fall_risk",
        condition=Condition.FALL_RISK,
        about="Fourteen days on which journeys between rooms take 1.15, 1.3 or 1.6 times as long.",
        fits=lambda events: len({e.place for e in events if e.kind == "motion"}) > 1,
        inject=_slowing,
        contenders=_ours_at(FallRisk),
    ),
    Subject(
        name="possible_fall",
        condition=Condition.POSSIBLE_FALL,
        about=(
            "Nobody is seen any more for 12 hours after a random sign of life in bathroom, hall or "
            "kitchen, from 07 to 22."
        ),
        fits=lambda events: any(e.kind == "motion" for e in events),
        inject=lambda events, calendar, rng: _stops(events, calendar, rng, RESTING | OUT),
        contenders=_ours_at(PossibleFall, 0.1, 0.5),
        delays_in=(HOUR_S, "hours"),
    ),
    Subject(
        name="no_movement",
        condition=Condition.NO_MOVEMENT,
        about="Nobody is seen any more for 12 hours after a random sign of life, from 07 to 22.",
        fits=lambda events: any(e.kind == "motion" for e in events),
        inject=lambda events, calendar, rng: _stops(events, calendar, rng, OUT),
        contenders=_ours_at(NoMovement, 0.1, 0.5),
        delays_in=(HOUR_S, "hours"),
    ),
    Subject(
        name="sensor_silent",
        condition=Condition.SENSOR_SILENT,
        about="One sensor after another dies for a week.",
        fits=lambda events: len({event.sensor for event in events}) > 1,
        inject=_dead_sensors,
        contenders=_ours_at(SensorSilent),
    ),
)
