"""A person who is not seen any more: from a random sign of life on, or from a random moment."""

import numpy as np

from contract import SensorEvent
from detectors.features.places import PERSON_KINDS, room
from detectors.models.change import DAYS_A_MONTH
from simulator.evaluation.courses import DAY_S, HOUR_S, Course, Effort, Home, Injected
from simulator.evaluation.episodes import WARM_UP_DAYS, lived_in
from simulator.evaluation.gaps import (
    AWAKE,
    Gaps,
    gaps,
    percentile_of_gaps,
    percentile_of_moments,
)
from simulator.evaluation.injection import time_of

STOP_HOURS = 12
STOPS = 20
GRACE_S = 900.0
"""Beyond the person's own percentile, a quarter of an hour to raise it."""
TRIES = 400
BY_GAP = "own 99th percentile gap + 15 min"
BY_MOMENT = "own 99th percentile moment + 15 min"
"""What the deadline is taken from: of a hundred silences the longest, or of a hundred waking
moments the one that lies in the longest silence."""


def after_a_sign(elsewhere_than: frozenset[str]) -> Course:
    """From a random sign of life on, by day and in any other room, nobody is seen any more."""

    def strike(home: Home, rng: np.random.Generator, effort: Effort) -> list[Injected]:
        days = lived_in(home.events, home.calendar)
        first = time_of(home.events[0]) + WARM_UP_DAYS * DAY_S
        signs = [
            moment.t
            for event in home.events
            if (moment := home.calendar.moment(time_of(event))).t >= first
            and moment.day in days
            and int(moment.hour) in AWAKE
            and room(event.place) not in elsewhere_than
        ]
        chosen = [signs[i] for i in rng.permutation(len(signs))[: min(STOPS, effort.most)]]
        # A millisecond later, so that the sign itself has been seen.
        return [
            Injected("any", t + 1e-3, t + STOP_HOURS * HOUR_S, _unstirred(home, t)) for t in chosen
        ]

    return strike


def at_a_moment(home: Home, rng: np.random.Generator, effort: Effort) -> list[Injected]:
    """From a random waking moment at home on, nobody is seen any more."""
    silences, days = gaps(home.events, home.calendar), lived_in(home.events, home.calendar)
    first = time_of(home.events[0]) + WARM_UP_DAYS * DAY_S
    last = time_of(home.events[-1])
    found: list[Injected] = []
    for t in rng.uniform(first, max(first, last), TRIES):
        moment = home.calendar.moment(float(t))
        if moment.day in days and int(moment.hour) in AWAKE:
            found += _stop(float(t), silences, _unstirred(home, float(t)))
        if len(found) >= 2 * min(STOPS, effort.most):
            break
    return found


def silences_of(home: Home) -> dict[str, float]:
    """The deadlines, and how often this person is silent for longer though nothing is amiss.

    No rule on the length of a silence can raise every stop by a deadline without raising these.
    """
    own = gaps(home.events, home.calendar).own(float("inf"))
    months = (time_of(home.events[-1]) - time_of(home.events[0])) / DAY_S / DAYS_A_MONTH
    found = {}
    for name, limit in ((BY_GAP, percentile_of_gaps(own)), (BY_MOMENT, percentile_of_moments(own))):
        if limit is not None and months > 0:
            beyond = float((own > limit + GRACE_S).sum()) / months
            found[f"{name}: minutes"] = (limit + GRACE_S) / 60
            found[f"{name}: ordinary waking silences a month that last longer"] = beyond
    return found


def _unstirred(home: Home, t: float) -> list[SensorEvent]:
    """What a home goes on saying by itself though nobody stirs from `t` on."""
    end = t + STOP_HOURS * HOUR_S
    return [e for e in home.events if e.kind not in PERSON_KINDS and t < time_of(e) < end]


def _stop(t: float, silences: Gaps, unstirred: list[SensorEvent]) -> list[Injected]:
    """A stop at `t` with either deadline; none where the person was out, or is not yet known."""
    index, own = silences.at(t), silences.own(t)
    limits = (BY_GAP, percentile_of_gaps(own)), (BY_MOMENT, percentile_of_moments(own))
    if index < 0 or not silences.waking[index]:
        return []
    return [
        Injected(name, t, t + STOP_HOURS * HOUR_S, unstirred, limit + GRACE_S)
        for name, limit in limits
        if limit is not None
    ]
