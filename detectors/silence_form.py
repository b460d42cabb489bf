"""What a watch of silences is told of its condition, what it says, and all that it remembers."""

from typing import NamedTuple

import msgspec

from detectors import chart
from detectors.features.lateness import Lateness
from detectors.features.pulse import Pulse
from detectors.features.voices import Voices
from detectors.features.whereabouts import Whereabouts
from detectors.lulls import Lulls
from detectors.models.levels import LevelModel
from detectors.models.usual import Prior
from detectors.protocol import NEVER
from detectors.records import Records


class Scope(NamedTuple):
    """Which silences a condition is about, before any home.

    Attributes:
        unwatched: Rooms in which silence means nothing to this condition.
        habits: Makes what is learned of silences: their tails, or their records.
        least: No silence is told before it has lasted so long, in seconds.
        most: Where silences would be told later than this, they tell nothing and are not watched.
        hard_stop: A silence that lasts so long is told whatever is usual; NEVER where none is.
        daily: What is believed of the longest silence of a day, in minutes.
        learning_days: Days before the first alert.
        alone: Whether it can answer "as usual" only of one who lives alone.
        needs_all: Whether it cannot tell while a sensor of people, or an outer door, is silent that
            usually speaks often.
    """

    unwatched: frozenset[str]
    habits: type[Lulls] | type[Records]
    least: float
    most: float
    hard_stop: float
    daily: Prior
    learning_days: int
    alone: bool
    needs_all: bool


class Words(NamedTuple):
    """What a condition says to staff. In `raised` stand `{minutes}`, `{room}` and `{since}`."""

    raised: str
    normal: str
    prompt: str
    measure: str
    label: str


class SilenceState(msgspec.Struct):
    """All that a silence watch has learned; its form is the snapshot's.

    Attributes:
        habits: What has been learned of silences.
        last: The last sign of life.
        context: Where and when the present silence began; empty where it is not watched.
        sees: Whether any sensor here could miss a person.
        first_day: The day of the first event, as an ordinal.
        limit_at: When the present silence becomes too long, or is to be told again.
        day_ends: When the daily answer is due.
        missed: The present silence is too long: RAISED, or BLIND where they may be out, or the link
            down.
        why: What keeps it from being told, where it is BLIND.
        signs, watched: Signs of life today in watched rooms, and those after which silence counts.
        hindrance: Why yesterday could not be judged.
        longest: The longest watched silence of the present day, in seconds.
        daily, points: The usual of that, and its chart, in minutes.
        lateness: What was told too late.
        pulse: What the home says by itself.
        voices: How often each sensor of people and outer doors speaks, where all are needed.
        unheard: Those that usually speak often, and did not all day yesterday or today so far.
        anew: When the link was last known to be up again after it had been down.
    """

    habits: Lulls | Records
    last: Whereabouts = msgspec.field(default_factory=Whereabouts)
    context: str = ""
    sees: bool = False
    first_day: int = 0
    limit_at: float = NEVER
    day_ends: float = NEVER
    missed: str = ""
    why: str = ""
    signs: int = 0
    watched: int = 0
    hindrance: str = ""
    longest: float = 0.0
    daily: LevelModel = msgspec.field(default_factory=LevelModel)
    points: list[chart.Point] = []
    lateness: Lateness = msgspec.field(default_factory=Lateness)
    pulse: Pulse = msgspec.field(default_factory=Pulse)
    voices: Voices = msgspec.field(default_factory=Voices)
    unheard: list[str] = []
    anew: float = float("-inf")
