"""Which places mean what: where a person washes, eats and sleeps, and where they leave."""

from contract import Kind

BATHROOM = frozenset({"bathroom", "toilet", "ensuite", "shower_room", "bathroom_door"})
BEDROOM = frozenset({"bedroom", "bed"})
# The way to the bathroom leads through these, so that they tell nothing of the rest of the day.
ON_THE_WAY = BEDROOM | {"hallway", "landing"}
FOOD = frozenset({"kitchen", "fridge"})
DRINK_APPLIANCES = frozenset({"kettle", "coffee_machine", "tea_maker"})
EXITS = frozenset({"front_door", "back_door", "side_door", "patio_door"})
# Where one who leaves or comes home passes by.
NEAR_EXITS = frozenset({"hallway", "hall", "porch", "landing", "kitchen"})
# Where people rest for hours without moving.
RESTING = frozenset({"bedroom", "bed", "lounge", "living_room", "chair"})

# What only a person makes happen. Temperature and the like come by themselves.
PERSON_KINDS: frozenset[str] = frozenset(
    {
        Kind.MOTION,
        Kind.OPENING,
        Kind.APPLIANCE,
        Kind.FLUSH,
        Kind.PRESENCE,
        Kind.GAIT_SPEED,
        Kind.BUTTON,
    }
)

# Kinds without which nobody can be missed.
SEEING: frozenset[str] = frozenset({Kind.MOTION, Kind.PRESENCE})


def plain(place: str) -> str:
    """The place as a reader would write it: `front_door` is `front door`."""
    return place.replace("_", " ")


# Things stand in rooms: who opens the fridge is in the kitchen.
_ROOM_OF = {
    "fridge": "kitchen",
    "toilet": "bathroom",
    "bathroom_door": "bathroom",
    "bed": "bedroom",
    "chair": "lounge",
}


def room(place: str) -> str:
    """The room in which someone is who is noticed at `place`."""
    return _ROOM_OF.get(place, place)
