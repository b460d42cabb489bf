"""Each device by itself: how it rearms, what curve it draws, what it cannot tell."""

from itertools import pairwise
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract import Kind, SensorEvent
from gateway.dialects.protocol import Signal
from simulator.devices import Said
from simulator.devices.curve import Sample
from simulator.devices.edges import CONTACT, MOTION, Momentary, TwoSided
from simulator.devices.fitted import Fitted
from simulator.devices.plain import Link
from simulator.devices.plug import Plug
from simulator.devices.protocol import UntellableError
from simulator.devices.registry import make_device
from simulator.devices.voices.zigbee2mqtt import Zigbee2Mqtt
from simulator.living.chance import Chance
from tests.simulator.devices.events import START, event


def payloads(told: list[Said]) -> list[dict[str, Any]]:
    return [
        msgspec.json.decode(message.payload) | {"t": message.t}
        for one in told
        for message in Zigbee2Mqtt().say(one)
    ]


def said(told: list[Said], field: str) -> list[tuple[float, object]]:
    return [(round(one["t"] - START, 3), one.get(field)) for one in payloads(told)]


PIR = Fitted("hallway-pir", Kind.MOTION, "hallway")
DOOR = Fitted("fridge-contact", Kind.OPENING, "fridge", both=True)
KETTLE = Fitted("k", Kind.APPLIANCE, "kettle")


def motion(t: float) -> SensorEvent:
    return event("hallway-pir", Kind.MOTION, "hallway", t)


def test_a_pir_falls_back_after_its_minute() -> None:
    pir = Momentary(PIR, MOTION)
    assert said(pir.tell(motion(10)), "occupancy") == [(10, True)]
    assert pir.settle(START + 69.9) == []
    assert said(pir.settle(START + 70), "occupancy") == [(70, False)]
    assert pir.settle(START + 1000) == []


def test_a_pir_that_is_needed_sooner_falls_back_half_way() -> None:
    pir = Momentary(PIR, MOTION)
    pir.tell(motion(10))
    assert said(pir.tell(motion(14)), "occupancy") == [(12, False), (14, True)]


def test_a_door_whose_closing_is_recorded_closes_when_it_did() -> None:
    door = TwoSided(DOOR, CONTACT)
    opened = door.tell(event("fridge-contact", Kind.OPENING, "fridge", 5, 1))
    closed = door.tell(event("fridge-contact", Kind.OPENING, "fridge", 500, 0))
    assert said(opened + closed, "contact") == [(5, False), (500, True)]
    assert door.settle(START + 9000) == []


@pytest.mark.parametrize("value", [0, 1])
def test_a_state_that_holds_already_is_no_edge(value: float) -> None:
    door = TwoSided(DOOR, CONTACT)
    if value:
        door.tell(event("fridge-contact", Kind.OPENING, "fridge", 1, 1))
    with pytest.raises(UntellableError, match="no edge"):
        door.tell(event("fridge-contact", Kind.OPENING, "fridge", 5, value))


def boil(end: float, wh: float, seconds: float | None) -> SensorEvent:
    return event("kettle-plug", Kind.APPLIANCE, "kettle", end, wh, duration=seconds)


@given(
    watts=st.floats(min_value=20, max_value=3000),
    seconds=st.integers(min_value=10, max_value=5000),
)
def test_the_area_under_the_power_and_the_counter_agree_with_the_use(
    watts: float, seconds: int
) -> None:
    wh = watts * seconds / 3600
    curve = payloads(Plug(KETTLE).tell(boil(9000, wh, seconds)))
    area = sum(early["power"] * (late["t"] - early["t"]) / 3600 for early, late in pairwise(curve))
    assert area == pytest.approx(wh, abs=0.002)
    assert (curve[-1]["energy"] - curve[0]["energy"]) * 1000 == pytest.approx(wh, abs=0.001)
    assert all(a["energy"] <= b["energy"] for a, b in pairwise(curve))
    assert curve[-1]["power"] == 0
    assert curve[0]["t"] == pytest.approx(START + 9000 - seconds)
    assert curve[-1]["t"] == START + 9000


def test_a_plug_reads_every_ten_seconds_of_a_boil() -> None:
    times = [t for t, _ in said(Plug(KETTLE).tell(boil(1000, 90, 120)), "power")]
    assert times == [880, 890, 900, 910, 920, 930, 940, 950, 960, 970, 980, 990, 1000]


def test_the_counter_never_falls_over_many_boils() -> None:
    plug = Plug(KETTLE)
    counter = [
        energy
        for number in range(1, 30)
        for _, energy in said(plug.tell(boil(1000.0 * number, 98.7, 130)), "energy")
        if isinstance(energy, float)
    ]
    assert counter == sorted(counter)
    assert counter[-1] == pytest.approx(29 * 0.0987)


def test_a_plug_reports_zero_once_more_when_the_pause_is_long_enough() -> None:
    plug = Plug(KETTLE)
    plug.tell(boil(1000, 90, 120))
    assert plug.settle(START + 1090) == []
    assert said(plug.settle(START + 1200), "power") == [(1100, 0)]
    assert plug.settle(START + 5000) == []


@pytest.mark.parametrize(
    ("wh", "seconds"), [(0, 100), (50, 0), (10_000, 60)], ids=["no energy", "no time", "too much"]
)
def test_a_use_that_no_plug_can_meter_is_said_to_be_one(wh: float, seconds: float) -> None:
    with pytest.raises(UntellableError, match="no use that a plug can meter"):
        Plug(KETTLE).tell(boil(1000, wh, seconds))


def test_uses_that_overlap_are_said_to_do_so() -> None:
    plug = Plug(KETTLE)
    plug.tell(boil(1000, 90, 120))
    with pytest.raises(UntellableError, match="before the use before it"):
        plug.tell(boil(1100, 90, 120))


def test_a_use_without_a_length_lasts_a_minute() -> None:
    assert said(Plug(KETTLE).tell(boil(1000, 30, None)), "power")[0] == (940, 1800.0)


def test_a_device_that_goes_and_comes_back_tells_both() -> None:
    link = Link(PIR)
    gone = link.tell(event("hallway-pir", Kind.LINK, "hallway", 1, 0))
    back = link.tell(event("hallway-pir", Kind.LINK, "hallway", 2, 1))
    assert [state for _, state in said(gone + back, "state")] == ["offline", "online"]
    with pytest.raises(UntellableError):
        link.tell(event("hallway-pir", Kind.LINK, "hallway", 3, 1))


@pytest.mark.parametrize("kind", list(Kind))
def test_there_is_a_device_for_every_kind_of_event(kind: str) -> None:
    assert make_device(Fitted("x", kind, "lounge")).settle(START) == []


def test_an_unknown_kind_has_no_device() -> None:
    with pytest.raises(KeyError):
        make_device(Fitted("x", "smell", "lounge"))


def test_a_plug_tells_the_curve_that_its_appliance_draws() -> None:
    asked: list[tuple[object, ...]] = []

    def curve(appliance: str, wh: float, seconds: float, chance: Chance) -> list[Sample]:
        asked.append((appliance, wh, seconds, chance.share()))
        return [(0, 1200, 0), (seconds / 2, 600, wh * 2 / 3), (seconds, 0, wh)]

    told = [Plug(KETTLE._replace(curve=curve)).tell(boil(1000, 30, 120)) for _ in range(2)]
    assert said(told[0], "power") == [(880, 1200), (940, 600), (1000, 0)]
    assert [energy for _, energy in said(told[0], "energy")] == [0, 0.02, 0.03]
    assert told[0] == told[1]
    assert asked[0][:3] == ("kettle", 30, 120)
    assert asked[0] == asked[1], "the same use must always be drawn alike"


def test_the_use_as_a_whole_is_told_at_its_end_and_only_there() -> None:
    told = Plug(KETTLE).tell(boil(1000, 90, 120))
    assert [(one.values.get(Signal.USE), one.seconds) for one in told[-2:]] == [
        (None, None),
        (90, 120),
    ]
