"""A person from moment to moment: where they are, what their body asks, what befalls them.

A life is a generator that yields the instant until which nothing new happens. Between two instants
something may befall them: a fall ends whatever they were about to do.
"""

from collections.abc import Generator
from math import exp

from detectors.moment import Calendar, Moment
from simulator.living.body import Body
from simulator.living.chance import Chance
from simulator.living.episodes import Effects, Episode, EpisodeKind, effects
from simulator.living.habits import draw_habits
from simulator.living.rooms import BEDROOM, HALLWAY, OUTSIDE, draw_rooms
from simulator.living.senses import FRONT_DOOR, Senses

Life = Generator[float, None, None]

_NIGHT_PACE = 0.85
_CANNOT_WAIT = 0.95  # of a full bladder
_PAUSES, _PAUSE_S = 0.15, 15.0  # how often they stop on the way, and for how long


class Person:
    """One person who lives alone.

    Attributes:
        t: The present, in epoch seconds.
        room: Where they are.
        asleep: Whether they sleep.
        body: The water in them.
        habits: What is usual for them.
    """

    def __init__(self, *, senses: Senses, calendar: Calendar, chance: Chance, start: float) -> None:
        self.t = start
        self.room = BEDROOM
        self.asleep = False
        self.senses = senses
        self.calendar = calendar
        self.chance = chance
        self.habits = draw_habits(chance)
        self.rooms = draw_rooms(chance)
        self.kettle_w = chance.between(2000, 2900)
        self.body = Body(self.habits.capacity_ml)
        self._episodes: list[Episode] = []
        self._urge_at = self.habits.urge
        self._day_urge = 1.0
        self._asked = start

    @property
    def moment(self) -> Moment:
        """The present on their own clock."""
        return self.calendar.moment(self.t)

    @property
    def felt(self) -> Effects:
        """What all that has befallen them does now."""
        return effects(self._episodes, self.t)

    def befall(self, episode: Episode) -> None:
        """Something will happen to them, or starts to."""
        self._episodes.append(episode)

    def absent_until(self) -> float:
        """Until when they are away from home; the past where they are not."""
        absences = (e for e in self._episodes if e.kind is EpisodeKind.AWAY and e.onset <= self.t)
        return max((absence.end for absence in absences), default=self.t)

    def until(self, t: float) -> Life:
        """Lets time pass."""
        yield t
        self.body.live(t - self.t, asleep=self.asleep)
        self.t = t

    def walk(self, goal: str) -> Life:
        """Goes to a room, through the hallway where that lies between."""
        for room, metres in self.rooms.way(self.room, goal):
            pace = self.habits.pace * self.felt.pace * self.chance.spread(1, 0.25)
            if self._is_dark():
                pace *= _NIGHT_PACE
            pause = self.chance.wait(_PAUSE_S) if self.chance.happens(_PAUSES) else 0.0
            yield from self.until(self.t + metres / pace + pause)
            self.room = room
            self.senses.moved(room, self.t)

    def stay(self, seconds: float, *, gap: float) -> Life:
        """Is busy where they are, moving so that it can be seen every `gap` seconds or so."""
        end = self.t + seconds
        gap /= self.habits.restlessness
        while (then := self.t + self.chance.wait(gap)) < end:
            yield from self.until(then)
            self.senses.moved(self.room, then)
        yield from self.until(end)

    def must_go(self) -> bool:
        """Whether they feel an urge since they were last asked; an inflamed bladder asks anyway."""
        felt, since = self.felt, self.t - self._asked
        self._asked = self.t
        threshold = self.habits.light_sleep if self.asleep else self._urge_at
        if self.body.urge(felt.capacity) > threshold:
            return True
        rate = felt.irritation * (0.5 if self.asleep else 1.0)
        return rate > 0 and self.chance.happens(1 - exp(-rate * since / 3600))

    def void(self) -> None:
        """Empties the bladder; how full it will be before they feel it again is chance."""
        self.body.void()
        urge = self.habits.urge * self._day_urge * self.chance.spread(1, 0.2)
        self._urge_at = min(urge, _CANNOT_WAIT)

    def wake_up(self) -> None:
        """A new day, on which the bladder gives more or less peace than on others."""
        self._day_urge = self.chance.spread(1, self.habits.variability)

    def go_out(self, until: float) -> Life:
        """Leaves by the front door, and comes back."""
        yield from self._leave()
        while self.t < until:
            yield from self.until(min(until, self.t + 3600))
            if self.must_go():
                self.void()
            self.body.drink(90)
        yield from self._come_in()

    def _leave(self) -> Life:
        """Puts on a coat, opens the door and closes it behind them."""
        yield from self.walk(HALLWAY)
        yield from self.until(self.t + self.chance.between(5, 40))
        open_s = self._open_front_door()
        self.senses.moved(HALLWAY, self.t + self.chance.between(0.5, 2))
        yield from self.until(self.t + open_s)
        yield from self.walk(OUTSIDE)

    def _come_in(self) -> Life:
        """Opens the door, steps in and closes it."""
        closed = self.t + self._open_front_door()
        yield from self.walk(HALLWAY)
        yield from self.until(max(closed, self.t))

    def _open_front_door(self) -> float:
        """Opens it now; returns for how many seconds."""
        seconds = self.chance.between(4, 15)
        self.senses.door(FRONT_DOOR, self.t, seconds)
        return seconds

    def _is_dark(self) -> bool:
        return not self.habits.wake_hour < self.moment.hour < self.habits.bed_hour
