"""Ordonez et al.: two Spanish homes with toilet flush, bed and seat pressure, doors and motion.

Each row is an interval of one sensor: two lines of heading, then fields parted by runs of tabs. The
clock is the wall clock of Spain.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from contract import Kind, SensorEvent
from simulator.importers.clock import LocalClock
from simulator.importers.source import Advance, BadRow, Importer, read_lines

_FIELDS = 5
_HEADING_LINES = 2
_FILE = re.compile(r"Ordonez([A-Z])_Sensors\.txt")


@dataclass(frozen=True)
class _Sensor:
    """A sensor of ours; `both` where the end of the interval is an event as well."""

    name: str
    kind: str
    place: str
    both: bool = False


# Location, type and room in the file -> sensor of ours.
_SENSORS = {
    ("Toilet", "Flush", "Bathroom"): _Sensor("toilet-flush", Kind.FLUSH, "toilet"),
    ("Basin", "PIR", "Bathroom"): _Sensor("basin-pir", Kind.MOTION, "bathroom"),
    ("Shower", "PIR", "Bathroom"): _Sensor("shower-pir", Kind.MOTION, "bathroom"),
    ("Cooktop", "PIR", "Kitchen"): _Sensor("cooktop-pir", Kind.MOTION, "kitchen"),
    ("Door", "PIR", "Kitchen"): _Sensor("kitchen-door-pir", Kind.MOTION, "kitchen"),
    ("Door", "PIR", "Bedroom"): _Sensor("bedroom-door-pir", Kind.MOTION, "bedroom"),
    ("Door", "PIR", "Living"): _Sensor("lounge-door-pir", Kind.MOTION, "lounge"),
    ("Bed", "Pressure", "Bedroom"): _Sensor("bed-pressure", Kind.PRESENCE, "bed", both=True),
    ("Seat", "Pressure", "Living"): _Sensor("chair-pressure", Kind.PRESENCE, "chair", both=True),
    ("Maindoor", "Magnetic", "Entrance"): _Sensor(
        "front-door-contact", Kind.OPENING, "front_door", both=True
    ),
    ("Fridge", "Magnetic", "Kitchen"): _Sensor("fridge-contact", Kind.OPENING, "fridge", both=True),
    ("Cupboard", "Magnetic", "Kitchen"): _Sensor(
        "cupboard-contact", Kind.OPENING, "cupboard", both=True
    ),
    ("Cabinet", "Magnetic", "Bathroom"): _Sensor(
        "bathroom-cabinet-contact", Kind.OPENING, "bathroom_cabinet", both=True
    ),
    ("Microwave", "Electric", "Kitchen"): _Sensor("microwave-plug", Kind.APPLIANCE, "microwave"),
    ("Toaster", "Electric", "Kitchen"): _Sensor("toaster-plug", Kind.APPLIANCE, "toaster"),
}

# The electric sensors tell when an appliance ran, not what it drew; so its uses have the energy
# that an ordinary one would have used in the time.
_WATTS = {"microwave": 1200.0, "toaster": 900.0}


def _events(home: str, row: str, clock: LocalClock) -> Iterator[SensorEvent]:
    fields = [field.strip() for field in re.split(r"\t+", row.strip())]
    if len(fields) != _FIELDS:
        raise ValueError(f"{len(fields)} fields, not {_FIELDS}")
    start, end = clock.instant(fields[0]), clock.instant(fields[1])
    if end < start:
        raise ValueError("it ends before it starts")
    sensor = _SENSORS.get((fields[2], fields[3], fields[4]))
    if sensor is None:
        raise ValueError(f"no sensor of ours is {' '.join(fields[2:])[:60]!r}")
    if sensor.kind == Kind.APPLIANCE:
        seconds = (end - start).total_seconds()
        wh = round(_WATTS[sensor.place] * seconds / 3600, 1)
        yield _event(home, sensor, end, wh, duration=seconds)
        return
    yield _event(home, sensor, start, 1)
    if sensor.both:
        yield _event(home, sensor, end, 0)


def _event(
    home: str, sensor: _Sensor, at: datetime, value: float, *, duration: float | None = None
) -> SensorEvent:
    return SensorEvent(
        home=home,
        sensor=sensor.name,
        kind=sensor.kind,
        place=sensor.place,
        at=at,
        value=value,
        duration=duration,
    )


def _read(source: Path, advance: Advance) -> Iterator[SensorEvent | BadRow]:
    clock = LocalClock(IMPORTER.time_zone)
    for path in IMPORTER.files(source):
        match = _FILE.fullmatch(path.name)
        home = f"ordonez-{match.group(1).lower()}" if match else path.stem
        for line, row in read_lines(path, advance):
            if line <= _HEADING_LINES or not row.strip():
                continue
            try:
                yield from _events(home, row, clock)
            except ValueError as error:
                yield BadRow(path.name, line, str(error))


IMPORTER = Importer(
    name="ordonez",
    title="Ordonez homes A and B: flush, bed, seat, doors and motion of two people in Spain",
    pattern="Ordonez[A-Z]_Sensors.txt",
    time_zone="Europe/Madrid",
    read=_read,
    attribution="Ordonez et al. 2013, Sensors 13:5460; UCI repository, CC BY 4.0",
)
