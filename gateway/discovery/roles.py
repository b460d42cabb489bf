"""What a device could be to the hub: which kind of sensor, and where, guessed from its name.

A guess is offered, never taken: the installer knows where a sensor hangs.
"""

import re
from typing import NamedTuple

from contract import Kind
from gateway.dialects.protocol import Signal
from gateway.discovery.finding import Found
from gateway.normaliser.likeness import SHAKEN

# The words of a name, and the place that they tell; the first that fits is taken.
_PLACES: tuple[tuple[str, frozenset[str]], ...] = tuple(
    (place, frozenset(words.split()))
    for place, words in (
        ("front_door", "front door"),
        ("front_door", "entrance"),
        ("front_door", "main door"),
        ("back_door", "back door"),
        ("side_door", "side door"),
        ("patio_door", "patio"),
        ("bathroom_door", "bathroom door"),
        ("fridge", "fridge"),
        ("fridge", "refrigerator"),
        ("freezer", "freezer"),
        ("kettle", "kettle"),
        ("microwave", "microwave"),
        ("toaster", "toaster"),
        ("coffee_machine", "coffee"),
        ("oven", "oven"),
        ("cooker", "cooker"),
        ("cooker", "hob"),
        ("washing_machine", "washing"),
        ("television", "tv"),
        ("television", "television"),
        ("toilet", "toilet"),
        ("toilet", "wc"),
        ("toilet", "loo"),
        ("toilet", "cistern"),
        ("toilet", "flush"),
        ("bathroom", "bathroom"),
        ("bathroom", "bath"),
        ("bathroom", "shower"),
        ("bathroom", "wetroom"),
        ("bathroom", "wet room"),
        ("ensuite", "ensuite"),
        ("pendant", "pendant"),
        ("pendant", "sos"),
        ("pendant", "panic"),
        ("bed", "bed"),
        ("bed", "mattress"),
        ("bedroom", "bedroom"),
        ("chair", "chair"),
        ("chair", "armchair"),
        ("kitchen", "kitchen"),
        ("lounge", "lounge"),
        ("lounge", "living"),
        ("lounge", "livingroom"),
        ("lounge", "sitting"),
        ("hallway", "hallway"),
        ("hallway", "hall"),
        ("hallway", "corridor"),
        ("landing", "landing"),
        ("landing", "stairs"),
        ("porch", "porch"),
    )
)
_TOILET = frozenset({"toilet", "bathroom", "ensuite"})
_RESTS = frozenset({"bed", "chair"})
_KINDS: dict[Signal, str] = {
    Signal.OCCUPANCY: Kind.MOTION,
    Signal.PRESENCE: Kind.PRESENCE,
    Signal.OPEN: Kind.OPENING,
    Signal.POWER: Kind.APPLIANCE,
    Signal.USE: Kind.APPLIANCE,
    Signal.ACTION: Kind.BUTTON,
    Signal.TEMPERATURE: Kind.TEMPERATURE,
    Signal.HUMIDITY: Kind.HUMIDITY,
    Signal.GAIT_SPEED: Kind.GAIT_SPEED,
}
# What a network's list of fields calls otherwise than a signal is called.
_FIELDS = {
    "contact": Signal.OPEN,
    "water_leak": Signal.WATER,
    "sos": Signal.ACTION,
    "click": Signal.ACTION,
}
_MOVES = frozenset({"motion", "pir", "movement"})
_CALLS = frozenset(
    {"alarm", "button", "call", "cord", "emergency", "help", "panic", "pendant", "pull", "sos"}
)
_CLIMATE = frozenset({Kind.TEMPERATURE, Kind.HUMIDITY})
_NOT_ROOMS = frozenset({Kind.APPLIANCE, Kind.FLUSH})  # such a device's warmth is its own


class Role(NamedTuple):
    """What a device could be.

    Attributes:
        kind: Of sensor; empty where the hub has no use for what it tells.
        place: Guessed from its name; empty where the name tells none.
        doubt: What the installer should look at before believing it; empty where all is plain.
    """

    kind: str
    place: str
    doubt: str = ""


def roles(found: Found) -> list[Role]:
    """All that a device could be, most telling first; one without a kind where that is nothing."""
    place = place_in(found.name)
    told = set(found.signals) | _promised(found)
    if found.actions & SHAKEN:
        told = (told - {Signal.ACTION}) | {Signal.VIBRATION}
    kinds = dict.fromkeys(_KINDS[signal] for signal in _KINDS if signal in told)
    made = [_settled(kind, place) for kind in kinds]
    made += _of_switch(found, place) if Signal.SWITCH in told else []
    made += _of_water(told, place)
    if any(one.kind in _NOT_ROOMS for one in made):
        made = [one for one in made if one.kind not in _CLIMATE]
    return made or [_useless(told, place)]


def place_in(name: str) -> str:
    """The place that a name tells, in lower_snake_case; empty where it tells none."""
    parted = re.sub(r"([a-z])([A-Z])", r"\1 \2", name)
    words = set(re.findall(r"[a-z]+", parted.lower()))
    return next((place for place, needed in _PLACES if needed <= words), "")


def _settled(kind: str, place: str) -> Role:
    """A bed that says that something weighs on it knows of presence, not of movement."""
    if kind == Kind.MOTION and place in _RESTS:
        return Role(Kind.PRESENCE, place)
    return Role(kind, place)


def _of_switch(found: Found, place: str) -> list[Role]:
    """A cord taken for a door would call nobody, so whatever could be one is offered as one."""
    doubt = (
        "it only says on or off: look at what is wired to it (opening, motion, or button for a "
        "help cord) and try it"
    )
    words = set(re.findall(r"[a-z]+", found.name.lower()))
    if words & _CALLS or place == "pendant":
        return [Role(Kind.BUTTON, place or "pendant", doubt)]
    return [Role(Kind.MOTION if words & _MOVES else Kind.OPENING, place, doubt)]


def _of_water(told: set[Signal], place: str) -> list[Role]:
    if not {Signal.VIBRATION, Signal.WATER} & told:
        return []
    if place in _TOILET:
        return [Role(Kind.FLUSH, "toilet" if place == "toilet" else place)]
    doubt = "only where it hangs on a toilet's cistern: then it tells the flush"
    return [Role(Kind.FLUSH, place, doubt)]


def _useless(told: set[Signal], place: str) -> Role:
    if Signal.SMOKE in told:
        return Role("", place, "a smoke alarm: this hub is no fire alarm")
    if told:
        return Role("", place, "tells nothing of what a person does")
    return Role("", place, "has not yet told anything that the hub could use")


def _promised(found: Found) -> set[Signal]:
    """What its network says that it may tell."""
    known = {str(signal) for signal in Signal}
    named = (_FIELDS.get(one, one) for one in _fields(found))
    return {Signal(one) for one in named if one in known}


def _fields(found: Found) -> tuple[str, ...]:
    return found.described.tells if found.described is not None else ()
