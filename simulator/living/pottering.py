"""What fills the day between habits: spells in the chair, and short stays through the home.

Nothing in it depends on anything but where somebody was before, so days of it are drawn at once and
laid out; a stretch of it is then noted as from where up to where. It is most of what a sensor sees,
and would be most of what a street costs.
"""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from itertools import accumulate
from math import exp
from typing import Final, NamedTuple

import numpy as np

from simulator.living.arrays import Floats, Ints
from simulator.living.chance import Chance, places, rounded, spread_table, waits_table
from simulator.living.layout import Layout
from simulator.living.own import Own
from simulator.living.rooms import KITCHEN, NUMBER, ROOMS, Rooms
from simulator.living.trace import Trace, four

PACE_STRAY: Final = 0.25  # sigma of the logarithm
_FETCHING: Final = 0.6  # share of the errands at the fridge that are over once it is closed
_REACHING_S: Final = 8.0  # until a hand is at the fridge, median
_LEAST_OPEN_S: Final = 0.7
_HOURS: Final = (7.0, 7.0, 9.0)  # of nothing else, from getting up to noon, to evening, and to bed
_MOST: Final = 12  # openings of the fridge for one thing

_WAITS: Final = waits_table()
_PACES: Final = spread_table(PACE_STRAY)
_STAYS: Final = np.array((spread_table(1.2), spread_table(1.1))).ravel()  # errands, then sitting
_REACHES, _OPENINGS, _AGAINS = spread_table(0.8), spread_table(0.9), spread_table(1.15)


class Day(NamedTuple):
    """What sort of day it is.

    Attributes:
        favours: How often each room is where something is seen to, as weights.
        errands: Between two spells in the chair, of an afternoon, on average.
        pace: Of the usual.
        rest: How long they stay in the chair, as a multiple of the usual.
    """

    favours: Mapping[str, float]
    errands: float
    pace: float = 1.0
    rest: float = 1.0


class _Plan(NamedTuple):
    """Days as they are laid out: three stretches of stays each, and where each begins and ends."""

    days: list[Day]
    begins: list[int]
    layout: Layout
    arrive: Sequence[float]
    end: Sequence[float]
    room: Sequence[float]
    held: Sequence[float]
    pause: Sequence[float]
    speed: Sequence[float]


class Pottering:
    """What somebody will do next where nothing else is to be done.

    Args:
        own: Theirs.
        rooms: Of the home.
        chance: For this alone.
        trace: Where it is noted.
    """

    def __init__(self, own: Own, rooms: Rooms, chance: Chance, trace: Trace) -> None:
        self._own = own
        self._chance = chance
        self._trace = trace
        self._errands = [room for room, _ in own.favours]
        room = np.array([NUMBER[room] for room, _ in own.favours + own.seats])
        self._metres = rooms.metres[room[:, None] * len(ROOMS) + room]
        sits = sum(weight for _, weight in own.seats)
        self._seats = [weight / sits for _, weight in own.seats]
        seats = len(own.seats)
        median = [own.errand_s[room] for room in self._errands] + [own.sitting_s] * seats
        rate = [1 / own.busy_s] * len(self._errands) + [1 / own.stillness_s] * seats
        self._of_kind = np.array((room, rate, median))
        self._busier = (own.morning, 1.0, own.evening)
        self._numbers = [_enough(own, *each) for each in zip(_HOURS, self._busier, strict=True)]
        self._more = _poisson(own.rummaging)
        self._ahead: _Plan | None = None
        self._today = 0

    def goes_on(self, today: Day) -> bool:
        """Begins the next day, if it was laid out like this."""
        ahead = self._ahead
        if ahead is None or ahead.days[self._today + 1 : self._today + 2] != [today]:
            return False
        self._today += 1
        self._begin(ahead, self._today)
        return True

    def lay_out(self, days: Sequence[Day]) -> None:
        """Draws days, and begins the first of them."""
        self._ahead, self._today = self._draw(days), 0
        self._begin(self._ahead, 0)

    def turn(self, period: int) -> None:
        """It is morning (0), afternoon (1) or evening (2): there is more to see to, or less."""
        at = 3 * self._day + period
        self._at, self._stop = self._plan.begins[at], self._plan.begins[at + 1]

    def _begin(self, plan: "_Plan", day: int) -> None:
        self._plan, self._day = plan, day
        laid = self._trace.laid
        if not (laid and laid[-1] is plan.layout):
            laid.append(plan.layout)
        self._before = sum(map(len, laid[:-1]))
        self.turn(0)

    def _draw(self, days: Sequence[Day]) -> "_Plan":
        own, begins = self._own, [0, *accumulate(self._numbers * len(days))]
        shares = self._chance.shares(7 * begins[-1]).reshape(7, -1)
        pace_at, _, pause_at, stray_at = places(shares[1:5])
        kind = self._kinds(days, shares[0])
        room, rate, median = self._of_kind.take(kind, axis=1)
        of_day = np.array([(own.pace * day.pace, day.rest) for day in days])
        pace, rest = of_day.T.repeat(begins[3], axis=1)
        speed = pace * _PACES.take(pace_at)
        pause = _WAITS.take(pause_at) * own.pause_s * (shares[2] < own.pausing)
        sitting = kind >= len(self._errands)
        stray = _STAYS.take(stray_at + sitting * len(_WAITS))
        stay = median * stray * np.where(sitting, rest, 1.0)
        snacks = kind == self._errands.index(KITCHEN)
        snacks = (snacks & (shares[5] < own.snacking)).nonzero()[0]
        fridge_of, fridge, over = self._at_the_fridge(snacks)
        stay[snacks] = over + stay.take(snacks) * (shares[6].take(snacks) >= _FETCHING)
        before = np.concatenate((kind[:1], kind[:-1]))
        far = self._metres.take(before * self._of_kind.shape[1] + kind)
        end = (pause * (far > 0) + far / speed + stay).cumsum()
        arrive = end - stay
        held = np.zeros(len(kind))
        held[snacks] = over
        stays = np.array((arrive, end, room, rate, pause, speed))
        layout = Layout(stays, held, fridge_of, fridge + arrive.take(fridge_of))
        looked_up = [row.data for row in (arrive, end, room, held, pause, speed)]
        return _Plan(list(days), begins, layout, *looked_up)

    def next(self) -> tuple[str, float, float]:
        """Where they will be next, the pause before they go there, and how fast, in m/s."""
        if self._at == self._stop:  # more came up than was laid out
            plan, period = self._plan, (self._plan.begins.index(self._stop) - 1) % 3
            self._begin(self._draw([plan.days[self._day]]), 0)
            self.turn(period)
        plan, at = self._plan, self._at
        return ROOMS[int(plan.room[at])], plan.pause[at], plan.speed[at]

    def go_on(self, t: float, until: float, struck: float) -> tuple[float, str]:
        """Is there from `t`, and sees to all else that comes before `until`, in epoch seconds.

        Whoever stands at the fridge closes it first. Something strikes them at `struck`, where they
        are then or, if they are on their way, where that leads: until then all is as without it.
        Notes all of it; returns when the last ended, or was broken off, and where.
        """
        first = self._at
        plan, arrive, held = self._plan, self._plan.arrive, self._plan.held
        zero = t - arrive[first]
        self._at = last = bisect_right(arrive, until - zero, first + 1, self._stop)
        end = zero + plan.end[last - 1]
        if end > until:
            end = max(zero + arrive[last - 1] + held[last - 1], until)
        if end > struck:
            last = bisect_right(arrive, struck - zero, first + 1, last)
            if zero + plan.end[last - 1] > struck:
                end = max(zero + arrive[last - 1] + held[last - 1], struck)
            else:
                end = zero + arrive[last]
                last += 1
            self._at = last
        self._trace.rounds += four(self._before + first, self._before + last, zero, end)
        return max(end, t), ROOMS[int(plan.room[last - 1])]

    def _kinds(self, days: Sequence[Day], shares: Floats) -> Ints:
        """What each will be: an errand in one of the rooms, or then a spell in one of the seats."""
        upto = []
        for day in days:
            whole = sum(day.favours.values())
            for busier in self._busier:
                often = day.errands * busier
                errands = [often * day.favours[room] / whole for room in self._errands]
                weights = [*accumulate(errands + self._seats)]
                upto.append([weight / (often + 1) for weight in weights[:-1]])
        stretches = np.array(upto).T.repeat(self._numbers * len(days), axis=1)
        kinds: Ints = (stretches <= shares).sum(axis=0, dtype=np.int8).astype(np.int64)
        return kinds

    def _at_the_fridge(self, snacks: Ints) -> tuple[Ints, Floats, Floats]:
        """Openings: in which stay, and from when to when since it began; and how long all took.

        Mostly it is opened again: what was taken out goes back in.
        """
        own, chance = self._own, self._chance
        numbers = self._more.searchsorted(chance.shares(len(snacks)), side="right")
        upto = numbers.cumsum()
        first = upto - numbers
        shares = chance.shares(3 * int(numbers.sum())).reshape(3, -1)
        place = places(shares)
        lead = own.again_s * _AGAINS.take(place[0])
        lead[first] = _REACHING_S * _REACHES.take(place[0].take(first))
        is_open = _LEAST_OPEN_S + own.fridge_s * _OPENINGS.take(place[1])
        length = lead + is_open + 1 + 2 * shares[2]
        total = length.cumsum()
        since = total - (total.take(first) - length.take(first)).repeat(numbers)
        opened = since - length + lead
        return (snacks.repeat(numbers), np.array((opened, opened + is_open)), since.take(upto - 1))


def _enough(own: Own, hours: float, busier: float) -> int:
    """How many stays to lay out for so many hours, so that they will hardly ever run out."""
    errands = own.errands * busier
    whole = sum(weight for _, weight in own.favours)
    errand = sum(own.errand_s[room] * weight / whole for room, weight in own.favours)
    mean = (errands * errand * 1.4 + own.sitting_s * 1.8) / (errands + 1)
    return 8 + int(hours * 3600 / rounded(mean))


def _poisson(mean: float) -> Floats:
    """The chance of less than 1, 2 and so on, after one of 0: shape (_MOST + 1,)."""
    weights = [exp(-mean)]
    for number in range(1, _MOST):
        weights.append(weights[-1] * mean / number)
    return np.array([0.0, *(round(upto, 9) for upto in accumulate(weights))])
