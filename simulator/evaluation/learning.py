"""Learns the detectors' parameters on some homes: what is usual, and what keeps a budget."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from math import log
from statistics import fmean, median

import msgspec

from contract import Condition, SensorEvent
from detectors.budgets import BUDGETS
from detectors.dehydration_risk import DehydrationRisk
from detectors.fall_risk import FallRisk
from detectors.models.change import DAYS_A_MONTH
from detectors.models.longest import TAIL
from detectors.night_wandering import NightWandering
from detectors.no_movement import NoMovement
from detectors.parameters import Parameters, Usual
from detectors.possible_fall import PossibleFall
from detectors.profile import HomeProfile
from detectors.protocol import Detector
from detectors.sensor_silent import SensorSilent
from detectors.uti_risk import UtiRisk
from simulator.evaluation.deaths import deaths, not_of_the_dead
from simulator.evaluation.entrant import Factory
from simulator.evaluation.homes import Outage
from simulator.evaluation.measures import merged_by_subject
from simulator.evaluation.trials import Untouched, outside, untouched

ROUTINES: tuple[type[UtiRisk | DehydrationRisk | FallRisk], ...] = (
    UtiRisk,
    DehydrationRisk,
    FallRisk,
)
SILENCES: tuple[type[PossibleFall | NoMovement | SensorSilent | NightWandering], ...] = (
    PossibleFall,
    NoMovement,
    SensorSilent,
    NightWandering,
)
_OF_ODDS = (0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.75, 1.0, 1.25, 1.5, 2.0, 3.0, 3.5, 5.0)
_OF_LENGTH = (1.25, 1.5, 1.75, 2.0, 2.25, 2.5, 2.75, 3.0, 3.25, 3.5, 3.75, 4.0, 4.5, 5.0, 5.5, 6.0)
AT_ANY_MINUTE = frozenset({"possible_fall", "no_movement", "sensor_silent", "night_wandering"})
FEW = 1.2
"""How far above its budget what may alert at any minute is still taken as keeping it: all the homes
together have some ten such alerts, and the next step often spares one of them at a great price."""
STEPS = len(_OF_ODDS)
CAUTIONS = {
    "uti_risk": _OF_ODDS,
    "dehydration_risk": _OF_ODDS,
    "fall_risk": _OF_ODDS,
    "possible_fall": _OF_ODDS,
    "no_movement": _OF_LENGTH,
    "sensor_silent": _OF_LENGTH,
    "night_wandering": _OF_LENGTH,
}
"""What is tried, from the boldest on; the same number of steps for all."""
LEAST_CAUTION = {condition: steps[0] for condition, steps in sorted(CAUTIONS.items())}
"""What stands in the parameters of conditions that are not learned."""
BEFORE = Parameters(
    caution=dict.fromkeys(CAUTIONS, 1.0),
    usual={
        "activations_day": Usual(380.0, 15.0),
        "bathroom_visits_day": Usual(10.0, 1.0),
        "bathroom_visits_night": Usual(1.5, 1.0),
        "elsewhere_day": Usual(80.0, 2.0),
        "elsewhere_night": Usual(1.0, 1.0),
        "gait_speed": Usual(0.8, 0.003),
        "glimpses_day": Usual(8.0, 1.5),
        "glimpses_night": Usual(2.0, 1.5),
        "kettle_uses": Usual(5.0, 1.0),
        "kitchen_visits": Usual(25.0, 1.0),
        "pace": Usual(0.0, 0.01),
        "restlessness_night": Usual(5.0, 1.0),
    },
)
"""Where learning starts. Gait speed is measured in none of the public homes; its figure, in m/s, is
that of people who live at home in old age."""

LARGE = 1.0
"""The budget, in false alerts per person-month, at which one sees how steeply limits must move."""
STEEPNESS = 0.5, 4.0
"""No less and no more is believed."""

Steps = dict[str, int]
"""Which step of caution, by condition."""
Rates = dict[str, tuple[int, int]]
"""Alerts, and the days they are set against, by condition."""


def usual_of(home: str, events: Sequence[SensorEvent]) -> dict[str, Usual]:
    """What became usual in one home, by measure."""
    profile = HomeProfile(home=home)
    found: dict[str, Usual] = {}
    for make in ROUTINES:
        watch = make(profile, BEFORE)
        untouched(profile, [_given(watch)], events)
        # The first to measure something has the say: all take `elsewhere` as toileting sees it.
        found = {**dict(watch.usual()), **found}
    return found


def in_general(homes: Sequence[Mapping[str, Usual]]) -> dict[str, Usual]:
    """What is usual among homes: the middle level and the mean dispersion of each measure.

    What no home measures stays as believed.
    """
    found = defaultdict(list)
    for home in homes:
        for measure, usual in home.items():
            found[measure].append(usual)
    return {
        measure: Usual(
            _rounded(median(usual.level for usual in found[measure])),
            _rounded(fmean(usual.dispersion for usual in found[measure])),
        )
        if measure in found
        else believed
        for measure, believed in sorted(BEFORE.usual.items())
    }


def rates_of(
    home: str,
    events: Sequence[SensorEvent],
    outages: Sequence[Outage],
    usual: dict[str, Usual],
    steps: Steps,
    *,
    asked: float | None = None,
) -> Rates:
    """What each condition would have said of one home at some steps of caution.

    It is asked for its default budget, or for `asked`. A home of which a condition could never say
    anything has no days of it: it tells nothing of how often the condition is wrong.
    """
    profile = HomeProfile(home=home, budget={} if asked is None else dict.fromkeys(steps, asked))
    parameters = at_steps(steps, usual)
    made = [
        partial(make, parameters=parameters)
        for make in (*ROUTINES, *SILENCES)
        if make.condition in steps
    ]
    run = untouched(profile, made, events)
    alerts = outside(run.alerts, outages)
    if Condition.SENSOR_SILENT in steps:
        silent = [one for one in alerts if one.condition == Condition.SENSOR_SILENT]
        others = [one for one in alerts if one.condition != Condition.SENSOR_SILENT]
        alerts = [*others, *not_of_the_dead(silent, deaths(events))]
    return {
        condition: (
            merged_by_subject((a.subject, a.at) for a in alerts if a.condition == condition),
            _days(condition, run),
        )
        for condition in steps
    }


def _days(condition: str, run: Untouched) -> int:
    """The days that false alerts are set against."""
    judged = run.judged.get(condition, frozenset())
    return len(run.days if condition in AT_ANY_MINUTE and judged else judged)


def at_steps(steps: Steps, usual: dict[str, Usual]) -> Parameters:
    """The parameters at some steps of caution."""
    caution = {condition: CAUTIONS[condition][step] for condition, step in sorted(steps.items())}
    return Parameters(caution={**LEAST_CAUTION, **caution}, usual=usual)


def with_steepness(learned: Parameters, default: Steps, large: Steps) -> Parameters:
    """The parameters with how steeply limits move, from what kept two budgets.

    Args:
        learned: Without it.
        default: The steps that keep the default budgets.
        large: Those that keep `LARGE`, where limits move with the budget itself.
    """
    found = {}
    for condition, step in sorted(default.items()):
        tried, usual = CAUTIONS[condition], BUDGETS[condition]
        ratio = tried[step] / tried[large[condition]]
        reckoned = ratio**TAIL if tried is _OF_LENGTH else ratio  # with this at `LARGE`
        steepness = log(reckoned / usual) / log(LARGE / usual)
        found[condition] = _rounded(min(max(steepness, STEEPNESS[0]), STEEPNESS[1]))
    return msgspec.structs.replace(learned, steepness=found)


def boldest(
    try_steps: Callable[[Steps], Sequence[Rates]],
    conditions: Iterable[str] = CAUTIONS,
    asked: float | None = None,
) -> Steps:
    """The boldest steps of caution at which the homes together keep each budget, by halving.

    Args:
        try_steps: Gives the rates of all homes at some steps.
        conditions: Those to learn.
        asked: The budget to keep, if not the default.
    """
    low = dict.fromkeys(conditions, 0)
    high = dict.fromkeys(low, STEPS - 1)  # taken as keeping the budget: there is none bolder
    while low != high:
        halves = {condition: (low[condition] + high[condition]) // 2 for condition in low}
        rates = try_steps(halves)
        for condition, step in halves.items():
            if low[condition] == high[condition]:
                continue
            borne = FEW if condition in AT_ANY_MINUTE else 1.0
            if _rate(condition, rates) <= borne * (asked or BUDGETS[condition]):
                high[condition] = step
            else:
                low[condition] = step + 1
    return high


def _rate(condition: str, homes: Sequence[Rates]) -> float:
    days = sum(home[condition][1] for home in homes)
    return sum(home[condition][0] for home in homes) / max(days, 1) * DAYS_A_MONTH


def _given(watch: Detector) -> Factory:
    """Makes nothing new, so that the watch can be asked afterwards."""
    return lambda _: watch


def _rounded(value: float) -> float:
    return float(f"{value:.3g}")
