"""The only recordings with flush, bed and chair: every interval must become the right events."""

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.simulator.importers.reading import read_source
from tests.simulator.importers.sources import write_ordonez

NIGHT = "2011-11-28 02:27:59\t\t2011-11-28 10:18:11\t\tBed\t\t\tPressure\tBedroom"


def test_a_night_in_bed_has_a_beginning_and_an_end(tmp_path: Path) -> None:
    events, bad = read_source("ordonez", write_ordonez(tmp_path, [NIGHT]))
    assert not bad
    assert [(event.kind, event.place, event.value, event.at) for event in events] == [
        ("presence", "bed", 1, datetime(2011, 11, 28, 1, 27, 59, tzinfo=UTC)),
        ("presence", "bed", 0, datetime(2011, 11, 28, 9, 18, 11, tzinfo=UTC)),
    ]


@pytest.mark.parametrize(
    ("what", "kind", "place", "values"),
    [
        ("Toilet\t\tFlush\tBathroom", "flush", "toilet", [1]),
        ("Basin\t\tPIR\t\t\tBathroom", "motion", "bathroom", [1]),
        ("Shower\t\tPIR\tBathroom", "motion", "bathroom", [1]),
        ("Seat\tPressure\tLiving", "presence", "chair", [1, 0]),
        ("Maindoor\tMagnetic\tEntrance", "opening", "front_door", [1, 0]),
        ("Fridge\tMagnetic\tKitchen", "opening", "fridge", [1, 0]),
        ("Cupboard\tMagnetic\tKitchen", "opening", "cupboard", [1, 0]),
        ("Cabinet\tMagnetic\tBathroom", "opening", "bathroom_cabinet", [1, 0]),
        ("Cooktop\tPIR\tKitchen", "motion", "kitchen", [1]),
        ("Microwave\tElectric\tKitchen", "appliance", "microwave", [11.3]),
        ("Toaster\tElectric\tKitchen", "appliance", "toaster", [8.5]),
    ],
)
def test_each_sensor_is_one_the_detectors_know(
    tmp_path: Path, what: str, kind: str, place: str, values: list[float]
) -> None:
    row = f"2011-11-28 10:23:02\t\t2011-11-28 10:23:36\t\t{what}"
    events, bad = read_source("ordonez", write_ordonez(tmp_path, [row]))
    assert not bad
    assert [(event.kind, event.place) for event in events] == [(kind, place)] * len(values)
    assert [event.value for event in events] == values


def test_an_appliance_is_dated_at_its_end_and_tells_how_long_it_ran(tmp_path: Path) -> None:
    row = "2011-11-28 10:23:02\t\t2011-11-28 10:23:36\t\tToaster\tElectric\tKitchen"
    (use,), _ = read_source("ordonez", write_ordonez(tmp_path, [row]))
    assert use.at == datetime(2011, 11, 28, 9, 23, 36, tzinfo=UTC)
    assert use.duration == 34


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("2011-11-28 10:23:36\t2011-11-28 10:23:02\tBed\tPressure\tBedroom", "ends before"),
        ("2011-11-28 10:23:02\t2011-11-28 10:23:36\tRobot\tArm\tKitchen", "Robot Arm Kitchen"),
        ("2011-11-28 10:23:02\t2011-11-28 10:23:36\tBed", "3 fields"),
        ("later\t2011-11-28 10:23:36\tBed\tPressure\tBedroom", "no time"),
    ],
)
def test_a_bad_row_is_told_and_the_rest_is_read(tmp_path: Path, row: str, reason: str) -> None:
    events, bad = read_source("ordonez", write_ordonez(tmp_path, [row, NIGHT], home="B"))
    assert {event.home for event in events} == {"ordonez-b"}
    assert [refused.line for refused in bad] == [3]
    assert reason in bad[0].reason


def test_both_homes_come_in_whole(recordings: Path) -> None:
    events, bad = read_source("ordonez", recordings / "ordonez")
    assert not bad
    flushes = Counter(event.home for event in events if event.kind == "flush")
    assert sum(flushes.values()) == 138
    assert set(flushes) == {"ordonez-a", "ordonez-b"}
    presence = [event for event in events if event.kind == "presence"]
    assert sum(event.value for event in presence) == len(presence) / 2
