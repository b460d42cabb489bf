"""What a detector merely says again is nobody who moves; who moves on is never missed for it."""

import json
from collections import Counter
from itertools import pairwise
from typing import Literal

import pytest

from detectors.no_movement import SCOPE
from gateway.dialects.network import Network
from gateway.dialects.networks import spoken_in
from gateway.doctor.sensors import check_sensor
from gateway.engine import Watermark
from gateway.hearing.hearing import Hearing, Past
from gateway.hearing.message import Message
from gateway.normaliser import Normaliser
from gateway.normaliser.pulses import GOES_ON_S, REARM_S, STUCK_S
from gateway.settings import Sensor

START = 1_772_325_000.0
HOUR = 3600.0


class Ears:
    """A hub with one detector of movement, in a dialect."""

    def __init__(self, dialect: str, kind: Literal["motion", "flush"] = "motion") -> None:
        sensor = Sensor(name="pir", kind=kind, place="hallway")
        self.normaliser = Normaliser("h1", [sensor])
        self.dialect = dialect
        self.counts = Counter[str]()
        self.hearing = Hearing(
            spoken_in([Network(dialect=dialect)]), self.normaliser, Watermark(), Past(),
            follows_wall_clock=True,
        )  # fmt: skip

    def hear(self, t: float, topic: str, said: object) -> int:
        """The movements that one message told."""
        message = Message(
            f"{self.dialect}/{topic}", json.dumps(said).encode(), 0, False, False, START + t
        )
        intake = self.hearing.hear([message])
        self.counts += intake.counts
        return sum(one.kind != "link" for one in intake.events)

    def stuck(self) -> bool:
        return self.normaliser.health()[0].stuck


def hourly_reports(hours: int) -> list[dict[str, object]]:
    return [{"occupancy": True, "battery": 90 - n, "temperature": 19} for n in range(hours)]


def test_a_battery_report_that_says_the_last_movement_again_is_none() -> None:
    ears = Ears("zigbee2mqtt")
    told = [ears.hear(HOUR * n, "pir", said) for n, said in enumerate(hourly_reports(24))]
    assert sum(told) == 1


def test_so_is_a_change_of_its_temperature_but_not_its_being_set_off_again() -> None:
    ears = Ears("zigbee2mqtt")
    said = {"occupancy": True, "battery": 90, "temperature": 19.0, "linkquality": 90}
    assert ears.hear(0, "pir", said) == 1
    assert ears.hear(400, "pir", said | {"temperature": 19.4}) == 0
    assert ears.hear(800, "pir", said | {"temperature": 19.4, "linkquality": 70}) == 1


@pytest.mark.parametrize("minutes", [1, 5])
def test_who_moves_before_a_detector_that_says_each_movement_is_seen_all_the_while(
    minutes: int,
) -> None:
    ears = Ears("zigbee2mqtt")
    times = range(0, int(2.9 * HOUR), 60 * minutes)
    told = [t for t in times if ears.hear(t, "pir", {"occupancy": True, "linkquality": t % 99})]
    assert [b - a for a, b in pairwise(told)] == [REARM_S] * (len(told) - 1)
    assert told[-1] > 2.7 * HOUR


@pytest.mark.parametrize(
    ("dialect", "topic", "said"),
    [
        ("tasmota", "tele/pir/SENSOR", {"Switch1": "ON"}),
        ("shelly", "pir/status/input:0", {"id": 0, "state": True}),
        (
            "shelly",
            "pir/events/rpc",
            {"method": "NotifyFullStatus", "params": {"input:0": {"id": 0, "state": True}}},
        ),
    ],
)
def test_what_is_read_every_five_minutes_shows_once_an_hour_that_somebody_moves_on(
    dialect: str, topic: str, said: object
) -> None:
    """Whoever moves without a pause keeps a wired detector up: after hours they would be missed."""
    ears = Ears(dialect)
    told = [t for t in range(0, int(24 * HOUR), 300) if ears.hear(t, topic, said)]
    assert told == [0, HOUR, 2 * HOUR], "and then it is stuck"
    assert SCOPE.least > GOES_ON_S


@pytest.mark.parametrize(
    ("dialect", "topic", "on", "off"),
    [
        ("tasmota", "stat/pir/RESULT", {"Switch1": {"Action": "ON"}}, None),
        (
            "shelly",
            "pir/events/rpc",
            {"method": "NotifyStatus", "params": {"input:0": {"state": True}}},
            {"method": "NotifyStatus", "params": {"input:0": {"state": False}}},
        ),
    ],
)
def test_what_a_device_says_because_it_happened_is_believed_however_long_it_is_active(
    dialect: str, topic: str, on: object, off: object
) -> None:
    ears = Ears(dialect)
    assert [ears.hear(n * HOUR, topic, on) for n in range(9)] == [1] * 9
    assert not ears.stuck()
    if off is not None:
        assert ears.hear(9 * HOUR, topic, off) == 0


def test_a_stuck_detector_is_told_as_a_fault_until_it_has_its_time_out() -> None:
    ears = Ears("zigbee2mqtt")
    said = {"occupancy": True, "battery": 90}
    told = [ears.hear(t, "pir", said) for t in range(0, int(STUCK_S) + 7200, 300)]
    assert not any(told[int(STUCK_S) // 300 :])
    assert ears.counts["stuck"] == 1
    (health,) = ears.normaliser.health()
    assert health.stuck
    found = check_sensor(health, START + STUCK_S + 7200)
    assert (found.state, "hours on end" in found.said) == ("wrong", True)
    other = Normaliser("h1", [Sensor(name="pir", kind="motion", place="hallway")])
    other.thaw(ears.normaliser.freeze(["pir"]))
    assert other.health()[0].stuck
    assert ears.hear(STUCK_S + 8000, "pir", {"occupancy": False}) == 0
    assert not ears.stuck()
    assert ears.hear(STUCK_S + 8060, "pir", said) == 1


def test_who_sleeps_before_a_radar_does_not_make_it_stuck() -> None:
    ears = Ears("zigbee2mqtt")
    told = [ears.hear(t, "pir", {"presence": True}) for t in range(0, int(12 * HOUR), 300)]
    assert all(told)
    assert not ears.stuck()


def test_water_that_runs_on_is_told_as_ever() -> None:
    ears = Ears("zigbee2mqtt", "flush")
    said = [{"water_leak": True, "battery": 90 - n} for n in range(9)]
    assert [ears.hear(HOUR * n, "pir", one) for n, one in enumerate(said)] == [1] * 9
    assert not ears.stuck()
