"""Boils are the only measure of drinking we have: each must be counted once, where it happened."""

import csv
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from contract import SensorEvent
from tests.simulator.importers.reading import read_source
from tests.simulator.importers.sources import KETTLE_COLUMNS, write_power

OFF, ON = 0.0, 2400.0
WINTER = "2015-01-10 08:00:00"


def boils(folder: Path) -> list[SensorEvent]:
    events, _ = read_source("kettle", folder)
    return [event for event in events if event.place == "kettle"]


def test_a_boil_is_dated_at_its_end_with_its_energy_and_length(tmp_path: Path) -> None:
    power = [OFF, ON, ON, ON, OFF, OFF, OFF, OFF, OFF]
    (boil,) = boils(write_power(tmp_path, "REFIT_House2_2015-01", WINTER, power))
    assert boil.at == datetime(2015, 1, 10, 8, 2, tzinfo=UTC)
    assert boil.duration == 90
    assert boil.value == 60
    assert (boil.home, boil.sensor, boil.kind) == ("refit-2", "kettle-plug", "appliance")


def test_readings_ninety_seconds_apart_are_one_boil(tmp_path: Path) -> None:
    power = [ON, OFF, OFF, ON, OFF, OFF, OFF, OFF]
    (boil,) = boils(write_power(tmp_path, "REFIT_House2_2015-01", WINTER, power))
    assert boil.duration == 120
    assert boil.value == 40  # the pause adds nothing


def test_readings_two_minutes_apart_are_two_boils(tmp_path: Path) -> None:
    power = [ON, OFF, OFF, OFF, ON, OFF, OFF, OFF, OFF]
    assert len(boils(write_power(tmp_path, "REFIT_House2_2015-01", WINTER, power))) == 2


def test_500_watts_are_not_yet_a_boil(tmp_path: Path) -> None:
    assert boils(write_power(tmp_path, "REFIT_House2_2015-01", WINTER, [500.0, OFF, OFF])) == []


def test_a_boil_over_the_end_of_a_month_is_one(tmp_path: Path) -> None:
    write_power(tmp_path, "REFIT_House2_2015-01", "2015-01-31 23:59:00", [ON, ON])
    write_power(tmp_path, "REFIT_House2_2015-02", "2015-02-01 00:00:00", [ON, OFF, OFF, OFF, OFF])
    (boil,) = boils(tmp_path)
    assert boil.duration == 90


def test_a_boil_under_way_when_the_recording_stops_is_kept(tmp_path: Path) -> None:
    assert len(boils(write_power(tmp_path, "REFIT_House2_2015-01", WINTER, [OFF, ON, ON]))) == 1


def test_a_microwave_on_half_power_is_one_use(tmp_path: Path) -> None:
    quiet = [OFF] * 10
    microwave = [OFF, 300.0, 900.0, OFF, 300.0, OFF, OFF, OFF, OFF, OFF]
    folder = write_power(tmp_path, "UKDALE_House2_2013-06", "2013-06-10 08:00:00", quiet, microwave)
    (use,), _ = read_source("kettle", folder)
    assert (use.sensor, use.place, use.home) == ("microwave-plug", "microwave", "ukdale-2")
    assert use.duration == 120


def test_summer_of_2014_is_in_utc_and_summer_of_2015_on_the_wall(tmp_path: Path) -> None:
    boil = [ON, OFF, OFF, OFF, OFF]
    write_power(tmp_path, "REFIT_House2_2014-06", "2014-06-02 06:17:30", boil)
    write_power(tmp_path, "REFIT_House2_2015-04", "2015-04-13 07:17:30", boil)
    assert [event.at.strftime("%H:%M") for event in boils(tmp_path)] == ["06:18", "06:18"]


def test_the_hour_that_the_file_tells_twice_counts_once(tmp_path: Path) -> None:
    rows = 2 * 60 + 30  # 20:30 to 21:45 by the file
    power = [OFF] * rows
    power[20] = ON  # 20:40
    power[140] = ON  # 21:40, which is 20:40 told again
    folder = write_power(tmp_path, "REFIT_House2_2014-09", "2014-09-30 20:30:00", power)
    events, bad = read_source("kettle", folder)
    assert [event.at for event in events] == [datetime(2014, 9, 30, 20, 40, 30, tzinfo=UTC)]
    assert {row.reason for row in bad} == {
        "this time was told before, since the file's clock was put back"
    }


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("2015-01-10 08:00:30,90,0,0,0", "5 columns"),
        ("2015-01-10 08:00:30,90,much,0,0,0", "could not convert"),
        ("2015-01-10 08:00:30,90,nan,0,0,0", "beyond"),
        ("2015-01-10 08:00:30,90,-5,0,0,0", "beyond"),
        ("soon,90,0,0,0,0", "no time"),
    ],
)
def test_a_bad_row_is_told_and_the_rest_is_read(tmp_path: Path, row: str, reason: str) -> None:
    rows = [KETTLE_COLUMNS, "2015-01-10 08:00:00,2400,2400,0,0,0", row]
    (tmp_path / "REFIT_House2_2015-01.csv").write_text("\n".join(rows))
    events, bad = read_source("kettle", tmp_path)
    assert len(events) == 1
    assert [refused.line for refused in bad] == [3]
    assert reason in bad[0].reason


def test_a_home_that_is_not_known_is_told(tmp_path: Path) -> None:
    write_power(tmp_path, "OTHER_House2_2015-01", WINTER, [ON])
    events, bad = read_source("kettle", tmp_path)
    assert events == []
    assert "REFIT_House2" in bad[0].reason


@pytest.fixture(scope="module")
def recorded(recordings: Path) -> list[SensorEvent]:
    """All of both homes, read once: that takes seconds."""
    return read_source("kettle", recordings / "kettle")[0]


def test_as_many_boils_as_the_list_beside_the_power_files(
    recordings: Path, recorded: list[SensorEvent]
) -> None:
    found = Counter(event.home for event in recorded if event.place == "kettle")
    with (recordings / "kettle" / "boils.csv").open() as rows:
        known = Counter(row["home"] for row in csv.DictReader(rows))
    assert found["refit-2"] == pytest.approx(known["REFIT_House2"], rel=0.01)
    assert found["ukdale-2"] == pytest.approx(known["UKDALE_House2"], rel=0.01)


def test_working_days_start_at_the_same_hour_in_summer_and_winter(
    recorded: list[SensorEvent],
) -> None:
    """What a wrong clock would break: the household rises by the wall, all year."""
    first: dict[str, dict[str, float]] = {}
    for event in recorded:
        wall = event.at.astimezone(ZoneInfo("Europe/London"))
        hour = wall.hour + wall.minute / 60
        if (
            (event.home, event.place) == ("refit-2", "kettle")
            and wall.weekday() < 5
            and hour >= 4.5
        ):
            first.setdefault(f"{wall:%Y-%m}", {}).setdefault(f"{wall:%d}", hour)
    medians = {month: sorted(hours.values())[len(hours) // 2] for month, hours in first.items()}
    for month in ("2014-03", "2014-05", "2014-06", "2014-09", "2014-10", "2015-01", "2015-04"):
        assert medians[month] == pytest.approx(7.3, abs=0.3), month
