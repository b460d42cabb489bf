"""What can befall a person or a home: when it sets in, how it grows, what it changes."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

DAY_S = 86_400.0


class EpisodeKind(StrEnum):
    """What happens."""

    UTI = "uti"  # an infection of the urinary tract: small bladder, urgency, broken sleep
    LOW_INTAKE = "low_intake"  # drinks are left out
    DECLINE = "decline"  # slower walking and less of everything, over weeks
    FALL = "fall"  # lies where they fell until somebody comes
    SENSOR_DEATH = "sensor_death"  # a sensor says nothing more
    AWAY = "away"  # nobody is at home: a holiday or a stay in hospital


@dataclass(frozen=True, kw_only=True)
class Episode:
    """One thing that befalls one home.

    Attributes:
        onset: When it sets in, in epoch seconds.
        severity: From 0, nothing, to 1, the worst that is modelled.
        ramp_s, plateau_s, recovery_s: Seconds it grows, lasts in full, and fades. For a fall the
            plateau is how long they lie; for an absence, how long they are away.
        sensor: The sensor that dies.
        room: Where a fall waits for them; anywhere at home where none is named.
    """

    kind: EpisodeKind
    onset: float
    severity: float = 1.0
    ramp_s: float = 2 * DAY_S
    plateau_s: float = 5 * DAY_S
    recovery_s: float = 2 * DAY_S
    sensor: str = ""
    room: str = ""

    def __post_init__(self) -> None:
        if not 0 <= self.severity <= 1:
            raise ValueError(f"the severity of an episode is from 0 to 1, not {self.severity:g}")
        if min(self.ramp_s, self.plateau_s, self.recovery_s) < 0:
            raise ValueError("no part of an episode can last less than no time")

    @property
    def end(self) -> float:
        """When it is over, in epoch seconds."""
        return self.onset + self.ramp_s + self.plateau_s + self.recovery_s

    def intensity(self, t: float) -> float:
        """How much of it is felt at `t`: a ramp up to the severity, a plateau, a ramp down."""
        since, left = t - self.onset, self.end - t
        if since < 0 or left <= 0:
            return 0.0
        grown = since / self.ramp_s if since < self.ramp_s else 1.0
        remaining = left / self.recovery_s if left < self.recovery_s else 1.0
        return self.severity * min(grown, remaining)


def uti(onset: float, *, severity: float = 1.0, days: float = 5) -> Episode:
    """An infection that grows over two days and lasts `days` in full."""
    return Episode(kind=EpisodeKind.UTI, onset=onset, severity=severity, plateau_s=days * DAY_S)


def low_intake(onset: float, *, severity: float = 1.0, days: float = 5) -> Episode:
    """Drinks left out, more of them over two days; at severity 1 three of four."""
    return Episode(
        kind=EpisodeKind.LOW_INTAKE, onset=onset, severity=severity, plateau_s=days * DAY_S
    )


def decline(onset: float, *, severity: float = 1.0, days: float = 90) -> Episode:
    """A decline over six weeks that stays for `days`."""
    return Episode(
        kind=EpisodeKind.DECLINE,
        onset=onset,
        severity=severity,
        ramp_s=42 * DAY_S,
        plateau_s=days * DAY_S,
        recovery_s=0,
    )


def fall(onset: float, *, hours: float = 3, room: str = "") -> Episode:
    """A fall, and `hours` on the floor: at the first moment from `onset` that they are at home.

    Where a room is named, at the first moment that they are there.
    """
    return Episode(
        kind=EpisodeKind.FALL,
        onset=onset,
        ramp_s=0,
        plateau_s=hours * 3600,
        recovery_s=10 * DAY_S,
        room=room,
    )


def sensor_death(onset: float, sensor: str) -> Episode:
    """A sensor that says nothing from `onset` on."""
    return Episode(kind=EpisodeKind.SENSOR_DEATH, onset=onset, ramp_s=0, sensor=sensor)


def away(onset: float, *, days: float = 7) -> Episode:
    """Nobody at home for `days`, from the first moment after `onset` that they are up."""
    return Episode(
        kind=EpisodeKind.AWAY, onset=onset, ramp_s=0, plateau_s=days * DAY_S, recovery_s=0
    )


@dataclass(frozen=True)
class Effects:
    """What all episodes together change at one moment. Factors are of the usual.

    Attributes:
        capacity: Of the bladder.
        irritation: Urges an hour that no full bladder explains.
        thirst: Share of the usual drinks that is taken.
        pace: Of walking.
        activity: Of what is done beyond the needs of the day.
        unrest: Wakings an hour that nothing else explains.
    """

    capacity: float = 1.0
    irritation: float = 0.0
    thirst: float = 1.0
    pace: float = 1.0
    activity: float = 1.0
    unrest: float = 0.0


WELL = Effects()


def effects(episodes: Iterable[Episode], t: float) -> Effects:
    """The effects of episodes at `t`, together."""
    felt = [(episode.kind, x) for episode in episodes if (x := episode.intensity(t)) > 0]
    if not felt:
        return WELL
    total = WELL
    for kind, intensity in felt:
        total = _together(total, _effects_of(kind, intensity))
    return total


def _effects_of(kind: EpisodeKind, x: float) -> Effects:
    if kind is EpisodeKind.UTI:
        return Effects(
            capacity=1 - 0.4 * x,
            irritation=0.75 * x,
            thirst=1 - 0.1 * x,
            pace=1 - 0.08 * x,
            activity=1 - 0.25 * x,
            unrest=0.2 * x,
        )
    if kind is EpisodeKind.LOW_INTAKE:
        return Effects(thirst=1 - 0.75 * x, activity=1 - 0.15 * x)
    if kind is EpisodeKind.DECLINE:
        return Effects(pace=1 - 0.35 * x, activity=1 - 0.35 * x, unrest=0.08 * x)
    if kind is EpisodeKind.FALL:
        return Effects(pace=1 - 0.3 * x, activity=1 - 0.4 * x)
    return WELL


def _together(one: Effects, other: Effects) -> Effects:
    return Effects(
        capacity=one.capacity * other.capacity,
        irritation=one.irritation + other.irritation,
        thirst=one.thirst * other.thirst,
        pace=one.pace * other.pace,
        activity=one.activity * other.activity,
        unrest=one.unrest + other.unrest,
    )
