"""All who move about in one home: residents, and who comes to them."""

from bisect import bisect_left
from dataclasses import dataclass
from typing import Protocol

from simulator.appliances import draw_household
from simulator.living.chance import Chance
from simulator.living.clock import Clock
from simulator.living.company.guest import CARER, FAMILY, Favours, Guest, Visits
from simulator.living.company.pet import Pet
from simulator.living.days import live
from simulator.living.habits.registry import draw_usual
from simulator.living.household import Household
from simulator.living.own import draw_own
from simulator.living.person import Person
from simulator.living.population import HOMES
from simulator.living.rooms import Rooms
from simulator.living.senses.block import Movements, Times, acts_of, by_room
from simulator.living.trace import Acts, Reason, Trace
from simulator.living.weather import Weather

FOREVER = float("inf")

_SHARED = 0.48  # of the errands in a home for two, that each of them sees to
_CARER_HOURS = (8.3, 18.0, 12.5, 21.0)
_CARER_ROOM_S, _FAMILY_ROOM_S = 400.0, 900.0  # in one room, on average


class _Caller(Protocol):
    """Somebody whose days are lived without regard to the residents."""

    trace: Trace

    def live(self, day: int) -> None:
        """What they do on a local day."""
        ...


@dataclass
class _Resident:
    person: Person
    movements: Movements


@dataclass
class _Visiting:
    caller: _Caller
    movements: Movements


class Lives:
    """Everybody in one home.

    Args:
        rooms: They share.
        clock: On their wall.
        weather: Over them.
        start: When it all begins, in epoch seconds.
        seed: Of this home.

    Attributes:
        people: Who lives here; the first is the one that is cared for.
    """

    def __init__(
        self, rooms: Rooms, clock: Clock, weather: Weather, start: float, seed: tuple[int, ...]
    ) -> None:
        self.people: list[Person] = []
        self._rooms = rooms
        self._clock = clock
        self._weather = weather
        self._start = start
        self._seed = seed
        self._lag_s = HOMES["lag_s"].draw(Chance.of(*seed, 40))
        self._kettle = draw_household("kettle", Chance.of(*seed, 41))
        self._residents: list[_Resident] = []
        self._visiting: list[_Visiting] = []
        self._later: dict[str, Acts] = {}
        self._visited = clock.moment(start).day  # up to before which day

    def settle(self, household: Household) -> None:
        """Lets a household live here from the start."""
        share = 1.0 if household.residents == 1 else _SHARED
        for number in range(household.residents):
            self.move_in(self._start, FOREVER, number, share=share)
        if household.pet:
            self.keep_pet(self._start, FOREVER, 20)
        if household.carer_visits:
            chance = self._chance(21)
            rounds = _rounds(self._clock, chance, household.carer_visits)
            self.welcome(rounds, CARER, _CARER_ROOM_S, 22)
        if household.family_visits:
            visits = _now_and_then(self._clock, self._chance(23), household.family_visits)
            self.welcome(visits, FAMILY, _FAMILY_ROOM_S, 24)

    def move_in(self, start: float, end: float, *which: int, share: float = 1.0) -> None:
        """Somebody lives here from `start` to about `end`; `which` tells their seed from others'.

        Who moves in, and who moves out, does so by the front door.
        """
        seed = (*self._seed, *which)
        chance = Chance.of(*seed)
        person = Person(
            draw_own(chance, usual=draw_usual(*seed), share=share),
            self._rooms,
            clock=self._clock,
            chance=chance,
            weather=self._weather,
            kettle=self._kettle,
            errands=self._chance(*which, 5),
            start=start,
        )
        if start > self._start:
            person.come_in()
        if end < FOREVER:
            person.fate.leave_for_good(end)
        self.people.append(person)
        moves = Movements(person.trace, self._rooms, self._chances(*which), self._lag_s)
        self._residents.append(_Resident(person, moves))

    def welcome(self, visits: Visits, favours: Favours, room_s: float, *which: int) -> None:
        """Somebody comes and goes."""
        self._add(
            Guest(self._rooms, self._chance(*which), visits, favours, room_s, kettle=self._kettle),
            *which,
        )

    def visit_daily(self, start: float, end: float, *which: int) -> None:
        """Family comes every afternoon from `start` up to `end`."""
        chance = self._chance(*which, 6)

        def visits(day: int) -> list[tuple[float, float]]:
            t = self._clock.at(day, chance.around(14.5, 0.5))
            return [(t, chance.around(3.2, 0.5) * 3600)] if start <= t < end else []

        self.welcome(visits, FAMILY, _FAMILY_ROOM_S, *which)

    def keep_pet(self, start: float, end: float, *which: int) -> None:
        """A cat lives here from `start` up to `end`."""
        self._add(Pet(self._chance(*which), self._clock, start, end), *which)

    def until(self, end: float) -> tuple[dict[str, Times], dict[str, Acts]]:
        """What happens from where the last call ended to before `end`.

        Returns movements by room, and what was done by place, both in order of time.
        """
        for resident in self._residents:
            while resident.person.t < end:
                live(resident.person)
        tomorrow = self._clock.moment(end).day + 1
        for day in range(self._visited, tomorrow):
            for visiting in self._visiting:
                visiting.caller.live(day)
        self._visited = tomorrow
        moving = [resident.movements for resident in self._residents]
        moving += [visiting.movements for visiting in self._visiting]
        told = [movements.until(end) for movements in moving]
        done, self._later = acts_of([acts for _, acts in told], self._later, end)
        return by_room([seen for seen, _ in told]), done

    def reasons(self, before: float) -> list[tuple[int, Reason]]:
        """Why residents did what they did before an instant, by their number; told once."""
        told = []
        for number, person in enumerate(self.people):
            reasons = person.trace.reasons
            cut = bisect_left(reasons, before, key=lambda reason: reason.t)
            told += [(number, reason) for reason in reasons[:cut]]
            del reasons[:cut]
        return sorted(told, key=lambda item: item[1].t)

    def _chance(self, *which: int) -> Chance:
        return Chance.of(*self._seed, *which)

    def _chances(self, *which: int) -> list[Chance]:
        return [self._chance(*which, 100 + number) for number in range(Movements.CHANCES)]

    def _add(self, caller: _Caller, *which: int) -> None:
        self._visiting.append(
            _Visiting(
                caller, Movements(caller.trace, self._rooms, self._chances(*which), self._lag_s)
            )
        )


def _rounds(clock: Clock, chance: Chance, number: int) -> Visits:
    """A carer's visits: at their hours, for half an hour or less."""

    def visits(day: int) -> list[tuple[float, float]]:
        times = sorted(clock.at(day, chance.around(hour, 0.4)) for hour in _CARER_HOURS[:number])
        return [(t, chance.spread(1500, 0.3)) for t in times]

    return visits


def _now_and_then(clock: Clock, chance: Chance, a_week: float) -> Visits:
    """Family's visits: some days, Sundays first."""

    def visits(day: int) -> list[tuple[float, float]]:
        likely = a_week / 7 * (2.0 if day % 7 == 0 else 0.83)
        start = clock.at(day, chance.between(10, 18))
        seconds = chance.spread(5400, 0.5)
        return [(start, seconds)] if chance.happens(likely) else []

    return visits
