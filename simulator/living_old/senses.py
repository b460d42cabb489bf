"""What the sensors of a home make of what happens in it."""

from heapq import heappop, heappush

from contract import Kind, SensorEvent, utc
from detectors.profile import SensorRole
from simulator.living.chance import Chance
from simulator.living.rooms import BATHROOM, BEDROOM, HALLWAY, KITCHEN, LOUNGE

_BLIND_S = 62.0  # a PIR is blind for a minute after it has fired; TIHM's 2nd percentile is 64 s
_UNSEEN = 0.06  # share of movements that a PIR misses

FRONT_DOOR = "front-door-contact"
FRIDGE = "fridge-contact"
KETTLE = "kettle-plug"
BED = "bed-presence"
THERMOMETER = "lounge-temperature"

PIR_OF = {room: f"{room}-pir" for room in (BATHROOM, BEDROOM, HALLWAY, KITCHEN, LOUNGE)}

SENSORS = (
    *(SensorRole(sensor=PIR_OF[room], kind=Kind.MOTION, place=room) for room in PIR_OF),
    SensorRole(sensor=FRONT_DOOR, kind=Kind.OPENING, place="front_door"),
    SensorRole(sensor=FRIDGE, kind=Kind.OPENING, place="fridge"),
    SensorRole(sensor=KETTLE, kind=Kind.APPLIANCE, place="kettle"),
    SensorRole(sensor=BED, kind=Kind.PRESENCE, place="bed"),
    SensorRole(sensor=THERMOMETER, kind=Kind.TEMPERATURE, place="lounge"),
)
_ROLE = {role.sensor: role for role in SENSORS}


class Senses:
    """The sensors of one home.

    Times are epoch seconds. What is told may lie ahead of the present: a door that will be closed.
    """

    def __init__(self, home: str, chance: Chance) -> None:
        self._home = home
        self._chance = chance
        self._seeing_from = dict.fromkeys(PIR_OF, 0.0)
        self._in_bed = False
        self._dead_from: dict[str, float] = {}
        self._told: list[tuple[float, int, SensorEvent]] = []
        self._number = 0

    def kill(self, sensor: str, t: float) -> None:
        """The sensor says nothing from `t` on.

        Raises:
            ValueError: There is no such sensor.
        """
        if sensor not in _ROLE:
            raise ValueError(f"no sensor {sensor!r}; there are {', '.join(_ROLE)}")
        self._dead_from[sensor] = min(t, self._dead_from.get(sensor, t))

    def moved(self, room: str, t: float) -> None:
        """Somebody moved in the room."""
        if t >= self._seeing_from.get(room, t + 1) and not self._chance.happens(_UNSEEN):
            self._seeing_from[room] = t + _BLIND_S + self._chance.between(0, 4)
            self._tell(PIR_OF[room], t, 1)

    def door(self, sensor: str, t: float, seconds: float) -> None:
        """A door was opened, and closed after so many seconds."""
        self._tell(sensor, t, 1)
        self._tell(sensor, t + seconds, 0)

    def boiled(self, t: float, wh: float, seconds: float) -> None:
        """The kettle was switched on at `t`; it is known when it is done."""
        self._tell(KETTLE, t + seconds, wh, duration=seconds)

    def bed(self, t: float, *, occupied: bool) -> None:
        """Somebody got into the bed, or out of it."""
        if occupied != self._in_bed:
            self._in_bed = occupied
            self._tell(BED, t, int(occupied))

    def temperature(self, t: float, celsius: float) -> None:
        """The thermometer's own report."""
        self._tell(THERMOMETER, t, round(celsius, 1))

    def take(self, before: float) -> SensorEvent | None:
        """The next event strictly before `before`, which will not be told again."""
        while self._told and self._told[0][0] < before:
            t, _, event = heappop(self._told)
            if t < self._dead_from.get(event.sensor, t + 1):
                return event
        return None

    def _tell(self, sensor: str, t: float, value: float, *, duration: float | None = None) -> None:
        role = _ROLE[sensor]
        self._number += 1  # keeps what happens at one instant in the order it was told
        event = SensorEvent(
            home=self._home,
            sensor=sensor,
            kind=role.kind,
            place=role.place,
            at=utc(t),
            value=value,
            duration=duration,
        )
        heappush(self._told, (t, self._number, event))
