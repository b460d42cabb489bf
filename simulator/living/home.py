"""A home with somebody in it, as its sensors tell it, from a start to any time one asks for."""

from collections.abc import Iterable, Iterator
from zlib import crc32

from contract import SensorEvent
from detectors.profile import SensorRole
from simulator.living.chance import Chance
from simulator.living.clock import clock_of
from simulator.living.episodes.episode import DAY_S, Episode
from simulator.living.episodes.registry import kind_of
from simulator.living.household import Household
from simulator.living.lives import FOREVER, Lives
from simulator.living.person import Person
from simulator.living.rooms import draw_rooms
from simulator.living.senses.block import Block
from simulator.living.senses.columns import NOTHING, Columns, events, joined
from simulator.living.senses.senses import Senses
from simulator.living.trace import Reason
from simulator.living.weather import Weather, sky_of

_WHOLE = 2**63  # seeds are not negative, as times before 1970 are

BLOCK_S = 8 * DAY_S
"""Lives are lived so far ahead at once."""


class Home:
    """One home.

    The same name, seed, start, household and episodes give the same events on every machine, in
    however many pieces they are asked for. Episodes may be told while it goes on, as long as they
    lie ahead: then the life is lived anew, and is the same up to there.

    Args:
        name: As events name it.
        seed: Of everything in it.
        start: When it all begins, in epoch seconds.
        time_zone: IANA name; habits keep to its wall clock.
        household: Who lives here; one person by default.
        weather: Seed of the weather, which a street shares; the home's own by default.
        episodes: What befalls it.
        ends: Up to when, in epoch seconds, anybody will ask for it; it is not lived any further.

    Attributes:
        now: Up to when its events have been asked for, in epoch seconds.
        episodes: In order of their onset.
        lives: Who moves about in it.
        senses: Its sensors.
        weather: Over it.
    """

    def __init__(
        self,
        name: str,
        *,
        seed: tuple[int, ...],
        start: float,
        time_zone: str = "Europe/London",
        household: Household | None = None,
        weather: tuple[int, ...] = (),
        episodes: Iterable[Episode] = (),
        ends: float = FOREVER,
    ) -> None:
        self.name = name
        self.time_zone = time_zone
        self.start = start
        self.household = household or Household()
        self.episodes = _in_order(episodes)
        self._clock = clock_of(time_zone)
        self._seed = seed
        self._weather_seed = weather or seed
        self._ends = ends
        self.now = self._end = self._asked = start
        self._ahead = NOTHING
        self._begin()

    @property
    def sensors(self) -> tuple[SensorRole, ...]:
        """What is fitted here."""
        return self.senses.roles

    @property
    def people(self) -> list[Person]:
        """Who lives here; the first is the one that is cared for."""
        return self.lives.people

    def befall(self, episode: Episode) -> None:
        """Something happens here, now or later.

        Raises:
            ValueError: It would have begun in the past, or is about something that is not here.
        """
        if episode.onset < self.now:
            raise ValueError("what befalls a home cannot begin before what it has told already")
        kept, now = self.episodes, self.now
        self.episodes = _in_order([*kept, episode])
        try:
            self._begin()
        except ValueError:
            self.episodes = kept
            self._begin()
            raise
        finally:
            for _ in self.columns(now):
                pass
            self.lives.reasons(self._asked)

    def until(self, t: float) -> Iterator[SensorEvent]:
        """All that happened from `now` to before `t`, in order of time."""
        for columns in self.columns(t):
            yield from events(self.name, self.sensors, columns)

    def columns(self, t: float) -> Iterator[Columns]:
        """The same as columns, at most a block at a time.

        Raises:
            ValueError: It ends before.
        """
        if t > self._ends:
            raise ValueError("nobody was to ask for what comes after the end of a home")
        while self.now < t:
            if self._end <= self.now:
                self._live_on()
            upto = min(t, self._end)
            cut = int(self._ahead.at_ms.searchsorted(upto * 1000))
            told, self._ahead = self._ahead[:cut], self._ahead[cut:]
            self.now = upto
            yield told

    def reasons(self) -> list[tuple[int, Reason]]:
        """Why residents did what they did up to `now`, as (which of them, why), each told once."""
        self._asked = self.now
        return self.lives.reasons(self.now)

    def clock_changes(self, start: float, end: float) -> bool:
        """Whether the clock on the wall is put forward or back on a day between two instants."""
        return self._clock.changes(start, end)

    def key(self, episode: Episode) -> tuple[int, ...]:
        """What tells the chance of an episode from that of others of this home."""
        key = _key(episode)
        alike = [each for each in self.episodes if _key(each) == key]
        before = next(n for n, each in enumerate(alike) if each is episode)
        return (*key, before) if before else key

    def chance(self, episode: Episode) -> Chance:
        """What nobody plans about an episode: the second at which it shows, among others.

        Without it, whatever happens on the full second that a label names would tell of the label.
        """
        return Chance.of(*self._seed, 5, *self.key(episode))

    def _begin(self) -> None:
        """Life from its first moment, with all that is known to befall it."""
        self.now = self._end = self.start
        self._ahead = NOTHING
        self.weather = Weather(sky_of(*self._weather_seed, 2))
        self.senses = Senses(self.household.sensors, *self._seed, 3)
        rooms = draw_rooms(Chance.of(*self._seed, 1))
        self.lives = Lives(rooms, self._clock, self.weather, self.start, (*self._seed, 4))
        self.lives.settle(self.household)
        for episode in self.episodes:
            if episode.severity == 0:
                continue
            kind = kind_of(episode.kind)
            if kind.felt:
                self.people[0].befall(episode)
            if kind.arrange:
                kind.arrange(self, episode)

    def _live_on(self) -> None:
        """Lives the next block."""
        # What comes before an end is the same, however much would have come after it. A second
        # more: what comes just after it may be rounded to just before.
        start, end = self._end, min(self._end + BLOCK_S, self._ends + 1)
        moves, acts = self.lives.until(end)
        told = self.senses.sense(Block(start, end, moves, acts, self.weather))
        left = self._ahead  # what is told, rounded, at the very end of the last block
        first = int(told.at_ms.searchsorted(start * 1000))
        self._ahead = joined((left, told[first:]))
        self._end = end


def _key(episode: Episode) -> tuple[int, ...]:
    return (crc32(episode.kind.encode()), int(episode.onset) % _WHOLE)


def _in_order(episodes: Iterable[Episode]) -> list[Episode]:
    return sorted(episodes, key=lambda episode: episode.onset)
