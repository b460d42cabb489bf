"""The measures of a person's day: what each is called, in which unit, and how it varies."""

from math import sqrt
from typing import NamedTuple

NIGHT, MORNING, AFTERNOON, EVENING = "night", "morning", "afternoon", "evening"
PARTS: tuple[str, ...] = (NIGHT, MORNING, AFTERNOON, EVENING)
"""Of six hours each: 00 to 06, 06 to 12, 12 to 18, 18 to 24 by the clock on the wall."""
_HOURS: dict[str, str] = dict(
    zip(PARTS, ("00 to 06", "06 to 12", "12 to 18", "18 to 24"), strict=True)
)
ROOMS: tuple[str, ...] = ("bathroom", "bedroom", "kitchen", "lounge", "hallway")
THINGS: tuple[str, ...] = ("kettle", "fridge", "microwave")


class Measure(NamedTuple):
    """One measure of a day.

    Attributes:
        name: Stable, such as `visits_bathroom_night`.
        label, unit: As in :class:`contract.Evidence`.
        counts: Whether it is a count, whose variance grows with its mean.
        spread: Of any other measure, the standard deviation believed before a person is known.
    """

    name: str
    label: str
    unit: str
    counts: bool = False
    spread: float = 1.0

    def even(self, value: float) -> float:
        """The value on a scale on which ordinary days have a standard deviation of about 1.

        Of a count it is twice the root, after Anscombe, Biometrika 35, 1948.
        """
        return 2.0 * sqrt(value + 0.375) if self.counts else value / self.spread

    def plain(self, even: float) -> float:
        """The value in its unit again; no count is less than 0."""
        if self.counts:
            return max((max(even, 0.0) / 2.0) ** 2 - 0.375, 0.0)
        return even * self.spread


def _visits() -> list[Measure]:
    return [
        Measure(
            f"visits_{room}_{part}", f"Visits to the {room} ({_HOURS[part]})", "visits", counts=True
        )
        for room in ROOMS
        for part in PARTS
    ]


def _uses() -> list[Measure]:
    return [
        measure
        for thing in THINGS
        for measure in (
            Measure(f"{thing}_uses", f"Uses of the {thing}", "uses", counts=True),
            Measure(f"{thing}_first", f"First use of the {thing}", "o'clock"),
            Measure(f"{thing}_last", f"Last use of the {thing}", "o'clock"),
        )
    ]


MEASURES: tuple[Measure, ...] = (
    *_visits(),
    Measure("bathroom_visits", "Bathroom visits", "visits", counts=True),
    Measure("bathroom_interval", "Usual time between bathroom visits by day", "hours", spread=0.4),
    *_uses(),
    Measure("intake_gap", "Longest waking time without kettle, kitchen or fridge", "hours"),
    Measure("door_openings", "Openings of outer doors", "openings", counts=True),
    Measure("first_movement", "First movement after 04:00", "o'clock", spread=0.5),
    Measure("last_movement", "Last movement before midnight", "o'clock", spread=0.5),
    Measure("longest_silence", "Longest time without movement by day", "hours", spread=0.5),
    Measure("pace", "Journeys between rooms, slower (+) or quicker (-)", "log ratio", spread=0.08),
    Measure("activity", "Stretches of 5 minutes with movement", "stretches", counts=True),
    Measure("room_changes", "Changes from room to room by day", "changes", counts=True),
    Measure("activity_spread", "Hours over which movement was spread", "hours"),
    Measure("time_out", "Time out of the home", "hours"),
    Measure("temperature", "Temperature in the home", "°C"),
)
BY_NAME: dict[str, Measure] = {measure.name: measure for measure in MEASURES}
