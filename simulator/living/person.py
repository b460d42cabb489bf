"""A person from moment to moment: where they are, what they do, what befalls them."""

from typing import Final

from detectors.moment import Moment
from simulator.appliances.registry import Appliance
from simulator.living.chance import Chance
from simulator.living.clock import Clock
from simulator.living.fate import NEVER, Back, Gone, Struck
from simulator.living.moods import Mood, Moods
from simulator.living.needs import Needs
from simulator.living.own import Own
from simulator.living.pottering import PACE_STRAY, Day, Pottering
from simulator.living.rooms import BEDROOM, HALLWAY, KITCHEN, NUMBER, OUTSIDE, Rooms
from simulator.living.trace import four
from simulator.living.weather import Weather

_NIGHT_PACE: Final = 0.85
_BITES: Final = 0.6  # share of what is seen to in the kitchen that is a bite or a sip
_LEAST_OPEN_S: Final = 0.8
_PUSHED_TO_S: Final = 4.0  # who opens a door once more mostly does no more than that
_AJAR: Final = 0.05  # how often a door stays open for long
_NOON: Final = 12.0  # from when on there is more to see to, or less
_EVENING: Final = 16.5


class Person(Needs):
    """One person who lives in a home.

    Attributes:
        room: Where they are.
        busy: How busy today is, as a multiple of the usual.
        late_h: How much later than usual they go to bed today, or went.
        kettle: They share.
        clock: On their wall.
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
        super().__init__(own, chance=chance, weather=weather, start=start)
        self.room = BEDROOM
        self.kettle = kettle
        self.clock = clock
        self.up = self._by_day()
        self.busy = 1.0
        self.late_h = 0.0
        self._rooms = rooms
        self._pottering = Pottering(own, rooms, errands, self.trace)
        self._turns: list[float] = []
        self._moods = Moods(own, chance)

    @property
    def moment(self) -> Moment:
        """The present on their own clock."""
        return self.clock.moment(self.t)

    def at(self, day: int, hour: float) -> float:
        """When the clock of a local day stands at an hour, which may lie beyond 24."""
        return self.clock.at(day, hour)

    def way_to(self, room: str) -> str:
        """The last room on the way to another."""
        legs = self._rooms.way(self.room, room).legs
        return legs[-2][0] if len(legs) > 1 else self.room

    def away(self) -> bool:
        """Whether they should be away now, and for more than an hour more."""
        return self.fate.away(self.t)

    def be_away(self) -> None:
        """Leaves, and comes back when it is over.

        Raises:
            Back: They are back.
            Gone: They left for good.
        """
        self.because("absence", "they were away from home")
        self.go_out(self.fate.back(self.t))
        self.up = self._by_day()
        raise Back

    def _by_day(self) -> bool:
        return self.own.wake_hour <= self.moment.hour < self.own.bed_hour

    def come_in(self) -> None:
        """Comes home.

        Raises:
            Struck: They fall, once they are in: when they are seen to be hangs on the whole of it.
        """
        self.room, opening = OUTSIDE, self.t
        with self.fate.later():
            self._through_the_door()
        self.room = HALLWAY
        self.trace.came(min(opening + self.chance.between(3, 10), self.t + 3), HALLWAY)
        self.wait(0)

    def go(self, goal: str) -> None:
        """Walks to a room, after a pause or at once."""
        if goal == self.room:
            return
        chance, own = self.chance, self.own
        pause = chance.wait(own.pause_s) if chance.share() < own.pausing else 0.0
        self._set_off(goal, chance.spread(1, PACE_STRAY) * own.pace * self.felt.pace, pause)

    def walk(self, goal: str, pace: float, pause: float) -> None:
        """Walks to a room at so many times the usual pace, after a pause.

        Raises:
            Struck: They fall on the way.
        """
        self._set_off(goal, pace * self.own.pace * self.felt.pace, pause)

    def potter(self, until: float) -> None:
        """Sees to this and that, and sits, until then or until something calls them.

        Raises:
            Struck: They fall.
        """
        turns = self._turns
        if turns and self.t >= turns[0]:
            turns.pop(0)
            self._pottering.turn(2 - len(turns))
        room, pause, speed = self._pottering.next()
        if room != self.room:
            self._set_off(room, speed, pause)
        struck = self.fate.fall_from
        self.t, self.room = self._pottering.go_on(self.t, self.free_until(until), struck)
        if self.t >= struck:
            self._fall()

    def stay(self, seconds: float, gap: float = 0.0) -> None:
        """Is where they are, moving so that it can be seen every `gap` seconds; busy by default.

        Raises:
            Struck: They fall meanwhile.
        """
        start, end, rate = self.t, self.t + seconds, 1 / (gap or self.own.busy_s)
        if end > self.fate.fall_from:
            try:
                self._fall()
            except Struck:  # what they did until then is seen
                self.trace.stayed(start, self.t, self.room, rate)
                raise
        self.t = end
        self.trace.stays += four(start, end, NUMBER[self.room], rate)

    def wait(self, seconds: float) -> None:
        """Lets time pass.

        Raises:
            Struck: They fall before it has passed.
        """
        end = self.t + seconds
        if end > self.fate.fall_from:
            self._fall()
        self.t = end

    def sleep(self, until: float) -> None:
        """Lies asleep for a while: until then, or until something calls them, at most."""
        end = min(self.free_until(until), max(self._look_at, self.t))
        self.stay(max(end - self.t, 0.0), self.own.turning_s)

    def rise(self) -> None:
        """A new day: busier or slower than others, and with more or less peace from the bladder."""
        self.up, self._rose = True, self.t
        self.settle()
        mood, ahead = self._moods.next()
        self.busy, self._day_urge = mood.busy, mood.urge
        day = self._day(mood, self.felt.thirst, self.vigour, self.felt.pace)
        if not self._pottering.goes_on(day):
            self._pottering.lay_out([day, *map(self._day, ahead)])
        today = self.moment.day
        self._turns = [self.at(today, _NOON), self.at(today, _EVENING)]

    def _day(self, mood: Mood, thirst: float = 1.0, vigour: float = 1.0, pace: float = 1.0) -> Day:
        """What a day is like, for somebody who is well or not."""
        whole = sum(mood.favours.values())
        favours = {**mood.favours, KITCHEN: mood.favours[KITCHEN] * (1 - _BITES * (1 - thirst))}
        keen = sum(favours.values()) / whole
        return Day(
            favours, self.own.errands * keen * mood.busy * vigour, pace, 1 / (vigour * mood.busy)
        )

    def open(self, place: str, seconds: float) -> None:
        """Opens a door or a fridge, which will be closed after so many seconds."""
        self.trace.opened(place, self.t, seconds)

    def use_door(self, place: str, seconds: float) -> None:
        """Opens a door and closes it; and again, for what was forgotten or did not latch."""
        self.wait(self.chance.between(2, 5))  # a hand on the latch
        for again in range(1 + self.chance.count(self.own.fumbling)):
            if again:
                again_s = self.chance.spread(self.own.again_s, 1.5)
                self.wait(again_s) if self.room == OUTSIDE else self.stay(again_s)
            held = _PUSHED_TO_S if again else seconds
            held = max(held * self.chance.spread(1, 0.6), _LEAST_OPEN_S)
            if self.chance.happens(_AJAR):
                held = self.chance.spread(400, 0.8)
            self.open(place, held)
            self.wait(held)

    def bed(self, *, occupied: bool) -> None:
        """Gets into bed or out of it."""
        self.trace.act("bed", self.t, float(occupied))

    def go_out(self, until: float) -> None:
        """Leaves by the front door, and comes back.

        Raises:
            Gone: They never do, where `until` is infinite.
        """
        self.go(HALLWAY)
        self.wait(self.chance.between(5, 40))
        self._through_the_door()
        self.room = OUTSIDE
        if until == NEVER:
            self.t = until
            raise Gone
        while self.t < until:
            self.wait(min(until - self.t, 3600.0))
            self.drink(90)
            if self.must_go():
                self.relieve()
        self.come_in()

    def _through_the_door(self) -> None:
        if self.room == HALLWAY:
            self.trace.came(self.t, HALLWAY)
            self.wait(self.chance.between(1, 8))
        self.use_door("front_door", self.chance.spread(self.own.door_s, 1.1))

    def _set_off(self, goal: str, speed: float, pause: float) -> None:
        if self.asleep or not self.up:
            speed *= _NIGHT_PACE
        way = self._rooms.way(self.room, goal)
        self.trace.walks += four(self.t, pause, speed, way.number)
        self.t, self.room = self.t + pause + way.metres / speed, goal
        if self.t > self.fate.fall_from:
            self._fall()

    def _fall(self) -> None:
        """Falls, unless they are away for days.

        Raises:
            Struck: They do.
        """
        try:
            self.fate.strike(self.t)
        except Struck as struck:
            self.t = max(self.t, struck.fall.onset)
            raise
