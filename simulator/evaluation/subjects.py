"""What is evaluated: each condition with its course, its severities and the contenders."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial

from contract import Condition, Kind, SensorEvent
from detectors.budgets import BUDGETS
from detectors.dehydration_risk import DehydrationRisk
from detectors.fall_risk import FallRisk
from detectors.features.places import BATHROOM, EXITS, FOOD, RESTING
from detectors.night_wandering import NightWandering
from detectors.no_movement import NoMovement
from detectors.parameters import Parameters
from detectors.possible_fall import PossibleFall
from detectors.sensor_silent import SensorSilent
from detectors.uti_risk import UtiRisk
from simulator.evaluation.courses import (
    DAY_S,
    HOUR_S,
    KEPT,
    SLOWER,
    VISITS,
    Course,
    Home,
    at_any_effort,
    dead_sensors,
    drinking,
    over_days,
    slowing,
    toileting,
)
from simulator.evaluation.entrant import Factory
from simulator.evaluation.episodes import LENGTH_DAYS
from simulator.evaluation.floor_trials import TryFloors, daily_floors, no_floors
from simulator.evaluation.floors.daily import KETTLE, KITCHEN, TOILETING
from simulator.evaluation.floors.silence import try_rules
from simulator.evaluation.homes import has_kettle
from simulator.evaluation.lorden import Told, of_counts, of_journeys
from simulator.evaluation.stops import after_a_sign, at_a_moment, silences_of
from simulator.evaluation.wandering import wandering

Ours = (
    UtiRisk | DehydrationRisk | FallRisk | PossibleFall | NoMovement | NightWandering | SensorSilent
)
Make = Callable[[Parameters], Factory]
LONG_EPISODE_DAYS = 14
ASKED = (0.1, 0.25, 0.5, 1.0)
"""The budgets at which every detector is measured, in false alerts per person-month."""


@dataclass(frozen=True)
class Contender:
    """A detector in the contest.

    Attributes:
        name: In reports.
        make: Gives its factory.
        budget: False alerts per person-month that the home asks for.
        default: Whether a hub asks for that unless told otherwise.
    """

    name: str
    make: Make
    budget: float
    default: bool = False


def nothing_told(_home: Home) -> Told:
    """There is no bound where no day is set against others."""
    return {}


def no_facts(_home: Home) -> dict[str, float]:
    """Nothing else."""
    return {}


@dataclass(frozen=True)
class Subject:
    """One contest.

    Attributes:
        name: Of its section in the report.
        condition: Whose alerts count.
        about: What is injected, in a sentence.
        fits: Whether a home has what it takes.
        course: Strikes a home.
        contenders: The first is ours at its default budget.
        unit: Seconds of the unit in which delay is told, and its name.
        over_days: Whether it is judged over days; otherwise it may alert at any minute.
        floors: Tries the floors on a home.
        told: What an episode tells in a home, for the bound on the delay.
        facts: What else there is to know of a home, in words.
        sizes: How strong each severity is, in words.
    """

    name: str
    condition: str
    about: str
    fits: Callable[[Sequence[SensorEvent]], bool]
    course: Course
    contenders: tuple[Contender, ...]
    unit: tuple[float, str] = (DAY_S, "days")
    over_days: bool = True
    floors: TryFloors = no_floors
    told: Callable[[Home], Told] = nothing_told
    facts: Callable[[Home], dict[str, float]] = no_facts
    sizes: dict[str, str] = field(default_factory=dict)


def _ours(detector: type[Ours]) -> tuple[Contender, ...]:
    """One of ours at its default budget and at those that all are asked for."""

    def make(parameters: Parameters) -> Factory:
        return partial(detector, parameters=parameters)

    name = detector.condition
    default = BUDGETS[name]
    budgets = sorted({*ASKED, default}, key=lambda budget: (budget != default, budget))
    return tuple(
        Contender(f"{name}, budget {budget:g}", make, budget, budget == default)
        for budget in budgets
    )


def _has_bathroom(events: Sequence[SensorEvent]) -> bool:
    return any(event.place in BATHROOM for event in events)


def _has_kitchen_alone(events: Sequence[SensorEvent]) -> bool:
    return any(event.place in FOOD for event in events) and not has_kettle(events)


def has_rooms(events: Sequence[SensorEvent]) -> bool:
    """Whether motion is seen in more than one room."""
    return len({event.place for event in events if event.kind == Kind.MOTION}) > 1


def _has_sensors(events: Sequence[SensorEvent]) -> bool:
    return len({event.sensor for event in events}) > 1


SUBJECTS: tuple[Subject, ...] = (
    Subject(
        name="uti_risk",
        condition=Condition.UTI_RISK,
        about=(
            "Five days of extra bathroom visits, by night x1.5, x2, x3 and by day x1.25, x1.5, x2 "
            "(mild, moderate, strong), copied from the home's own with the steps around them."
        ),
        fits=_has_bathroom,
        course=over_days(toileting, list(VISITS), LENGTH_DAYS),
        contenders=_ours(UtiRisk),
        floors=daily_floors(TOILETING),
        told=partial(of_counts, TOILETING),
        sizes={name: f"night x{n:g}, day x{d:g}" for name, (n, d) in VISITS.items()},
    ),
    Subject(
        name="dehydration_risk from kitchen and fridge",
        condition=Condition.DEHYDRATION_RISK,
        about="Five days on which 75, 50 or 25 % of the visits to kitchen and fridge are kept.",
        fits=_has_kitchen_alone,
        course=over_days(drinking, list(KEPT), LENGTH_DAYS, near=False),
        contenders=_ours(DehydrationRisk),
        floors=daily_floors(KITCHEN),
        told=partial(of_counts, KITCHEN),
        sizes={name: f"{kept:.3g} kept" for name, kept in KEPT.items()},
    ),
    Subject(
        name="dehydration_risk from the kettle",
        condition=Condition.DEHYDRATION_RISK,
        about="Five days on which 75, 50 or 25 % of the kettle uses are kept.",
        fits=has_kettle,
        course=over_days(drinking, list(KEPT), LENGTH_DAYS, near=False),
        contenders=_ours(DehydrationRisk),
        floors=daily_floors(KETTLE),
        told=partial(of_counts, KETTLE),
        sizes={name: f"{kept:.3g} kept" for name, kept in KEPT.items()},
    ),
    Subject(
        name="fall_risk",
        condition=Condition.FALL_RISK,
        about="Fourteen days on which journeys between rooms take 1.15, 1.3 or 1.6 times as long.",
        fits=has_rooms,
        course=over_days(slowing, list(SLOWER), LONG_EPISODE_DAYS),
        contenders=_ours(FallRisk),
        told=of_journeys(LONG_EPISODE_DAYS),
        sizes={name: f"x{factor:g}" for name, factor in SLOWER.items()},
    ),
    Subject(
        name="possible_fall",
        condition=Condition.POSSIBLE_FALL,
        about=(
            "From a random waking moment at home on (07 to 22), no sensor tells of anybody for 12 "
            "hours. A hit is raised within the person's own 99th percentile gap, by day and at "
            "home, of their own days before, plus 15 minutes; first of the silences, then of the "
            "silence in which a random waking moment lies."
        ),
        fits=has_rooms,
        course=at_a_moment,
        contenders=_ours(PossibleFall),
        unit=(HOUR_S, "hours"),
        over_days=False,
        floors=try_rules,
        facts=silences_of,
    ),
    Subject(
        name="possible_fall out of bed and chair",
        condition=Condition.POSSIBLE_FALL,
        about=(
            "Nobody is seen any more for 12 hours after a random sign of life in bathroom, hall or "
            "kitchen, from 07 to 22."
        ),
        fits=has_rooms,
        course=after_a_sign(elsewhere_than=RESTING | EXITS),
        contenders=_ours(PossibleFall),
        unit=(HOUR_S, "hours"),
        over_days=False,
    ),
    Subject(
        name="no_movement",
        condition=Condition.NO_MOVEMENT,
        about="Nobody is seen any more for 12 hours after a random sign of life, from 07 to 22.",
        fits=has_rooms,
        course=after_a_sign(elsewhere_than=EXITS),
        contenders=_ours(NoMovement),
        unit=(HOUR_S, "hours"),
        over_days=False,
    ),
    Subject(
        name="night_wandering",
        condition=Condition.NIGHT_WANDERING,
        about=(
            "30, 60 or 90 minutes of walking between the home's own rooms, begun from 00 to 04, "
            "with and without leaving by the front door."
        ),
        fits=has_rooms,
        course=at_any_effort(wandering),
        contenders=_ours(NightWandering),
        unit=(60.0, "minutes"),
        over_days=False,
    ),
    Subject(
        name="sensor_silent",
        condition=Condition.SENSOR_SILENT,
        about="One sensor after another dies for a week.",
        fits=_has_sensors,
        course=dead_sensors,
        contenders=_ours(SensorSilent),
        over_days=False,
    ),
)
