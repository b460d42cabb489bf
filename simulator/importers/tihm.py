"""TIHM: motion and doors of 29 British homes of people with dementia, April to June 2019.

`activity.csv` tells activations only: when a motion sensor saw someone, when a door was opened. Its
clock is the wall clock of London. The names of its homes are pseudonyms already.
"""

from collections.abc import Iterator
from pathlib import Path

from contract import Kind, SensorEvent
from simulator.importers.clock import LocalClock
from simulator.importers.source import Advance, BadRow, Importer, identifier, read_lines

_COLUMNS = "patient_id,location_name,date"

# What the file calls it -> sensor, kind, place.
_SENSORS = {
    "bathroom": ("bathroom-pir", Kind.MOTION, "bathroom"),
    "bedroom": ("bedroom-pir", Kind.MOTION, "bedroom"),
    "hallway": ("hallway-pir", Kind.MOTION, "hallway"),
    "kitchen": ("kitchen-pir", Kind.MOTION, "kitchen"),
    "lounge": ("lounge-pir", Kind.MOTION, "lounge"),
    "back-door": ("back-door-contact", Kind.OPENING, "back_door"),
    "fridge-door": ("fridge-contact", Kind.OPENING, "fridge"),
    "front-door": ("front-door-contact", Kind.OPENING, "front_door"),
}


def _event(row: str, clock: LocalClock) -> SensorEvent:
    patient, location, date = row.split(",")
    if location not in _SENSORS:
        raise ValueError(f"{location[:40]!r} is no location of TIHM")
    sensor, kind, place = _SENSORS[location]
    home = f"tihm-{identifier(patient)}"
    return SensorEvent(
        home=home, sensor=sensor, kind=kind, place=place, at=clock.instant(date), value=1
    )


def _read(source: Path, advance: Advance) -> Iterator[SensorEvent | BadRow]:
    clock = LocalClock(IMPORTER.time_zone)
    for path in IMPORTER.files(source):
        for line, row in read_lines(path, advance):
            if not row or (line == 1 and row == _COLUMNS):
                continue
            try:
                yield _event(row, clock)
            except ValueError as error:
                yield BadRow(path.name, line, str(error))


IMPORTER = Importer(
    name="tihm",
    title="TIHM 2019, 29 homes: motion, fridge and outer doors",
    pattern="activity.csv*",
    time_zone="Europe/London",
    read=_read,
    attribution=(
        "TIHM: Palermo et al. 2023, Scientific Data 10:606, CC BY 4.0; with thanks to Surrey and "
        "Borders Partnership NHS Foundation Trust and Howz"
    ),
)
