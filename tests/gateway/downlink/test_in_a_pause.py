"""Whoever asked not to be watched is not told of afterwards: what reached into a pause is gone."""

import json
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from contract import SensorEvent
from gateway.dialects.zigbee2mqtt import Zigbee2Mqtt
from gateway.engine import Watermark
from gateway.hearing.hearing import Hearing, Past
from gateway.hearing.message import Message
from gateway.journal import Intake
from gateway.normaliser import Normaliser
from gateway.settings import Sensor
from tests.gateway.downlink.bench import Bench
from tests.gateway.events import START, event

SENSORS = (
    Sensor(name="kettle", kind="appliance", place="kettle"),
    Sensor(name="door", kind="opening", place="front_door"),
)
HOUR = 3600.0


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    one = Bench(tmp_path)
    yield one
    one.journal.close()


class Ears:
    """A hub's ears, in a home whose recording may be paused."""

    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        self.hearing = Hearing(
            Zigbee2Mqtt(), Normaliser("h1", SENSORS), Watermark(), Past(), follows_wall_clock=True
        )

    def hear(self, device: str, **said: float) -> list[SensorEvent]:
        """What is kept of a message now."""
        message = Message(
            f"zigbee2mqtt/{device}", json.dumps(said).encode(), 0, dup=False, retain=False,
            received=self.bench.now,
        )  # fmt: skip
        return self.keep(self.hearing.hear([message]))

    def wait(self, seconds: float) -> list[SensorEvent]:
        """What is kept of what becomes certain meanwhile."""
        self.bench.run(seconds)
        return self.keep(self.hearing.tick(self.bench.now))

    def keep(self, intake: Intake) -> list[SensorEvent]:
        if untold := self.bench.standing.spells.hush(intake):
            self.hearing.untell(untold)
        return intake.events

    def pause(self, seconds: float) -> None:
        self.bench.take(
            self.bench.told(self.bench.command("pause", until=self.bench.soon(seconds)))
        )


@pytest.mark.parametrize(
    ("on_at", "off_at", "told"),
    [(-300, -120, True), (-60, 60, False), (60, 700, False), (-60, 700, False), (610, 700, True)],
)
def test_a_use_of_which_any_part_was_in_a_pause_is_not_told(
    bench: Bench, on_at: float, off_at: float, *, told: bool
) -> None:
    ears, kept = Ears(bench), list[SensorEvent]()
    bench.run(HOUR)
    begun = bench.now
    moments = sorted([(on_at, 2000.0), (off_at, 0.0), (0.0, None)], key=lambda one: one[0])
    bench.now -= 400
    for moment, power in moments:
        kept += ears.wait(begun + moment - bench.now)
        if power is None:
            ears.pause(600)
        else:
            kept += ears.hear("kettle", power=power)
    kept += ears.wait(600)
    assert [one.kind for one in kept] == ["appliance"] * told


def test_a_use_that_a_device_tells_as_a_whole_is_held_back_as_well(bench: Bench) -> None:
    ears = Ears(bench)
    ears.pause(HOUR)
    bench.run(2 * HOUR)
    lasted = [7200.0, 3601.0, 3599.0]
    uses = [
        msgspec.structs.replace(event(2, "kettle", "appliance", 20), duration=one) for one in lasted
    ]
    intake = Intake(events=list(uses))
    intake.counts["events"] += 3
    assert ears.keep(intake) == uses[2:]
    assert intake.counts == {"events": 1, "paused": 2}


def test_a_kettle_that_boiled_unheard_in_a_pause_is_no_use_when_it_is_heard_again() -> None:
    hearing = Hearing(
        Zigbee2Mqtt(), Normaliser("h1", SENSORS), Watermark(), Past(), follows_wall_clock=True
    )

    def said(t: float, power: float) -> Message:
        payload = json.dumps({"power": power, "energy": 12.4 + t / 10_000}).encode()
        return Message(
            "zigbee2mqtt/kettle", payload, 0, dup=False, retain=False, received=START + t
        )

    hearing.hear([said(0, 0)])
    kept, forgotten = hearing.pass_over([said(60, 2000)])
    assert not kept
    assert "kettle" in forgotten.devices
    assert hearing.hear([said(120, 2000), said(180, 0)]).events == []
    assert hearing.tick(START + 600).events == []
    hearing.hear([said(700, 2000), said(760, 0)])
    assert [one.duration for one in hearing.tick(START + 900).events] == [60]


def test_a_battery_that_ran_low_in_a_pause_is_told_after_it(bench: Bench) -> None:
    ears = Ears(bench)
    ears.pause(HOUR)
    assert ears.hear("door", battery_low=True) == []
    ears.wait(HOUR + 1)
    (low,) = ears.hear("door", battery_low=True)
    assert low.battery == 10
    assert ears.hear("door", battery_low=True) == []
