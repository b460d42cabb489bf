"""One local day of a person as a vector of named measures, built event by event.

The form is river's: a dict of numbers. A measure whose sensor did not speak that day is absent
rather than zero, for a silent sensor is not a silent person.
"""

from math import exp, log
from statistics import median
from typing import NamedTuple

import msgspec

from contract import Kind, SensorEvent
from detectors.features.bustle import Bustle
from detectors.features.journeys import Journeys
from detectors.features.measures import PARTS, ROOMS, THINGS
from detectors.features.middle import Middle
from detectors.features.places import BATHROOM, DRINK_APPLIANCES, EXITS, FOOD, SEEING, room
from detectors.features.presence import Presence
from detectors.features.visits import Visits
from detectors.features.voices import Voices
from detectors.moment import Moment

HOUR = 3600.0
PART_S = 6 * HOUR
WAKING = 4.0
"""Hours after midnight from which on movement is getting up; earlier it is still the evening's."""
WAKING_S = WAKING * HOUR
QUIET = 300.0
"""Seconds without activation that end a visit to a room."""
QUIET_BATHROOM = 600.0
SAME_USE = 60.0
"""Seconds within which a use that is told again is the same use."""
SAME_OPENING = 10.0
LEAST_JOURNEYS = 5
LEAST_INTERVALS = 3
MOST_INTERVALS = 64
"""Bathroom visits of a day between which time is measured; no ordinary day has more."""
NIGHT_SHARE = 0.25
_ROOM_OF = {"living_room": "lounge", "hall": "hallway", "landing": "hallway"}
_THING_OF = {"coffee_machine": "kettle", "tea_maker": "kettle"}
_NOT_A_ROOM = frozenset({"outside", "garden", "fridge", "freezer", "shed", "garage"})


class DayMeasures(NamedTuple):
    """A day that has ended.

    Attributes:
        measures: By name, in the units of :data:`detectors.features.measures.MEASURES`.
        seen: The share of the day in which the person could be seen, 0 to 1.
        out: The share in which they were out by a door, 0 to `1 - seen`.
        silent: Sensors that usually speak often, were heard within a week, and were not all day.
    """

    measures: dict[str, float]
    seen: float
    out: float
    silent: tuple[str, ...]


class Use(msgspec.Struct, array_like=True):
    """Uses of one thing in a day: how many, and the hours of the first and the last."""

    count: int = 0
    first: float = 0.0
    last: float = 0.0


class Today(msgspec.Struct):
    """The day under way.

    Attributes:
        visits: By room, for each part of the day; a room stands here once it has spoken.
        uses: By thing.
        begun: When each bathroom visit by day began, in hours of the epoch.
        slower: Journeys against the usual, as log ratios.
        doors: Openings of outer doors; None before one moved.
        first, last: Hours of the first waking and the last movement.
        seen_at: When the last waking sign of life was, in epoch seconds.
        silence: Longest time between two waking signs, in hours.
        fed_at: When the last waking sign of food or drink was, in epoch seconds.
        gap: Longest waking time without one, in hours.
        moves: How often movement went over from one room to another, by day.
        by_hour: Stretches of movement in each hour.
        warmth, readings: Sum and number of temperatures.
        unseen, out: Of the night, as shares of it.
    """

    visits: dict[str, list[int]] = {}
    uses: dict[str, Use] = {}
    begun: list[float] = []
    slower: Middle = msgspec.field(default_factory=Middle)
    doors: int | None = None
    first: float | None = None
    last: float = 0.0
    seen_at: float | None = None
    silence: float = 0.0
    fed_at: float | None = None
    gap: float = 0.0
    moves: int = 0
    by_hour: list[int] = msgspec.field(default_factory=lambda: [0] * 24)
    warmth: float = 0.0
    readings: int = 0
    unseen: float = 0.0
    out: float = 0.0


class DayVector(msgspec.Struct):
    """Builds one day after another; its form is part of a snapshot.

    Memory is bounded: rooms and things that :mod:`detectors.features.measures` does not name count
    as movement alone.

    Attributes:
        today: The day under way.
        rooms, things: Tell visits and uses apart.
        door: Tells openings apart.
        journeys, bustle, presence: As their modules say.
        voices: Which sensors are expected to speak.
    """

    today: Today = msgspec.field(default_factory=Today)
    rooms: dict[str, Visits] = {}
    things: dict[str, Visits] = {}
    door: Visits = msgspec.field(default_factory=Visits)
    journeys: Journeys = msgspec.field(default_factory=Journeys)
    bustle: Bustle = msgspec.field(default_factory=Bustle)
    presence: Presence = msgspec.field(default_factory=Presence)
    voices: Voices = msgspec.field(default_factory=Voices)

    def notice(self, event: SensorEvent, moment: Moment) -> None:
        """Takes in a sign of life, or a temperature."""
        if event.kind == Kind.TEMPERATURE:
            if event.place not in _NOT_A_ROOM:
                self.today.warmth += event.value
                self.today.readings += 1
            return
        place = event.place
        at_exit = place in EXITS
        self.presence.sign(moment.t, at_exit=at_exit, seen=event.kind in SEEING)
        self.voices.hear(event.sensor, moment.t)
        self._stir(moment)
        self._wake(moment)
        if event.kind == Kind.APPLIANCE or place == "fridge":
            self._use(_THING_OF.get(place, place), moment)
        elif at_exit:
            self._open(event, moment)
        if event.kind != Kind.APPLIANCE:
            self._visit(place, moment)
        if event.kind == Kind.MOTION and moment.second >= PART_S:
            self.today.moves += place != self.journeys.place
            slower = self.journeys.step(moment.t, place)
            if slower is not None:
                self.today.slower.add(slower)
        if place in FOOD or place in DRINK_APPLIANCES or event.kind == Kind.APPLIANCE:
            self._feed(moment)

    def end_night(self, t: float) -> None:
        """Ends the night at 06:00, for absence by night and by day are told apart differently."""
        absence = self.presence.close(t, night=True)
        self.today.unseen, self.today.out = absence.unseen, absence.out

    def end_day(self, t: float) -> DayMeasures:
        """Ends the day at midnight, `t` in epoch seconds, and begins the next."""
        today = self.today
        absence = self.presence.close(t, night=False)
        unseen = NIGHT_SHARE * today.unseen + (1 - NIGHT_SHARE) * absence.unseen
        out = NIGHT_SHARE * today.out + (1 - NIGHT_SHARE) * absence.out
        found = _measured(today, self.bustle.count)
        if self.presence.sees and today.first is not None:
            found["time_out"] = 24.0 * out
        self.today = Today()
        self.bustle.count = 0
        return DayMeasures(found, 1.0 - unseen, out, self.voices.end_day())

    def _stir(self, moment: Moment) -> None:
        before = self.bustle.count
        self.bustle.stir(moment.t)
        if self.bustle.count > before:
            self.today.by_hour[min(int(moment.hour), 23)] += 1

    def _wake(self, moment: Moment) -> None:
        today = self.today
        if moment.second < WAKING_S:
            return
        if today.first is None:
            today.first, today.fed_at = moment.hour, moment.t
        elif today.seen_at is not None:
            today.silence = max(today.silence, (moment.t - today.seen_at) / HOUR)
        today.seen_at, today.last = moment.t, moment.hour

    def _feed(self, moment: Moment) -> None:
        today = self.today
        if today.fed_at is not None:
            today.gap = max(today.gap, (moment.t - today.fed_at) / HOUR)
            today.fed_at = moment.t

    def _use(self, thing: str, moment: Moment) -> None:
        if thing not in THINGS:
            return
        if self.things.setdefault(thing, Visits()).begins(moment.t, SAME_USE):
            use = self.today.uses.setdefault(thing, Use(first=moment.hour))
            use.count += 1
            use.last = moment.hour

    def _open(self, event: SensorEvent, moment: Moment) -> None:
        today = self.today
        today.doors = today.doors or 0
        if event.value and self.door.begins(moment.t, SAME_OPENING):
            today.doors += 1

    def _visit(self, place: str, moment: Moment) -> None:
        bathroom = place in BATHROOM
        where = "bathroom" if bathroom else room(_ROOM_OF.get(place, place))
        if where not in ROOMS:
            return
        visits = self.today.visits.setdefault(where, [0] * len(PARTS))
        quiet = QUIET_BATHROOM if bathroom else QUIET
        if not self.rooms.setdefault(where, Visits()).begins(moment.t, quiet):
            return
        visits[min(int(moment.second // PART_S), len(PARTS) - 1)] += 1
        if bathroom and moment.second >= PART_S and len(self.today.begun) < MOST_INTERVALS:
            self.today.begun.append(moment.t / HOUR)


def _measured(today: Today, stretches: int) -> dict[str, float]:
    """The measures of the day that its events alone tell."""
    found: dict[str, float] = {
        f"visits_{where}_{part}": float(count)
        for where, counts in today.visits.items()
        for part, count in zip(PARTS, counts, strict=True)
    }
    if (bathroom := today.visits.get("bathroom")) is not None:
        found["bathroom_visits"] = float(sum(bathroom))
    between = [after - before for before, after in zip(today.begun, today.begun[1:], strict=False)]
    if len(between) >= LEAST_INTERVALS:
        found["bathroom_interval"] = median(between)
    for thing, use in today.uses.items():
        found[f"{thing}_uses"] = float(use.count)
        found[f"{thing}_first"], found[f"{thing}_last"] = use.first, use.last
    if today.doors is not None:
        found["door_openings"] = float(today.doors)
    if today.slower.count >= LEAST_JOURNEYS:
        found["pace"] = today.slower.median()
    if today.readings:
        found["temperature"] = today.warmth / today.readings
    return found | _movement(today, stretches)


def _movement(today: Today, stretches: int) -> dict[str, float]:
    """When and how much the person moved; nothing where they did not while people are up."""
    if today.first is None or today.seen_at is None:
        return {}
    found = {
        "room_changes": float(today.moves),
        "first_movement": today.first,
        "last_movement": today.last,
        "longest_silence": today.silence,
        "activity": float(stretches),
        "activity_spread": _spread(today.by_hour),
    }
    fed = today.uses or "kitchen" in today.visits
    if fed and today.fed_at is not None:
        found["intake_gap"] = max(today.gap, (today.seen_at - today.fed_at) / HOUR)
    return found


def _spread(by_hour: list[int]) -> float:
    """Over how many hours movement was spread: the exponential of its entropy, 1 to 24."""
    total = sum(by_hour)
    return exp(-sum(n / total * log(n / total) for n in by_hour if n)) if total else 0.0
