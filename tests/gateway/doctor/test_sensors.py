"""A sensor that fell silent is found before somebody relies on it."""

from pathlib import Path
from typing import Any

import pytest

from contract import SensorHealth, utc
from gateway.doctor.finding import State
from gateway.doctor.sensors import check_sensor, check_sensors
from gateway.journal import Intake, Journal
from gateway.journal.intake import quarantined
from gateway.settings import files
from tests.gateway.events import START
from tests.gateway.household import Household

HOUR = 3600.0


@pytest.mark.parametrize(
    ("hours", "told", "state", "says"),
    [
        (None, {}, State.WRONG, "never heard"),
        (1, {"battery": 80.0, "online": True}, State.OK, "heard 1 hour ago"),
        (24, {}, State.OK, "heard 1 day ago"),
        (26, {}, State.WRONG, "heard 1 day ago"),
        (26, {"kind": "button"}, State.OK, "heard 1 day ago"),
        (1, {"battery": 80.0, "online": False}, State.WRONG, "its network says it is away"),
        (0, {"battery": 14.0, "online": True}, State.NOTE, "battery 14 %"),
    ],
)
def test_each_state_of_a_sensor_is_told(
    hours: float | None,
    told: dict[str, Any],
    state: State,
    says: str,
) -> None:
    seen = None if hours is None else utc(START - hours * HOUR)
    sensor = SensorHealth(**{"sensor": "pir", "kind": "motion", "last_seen": seen, **told})
    found = check_sensor(sensor, START)
    assert (found.state, bool(found.remedy)) == (state, state is not State.OK)
    assert says in found.said


def test_a_device_that_speaks_and_is_not_in_the_settings_is_named(tmp_path: Path) -> None:
    household = Household(tmp_path)
    with Journal.open(household.journal_path, "hub-1", "h1") as journal:
        reason = "no sensor of this name is in the settings"
        aside = [quarantined(START - n, f"zigbee2mqtt/new-{n}", reason, b"") for n in range(7)]
        journal.write_intake(Intake(quarantine=aside), START)
    places = files(household.path, household.settings)
    found = {one.check: one for one in check_sensors(household.settings, places, START)}
    assert found["unknown devices"].state is State.NOTE
    assert found["unknown devices"].said.endswith("zigbee2mqtt/new-4 and 2 more")
    assert found["sensor front-door"].said == "never heard"


def test_settings_without_sensors_are_wrong_since_the_hub_would_hear_nothing(
    tmp_path: Path,
) -> None:
    household = Household(tmp_path)
    household.path.write_text('[hub]\nid = "hub-1"\nhome = "h1"\n')
    places = files(household.path, household.settings)
    (found,) = check_sensors(household.settings, places, START)
    assert found.state is State.WRONG
