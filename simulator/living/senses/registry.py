"""What can be fitted in a home; a new sensor is one file and one line here."""

from collections.abc import Callable, Sequence
from functools import cache

from detectors.profile import SensorRole
from simulator.living.chance import Chance
from simulator.living.population import HOMES
from simulator.living.rooms import HALLWAY, INDOORS, KITCHEN, LOUNGE
from simulator.living.senses.air import Thermometer
from simulator.living.senses.contacts import bed, door
from simulator.living.senses.motion import Glimpse, Motion
from simulator.living.senses.sensor import Sensor
from simulator.living.senses.uses import Flush, Plug

Make = Callable[[Chance], Sensor]


_HIDDEN, _HIDDEN_REACH = 0.07, 0.12  # how often something stands in a sensor's way
_AJAR = 0.6  # how often a sensor looks through a door that stands open
_SEEDS = 2**50
_BEYOND = {
    HALLWAY: ((KITCHEN, 0.6), (LOUNGE, 0.4)),
    KITCHEN: ((HALLWAY, 0.75), (LOUNGE, 0.25)),
    LOUNGE: ((HALLWAY, 0.75), (KITCHEN, 0.25)),
}


def _motion(room: str) -> Make:
    def make(chance: Chance) -> Sensor:
        reach = HOMES[room].draw(chance) * (_HIDDEN_REACH if chance.happens(_HIDDEN) else 1.0)
        if room not in _BEYOND or not chance.happens(_AJAR):
            return Motion(room, reach, chance)
        beyond, through = chance.pick(_BEYOND[room]), HOMES["through"].draw(chance)
        own = Chance.of(
            int(chance.share() * _SEEDS)
        )  # so that neither room's chance is the other's
        return Motion(room, reach, chance, Glimpse(beyond, through * reach, own))

    return make


MAKES: dict[str, Make] = {
    **{f"{room}-pir": _motion(room) for room in INDOORS},
    "front-door-contact": lambda _chance: door("front_door"),
    "back-door-contact": lambda _chance: door("back_door"),
    "fridge-contact": lambda _chance: door("fridge"),
    "kettle-plug": lambda _chance: Plug("kettle"),
    "bed-presence": lambda _chance: bed(),
    "lounge-temperature": lambda chance: Thermometer(LOUNGE, chance.around(0, 0.9), chance),
    "toilet-flush": lambda _chance: Flush(),
}
"""From a sensor's name to what makes it."""

USUAL = tuple(name for name in MAKES if name != "toilet-flush")
"""What a home is fitted with where nothing else is said."""


def roles_of(names: Sequence[str] = USUAL) -> tuple[SensorRole, ...]:
    """What these sensors tell, and where."""
    return tuple(map(_role_of, names))


@cache
def _role_of(name: str) -> SensorRole:
    return MAKES[name](Chance.of(0)).role
