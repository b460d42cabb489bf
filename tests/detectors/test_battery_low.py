"""Batteries: told before the sensor falls silent, once, and by name."""

import msgspec

from contract import SensorEvent, State
from detectors.battery_low import BatteryLow
from detectors.conformance.lifelike import event, profile
from tests.detectors.people import instant, life, raised, said


def told(*percents: float) -> list[SensorEvent]:
    return [
        msgspec.structs.replace(event("kitchen-pir", instant(n, 12)), battery=percent)
        for n, percent in enumerate(percents)
    ]


def test_a_low_battery_is_told_once_and_by_name() -> None:
    alerts = raised(said(BatteryLow(profile()), told(100, 40, 14, 12, 16, 13)))
    assert [one.subject for one in alerts] == ["kitchen-pir"]
    assert alerts[0].evidence[0].text == "14 % left; it has been 100 %."
    assert "battery" in alerts[0].prompt


def test_a_new_battery_clears_it() -> None:
    answers = said(BatteryLow(profile()), told(14, 100), until=instant(2, 0))
    assert answers[-1].state == State.NORMAL


def test_sensors_that_never_tell_are_not_said_to_be_well() -> None:
    assert {one.state for one in said(BatteryLow(profile()), life(3))} == {State.BLIND}
