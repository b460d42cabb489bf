"""A home with somebody in it, as its sensors tell it, from a start to any time one asks for."""

from collections.abc import Iterable, Iterator
from math import cos, pi

from contract import SensorEvent
from detectors.moment import Calendar
from detectors.profile import SensorRole
from simulator.living.chance import Chance
from simulator.living.days import fallen, life
from simulator.living.episodes import Episode, EpisodeKind
from simulator.living.person import Person
from simulator.living.rooms import OUTSIDE
from simulator.living.senses import PIR_OF, SENSORS, Senses

_REPORT_S = 600.0


class Home:
    """One home.

    The same name, seed, start and episodes give the same events on every machine, in however many
    pieces they are asked for: to go on with a life after a restart, live it again up to then.
    Episodes may be told while it goes on, as long as they lie ahead.

    Attributes:
        name: As events name it.
        time_zone: IANA name; habits keep to its wall clock.
        now: Up to when its events have been asked for, in epoch seconds.
        person: Who lives here.
    """

    def __init__(
        self,
        name: str,
        *,
        seed: tuple[int, ...],
        start: float,
        time_zone: str = "Europe/London",
        episodes: Iterable[Episode] = (),
    ) -> None:
        self.name = name
        self.time_zone = time_zone
        self.now = start
        calendar = Calendar(time_zone)
        self._senses = Senses(name, Chance.of(*seed, 1))
        self._thermometer = _Thermometer(self._senses, calendar, Chance.of(*seed, 2), start)
        self.person = Person(
            senses=self._senses, calendar=calendar, chance=Chance.of(*seed, 3), start=start
        )
        self._falls: list[Episode] = []
        self._life = life(self.person)
        self._next = next(self._life)
        for episode in episodes:
            self.befall(episode)

    @property
    def sensors(self) -> tuple[SensorRole, ...]:
        """What is fitted here."""
        return SENSORS

    def befall(self, episode: Episode) -> None:
        """Something happens here, now or later.

        Raises:
            ValueError: It would have begun in the past, or names no sensor or room of this home.
        """
        if episode.onset < self.now:
            raise ValueError("what befalls a home cannot begin before what it has told already")
        if episode.kind is EpisodeKind.SENSOR_DEATH:
            self._senses.kill(episode.sensor, episode.onset)
            return
        if episode.kind is EpisodeKind.FALL:
            if episode.room and episode.room not in PIR_OF:
                raise ValueError(f"no room {episode.room!r}; there are {', '.join(PIR_OF)}")
            self._falls.append(episode)
            self._falls.sort(key=lambda fall: fall.onset)
            return
        self.person.befall(episode)

    def until(self, t: float) -> Iterator[SensorEvent]:
        """All that happened from `now` to before `t`, in order of time."""
        while (ahead := self._ahead()) < t:
            yield from self._told(ahead)
            self._step(ahead)
        yield from self._told(t)
        self.now = max(self.now, t)

    def _ahead(self) -> float:
        return min(self._next, self._thermometer.next, self._fall_at())

    def _told(self, before: float) -> Iterator[SensorEvent]:
        while (event := self._senses.take(before)) is not None:
            self.now = max(self.now, event.at.timestamp())
            yield event

    def _step(self, t: float) -> None:
        if self._thermometer.next == t:
            self._thermometer.report()
        elif self._fall_at() == t:
            self._strike(t)
        else:
            self._next = next(self._life)

    def _fall_at(self) -> float:
        """When the next fall strikes; not while they are out, or not where it is to be."""
        here = self.person.room
        if not self._falls or here == OUTSIDE or self._falls[0].room not in {"", here}:
            return float("inf")
        return max(self._falls[0].onset, self.person.t)

    def _strike(self, t: float) -> None:
        """Ends what they were about to do."""
        fall = self._falls.pop(0)
        self._life.close()
        self.person.body.live(t - self.person.t, asleep=self.person.asleep)
        self.person.t = t
        self.person.befall(fall)
        self._life = fallen(self.person, t + fall.plateau_s)
        self._next = next(self._life)


class _Thermometer:
    """Reports the lounge's temperature about every ten minutes, whatever the person does."""

    def __init__(self, senses: Senses, calendar: Calendar, chance: Chance, start: float) -> None:
        self._senses = senses
        self._calendar = calendar
        self._chance = chance
        self._usual = chance.between(19.0, 22.0)
        self._drift = 0.0
        self.next = start + chance.between(0, _REPORT_S)

    def report(self) -> None:
        """Reports, and settles when to report next."""
        hour = self._calendar.moment(self.next).hour
        by_hour = 1.2 * cos(2 * pi * (hour - 18) / 24)  # warmest in the early evening
        self._drift = 0.98 * self._drift + self._chance.around(0, 0.08)
        self._senses.temperature(self.next, self._usual + by_hour + self._drift)
        self.next += _REPORT_S + self._chance.between(-20, 20)
