"""A person from moment to moment: where they are, what their body asks, what befalls them."""

from math import exp

from detectors.moment import Moment
from simulator.appliances.registry import Appliance
from simulator.living.body import Body
from simulator.living.chance import Chance
from simulator.living.clock import Clock
from simulator.living.episodes.episode import Episode
from simulator.living.episodes.felt import WELL
from simulator.living.episodes.registry import felt_at
from simulator.living.errands import PACE_STRAY, Errands
from simulator.living.own import Own
from simulator.living.rooms import BEDROOM, HALLWAY, KITCHEN, OUTSIDE, Rooms
from simulator.living.trace import Act, Reason, Trace
from simulator.living.weather import Weather

_NIGHT_PACE = 0.85
_CANNOT_WAIT = 0.95  # of a full bladder
_BITES = 0.6  # share of what is seen to in the kitchen that is a bite or a sip
_WHIM = 0.15  # how far a day's errands stray from the usual rooms
_AJAR = 0.05  # how often a door stays open for long
_FELT_S = 1800.0  # illness is looked at so often
_BODY_S = 600.0  # water too, at least


class Struck(Exception):  # noqa: N818  (it is no error: it ends whatever they were about to do)
    """They fall."""

    def __init__(self, fall: Episode) -> None:
        super().__init__(fall.kind)
        self.fall = fall


class Person:
    """One person who lives in a home.

    Attributes:
        t: The present, in epoch seconds.
        room: Where they are.
        asleep: Whether they sleep.
        busy: How busy today is, as a multiple of the usual.
        keen: How much of what is usually seen to is wanted today.
        up: Whether their day has begun.
        body: The water in them.
        own: What is usual for them.
        kettle: They share.
        errands: What they will see to.
        trace: What they did.
    """

    def __init__(
        self,
        own: Own,
        rooms: Rooms,
        *,
        clock: Clock,
        chance: Chance,
        weather: Weather,
        kettle: Appliance,
        errands: Chance,
        start: float,
    ) -> None:
        self.t = start
        self.room = BEDROOM
        self.asleep = False
        self.own = own
        self.chance = chance
        self.kettle = kettle
        self.clock = clock
        self.trace = Trace()
        self.body = Body(own.capacity_ml)
        self.up = own.wake_hour <= self.moment.hour < own.bed_hour
        self.felt = WELL
        self._rooms = rooms
        self._weather = weather
        self._episodes: list[Episode] = []
        self._falls: list[Episode] = []
        self._fall_from = float("inf")
        self._busy_rate = 1 / own.busy_s
        self._absences: list[Episode] = []
        self._felt_until = start
        self._lived = self._asked = start
        self._urge_at = own.urge
        self._mood = chance.around(0, 1)
        self._day_urge = 1.0
        self.busy = self.keen = 1.0
        self.errands = Errands(own, rooms, errands)

    @property
    def moment(self) -> Moment:
        """The present on their own clock."""
        return self.clock.moment(self.t)

    @property
    def vigour(self) -> float:
        """How much of what they like to do they feel up to, from 0 to about 1."""
        return self.felt.activity * (1 - 0.6 * self.body.dryness)

    def at(self, day: int, hour: float) -> float:
        """When the clock of a local day stands at an hour, which may lie beyond 24."""
        return self.clock.at(day, hour)

    def way_to(self, room: str) -> str:
        """The last room on the way to another."""
        way = self._rooms.way(self.room, room)
        return way[-2][0] if len(way) > 1 else self.room

    def befall(self, episode: Episode) -> None:
        """Something will happen to them, or starts to."""
        self._episodes.append(episode)
        self._felt_until = self.t

    def fall(self, episode: Episode) -> None:
        """They will fall at the first moment from its onset that they are where it waits."""
        self._falls.append(episode)
        self._falls.sort(key=lambda fall: fall.onset)
        self._fall_from = self._falls[0].onset

    def leave(self, absence: Episode) -> None:
        """They will be away from its onset, for its plateau."""
        self._absences.append(absence)

    def away(self) -> bool:
        """Whether they should be away now, and for more than an hour more."""
        return self._back() > self.t + 3600 if self._absences else False

    def be_away(self) -> None:
        """Leaves, and comes back when it is over."""
        self.because("absence", "they were away from home")
        self.asleep = False
        self.go_out(self._back())

    def _back(self) -> float:
        ends = (a.onset + a.plateau_s for a in self._absences if a.onset <= self.t)
        return max(ends, default=self.t)

    def because(self, doing: str, why: str, *figures: float) -> None:
        """Notes why they do what they are about to do."""
        self.trace.reasons.append(Reason(self.t, doing, why, figures))

    def go(self, goal: str) -> None:
        """Walks to a room, after a pause or at once."""
        if goal == self.room:
            return
        chance, own = self.chance, self.own
        pause = chance.wait(own.pause_s) if chance.share() < own.pausing else 0.0
        self.walk(goal, chance.spread(1, PACE_STRAY), pause)

    def walk(self, goal: str, pace: float, pause: float) -> None:
        """Walks to a room at so many times the usual pace, after a pause."""
        pace *= self.own.pace * self.felt.pace
        if self.asleep or not self.up:
            pace *= _NIGHT_PACE
        trace = self.trace
        trace.left_t.append(self.t)  # getting up is seen, too
        trace.left_room.append(self.room)
        if pause:
            self.wait(pause)
        for room, metres in self._rooms.way(self.room, goal):
            t = self.t + metres / pace
            if t > self._fall_from:
                self._fall()
            self.t, self.room = t, room
            trace.came_t.append(t)
            trace.came_room.append(room)
        if self.t - self._lived > _BODY_S:
            self.settle()

    def rush(self, number: int, until: float) -> int:
        """Does up to so many errands at once; returns how many are left to do."""
        errands, before = self.errands, self.errands.at
        if before == 0 or self.room != errands.room[before - 1]:
            return number
        limit = min(until, self._fall_from)
        self.t, cut_s = errands.rush(min(number, errands.left), self.t, limit, self.trace)
        self.room = errands.room[errands.at - 1]
        if self.t >= self._fall_from:
            self._fall()
            self.stay(min(cut_s, max(until - self.t, 0.0)))
        if self.t - self._lived > _BODY_S:
            self.settle()
        return number - (errands.at - before)

    def stay(self, seconds: float, gap: float = 0.0) -> None:
        """Is where they are, moving so that it can be seen every `gap` seconds; busy by default."""
        start, end = self.t, self.t + seconds
        rate = 1 / gap if gap else self._busy_rate
        if end > self._fall_from:
            try:
                self._fall()
            except Struck:  # what they did until then is seen
                self.trace.stayed(start, self.t, self.room, rate)
                raise
        self.t = end
        trace = self.trace
        trace.from_t.append(start)
        trace.to_t.append(end)
        trace.in_room.append(self.room)
        trace.rate.append(rate)
        if end - self._lived > _BODY_S:
            self.settle()

    def wait(self, seconds: float) -> None:
        """Lets time pass.

        Raises:
            Struck: They fall before it has passed.
        """
        end = self.t + seconds
        if end > self._fall_from:
            self._fall()
        self.t = end
        if end - self._lived > _BODY_S:
            self.settle()

    def settle(self) -> None:
        """Brings body and illness up to the present."""
        if self.t >= self._felt_until:
            self.felt = felt_at(self._episodes, self.t) if self._episodes else WELL
            self._felt_until = self.t + _FELT_S
            self.body.diuresis = self.felt.diuresis
            self.body.warmth_c = self._weather.indoors(self.t)
        self.body.live(self.t - self._lived, asleep=self.asleep)
        self._lived = self.t

    def drink(self, ml: float) -> None:
        """Drinks, or eats what holds so much water."""
        self.settle()
        self.body.drink(ml)

    def must_go(self) -> bool:
        """Whether they feel an urge since they were last asked; an inflamed bladder asks anyway."""
        self.settle()
        since, self._asked = self.t - self._asked, self.t
        threshold = self.own.light_sleep if self.asleep else self._urge_at
        held = self.body.urge(self.felt.capacity)
        if held > threshold:
            self.because("toilet", "the bladder felt {0:.0%} full, enough to go", held)
            return True
        rate = self.felt.irritation * (0.5 if self.asleep else 1.0)
        if rate > 0 and self.chance.happens(1 - exp(-rate * since / 3600)):
            self.because("toilet", "a sudden urge, though the bladder was only {0:.0%} full", held)
            return True
        return False

    def void(self) -> None:
        """Empties the bladder; how full it will be before they feel it again is chance."""
        self.settle()
        self.body.void()
        self.trace.acts.append(Act(self.t, "toilet", 1.0))
        urge = self.own.urge * self._day_urge * self.chance.spread(1, 0.2)
        self._urge_at = min(urge, _CANNOT_WAIT)

    def rise(self) -> None:
        """A new day: busier or slower than others, and with more or less peace from the bladder."""
        self.up = True
        kept = self.own.persistence
        self._mood = kept * self._mood + self.chance.around(0, (1 - kept * kept) ** 0.5)
        self.busy = exp(self.own.variability * self._mood)
        self._day_urge = self.chance.spread(1, self.own.variability)
        favours = {room: weight * self.chance.spread(1, _WHIM) for room, weight in self.own.favours}
        whole = sum(favours.values())
        favours[KITCHEN] *= 1 - _BITES * (1 - self.felt.thirst)
        self.keen = sum(favours.values()) / whole
        self.errands.draw(favours, self.felt.pace)

    def open(self, place: str, seconds: float) -> None:
        """Opens a door or a fridge, which will be closed after so many seconds."""
        self.trace.opened(place, self.t, seconds)

    def use_door(self, place: str, seconds: float) -> None:
        """Opens a door and closes it; and again, for what was forgotten or did not latch."""
        self.wait(self.chance.between(1, 3))  # a hand on the latch
        for again in range(1 + self.chance.count(self.own.fumbling)):
            if again:
                again_s = self.chance.spread(self.own.again_s, 1.5)
                self.wait(again_s) if self.room == OUTSIDE else self.stay(again_s)
            held = seconds * self.chance.spread(1, 0.4)
            if self.chance.happens(_AJAR):
                held = self.chance.spread(400, 0.8)
            self.open(place, held)
            self.wait(held)

    def bed(self, *, occupied: bool) -> None:
        """Gets into bed or out of it."""
        self.trace.acts.append(Act(self.t, "bed", float(occupied)))

    def go_out(self, until: float) -> None:
        """Leaves by the front door, and comes back."""
        self.go(HALLWAY)
        self.wait(self.chance.between(5, 40))
        self._through_the_door()
        self.room = OUTSIDE
        while self.t < until:
            self.wait(min(until - self.t, 3600.0))
            if self.must_go():
                self.body.void()
            self.drink(90)
        self._through_the_door()
        self.room = HALLWAY
        self.trace.came(self.t, HALLWAY)

    def _through_the_door(self) -> None:
        if self.room == HALLWAY:
            self.trace.came(self.t + self.chance.between(0.5, 2), HALLWAY)
        self.use_door("front_door", self.chance.spread(self.own.door_s, 1.1))

    def _fall(self) -> None:
        """Falls, where the next fall waits here.

        Raises:
            Struck: They do.
        """
        fall = self._falls[0]
        if self.room == OUTSIDE or fall.room not in {"", self.room}:
            return
        self._falls.pop(0)
        self._fall_from = self._falls[0].onset if self._falls else float("inf")
        self.t = max(self.t, fall.onset)
        raise Struck(fall)
