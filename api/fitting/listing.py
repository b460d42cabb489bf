"""Which sensors a home has, as whoever fits them says: one more, or another place for one."""

import re
from collections.abc import Sequence
from typing import Any

import msgspec

from api.refusals import Conflict, Invalid
from contract import Kind

PLACES = (
    "bathroom", "toilet", "bedroom", "bed", "kitchen", "kettle", "fridge", "microwave", "lounge",
    "chair", "hallway", "front_door", "back_door", "pendant",
)  # fmt: skip
"""Rooms and things that are offered; detectors know some of them by these words."""
_PLACE = re.compile(r"[a-z][a-z0-9_]{0,63}")
_NAME = re.compile(r"[^\x00-\x1f\x7f]{1,128}")


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """What one sensor is to be.

    Attributes:
        name: As its network names it.
        kind: One of :class:`contract.Kind`.
        place: The room or thing, in lower_snake_case.
        entry: Which of the list, from 0; None for one more.
    """

    name: str
    kind: str
    place: str
    entry: int | None = None


def wish(name: str, kind: str, place: str, entry: str) -> Wish:
    """What a form asks for; `Front door` is `front_door`.

    Raises:
        Invalid: Something will not do; the sentence says what is allowed.
    """
    named, snake = name.strip(), re.sub(r"[\s-]+", "_", place.strip().lower())
    if _NAME.fullmatch(named) is None:
        raise Invalid("Type the name by which the sensor joined its network.")
    if kind not in set(Kind):
        raise Invalid("Choose what the sensor tells.")
    if _PLACE.fullmatch(snake) is None:
        raise Invalid("Type the room or thing in letters and digits, such as front door.")
    number = int(entry) if entry.isdecimal() and len(entry) < len("1000") else None
    return Wish(name=named, kind=kind, place=snake, entry=number)


def listed(sensors: Sequence[dict[str, Any]], asked: Wish) -> list[dict[str, Any]]:
    """The list with that sensor in it; whatever else an entry says stays.

    Raises:
        Conflict: The entry is not the one that was looked at.
        Invalid: The sensor stands in the list already, or is a help button, and would be none.
    """
    new = {"name": asked.name, "kind": asked.kind, "place": asked.place}
    others = [one for number, one in enumerate(sensors) if number != asked.entry]
    if any((one.get("name"), one.get("kind")) == (asked.name, asked.kind) for one in others):
        raise Invalid(f"{asked.name} is listed with that kind already.")
    if asked.entry is None:
        return [*sensors, new]
    if asked.entry >= len(sensors) or sensors[asked.entry].get("name") != asked.name:
        raise Conflict("The list is not the one that you looked at. Look at it anew.")
    before = sensors[asked.entry]
    if before.get("kind") == Kind.BUTTON != asked.kind:
        raise Invalid("A help button stays one: a call by it would be lost.")
    return [{**one, **new} if one is before else one for one in sensors]
