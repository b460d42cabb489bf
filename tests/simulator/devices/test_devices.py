"""Each device by itself: how it rearms, what curve it draws, what it cannot tell."""

from itertools import pairwise

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract import Kind, SensorEvent
from simulator.devices import Message
from simulator.devices.edges import CONTACT, MOTION, Momentary, TwoSided
from simulator.devices.plain import Link
from simulator.devices.plug import Plug
from simulator.devices.protocol import UntellableError
from simulator.devices.registry import make_device
from tests.simulator.devices.events import START, event


def said(messages: list[Message], field: str) -> list[tuple[float, object]]:
    return [
        (round(message.t - START, 3), msgspec.json.decode(message.payload).get(field))
        for message in messages
    ]


def motion(t: float) -> SensorEvent:
    return event("hallway-pir", Kind.MOTION, "hallway", t)


def test_a_pir_falls_back_after_its_minute() -> None:
    pir = Momentary("hallway-pir", MOTION)
    assert said(pir.tell(motion(10)), "occupancy") == [(10, True)]
    assert pir.settle(START + 69.9) == []
    assert said(pir.settle(START + 70), "occupancy") == [(70, False)]
    assert pir.settle(START + 1000) == []


def test_a_pir_that_is_needed_sooner_falls_back_half_way() -> None:
    pir = Momentary("hallway-pir", MOTION)
    pir.tell(motion(10))
    assert said(pir.tell(motion(14)), "occupancy") == [(12, False), (14, True)]


def test_a_door_whose_closing_is_recorded_closes_when_it_did() -> None:
    door = TwoSided("fridge-contact", CONTACT)
    opened = door.tell(event("fridge-contact", Kind.OPENING, "fridge", 5, 1))
    closed = door.tell(event("fridge-contact", Kind.OPENING, "fridge", 500, 0))
    assert said(opened + closed, "contact") == [(5, False), (500, True)]
    assert door.settle(START + 9000) == []


@pytest.mark.parametrize("value", [0, 1])
def test_a_state_that_holds_already_is_no_edge(value: float) -> None:
    door = TwoSided("fridge-contact", CONTACT)
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
    curve = [
        msgspec.json.decode(m.payload) | {"t": m.t} for m in Plug("k").tell(boil(9000, wh, seconds))
    ]
    area = sum(early["power"] * (late["t"] - early["t"]) / 3600 for early, late in pairwise(curve))
    assert area == pytest.approx(wh, abs=0.002)
    assert (curve[-1]["energy"] - curve[0]["energy"]) * 1000 == pytest.approx(wh, abs=0.001)
    assert all(a["energy"] <= b["energy"] for a, b in pairwise(curve))
    assert curve[-1]["power"] == 0
    assert curve[0]["t"] == pytest.approx(START + 9000 - seconds)
    assert curve[-1]["t"] == START + 9000


def test_a_plug_reads_every_ten_seconds_of_a_boil() -> None:
    times = [t for t, _ in said(Plug("k").tell(boil(1000, 90, 120)), "power")]
    assert times == [880, 890, 900, 910, 920, 930, 940, 950, 960, 970, 980, 990, 1000]


def test_the_counter_never_falls_over_many_boils() -> None:
    plug = Plug("k")
    counter = [
        energy
        for number in range(1, 30)
        for _, energy in said(plug.tell(boil(1000.0 * number, 98.7, 130)), "energy")
        if isinstance(energy, float)
    ]
    assert counter == sorted(counter)
    assert counter[-1] == pytest.approx(29 * 0.0987)


def test_a_plug_reports_zero_once_more_when_the_pause_is_long_enough() -> None:
    plug = Plug("k")
    plug.tell(boil(1000, 90, 120))
    assert plug.settle(START + 1090) == []
    assert said(plug.settle(START + 1200), "power") == [(1100, 0)]
    assert plug.settle(START + 5000) == []


@pytest.mark.parametrize(
    ("wh", "seconds"), [(0, 100), (50, 0), (10_000, 60)], ids=["no energy", "no time", "too much"]
)
def test_a_use_that_no_plug_can_meter_is_said_to_be_one(wh: float, seconds: float) -> None:
    with pytest.raises(UntellableError, match="no use that a plug can meter"):
        Plug("k").tell(boil(1000, wh, seconds))


def test_uses_that_overlap_are_said_to_do_so() -> None:
    plug = Plug("k")
    plug.tell(boil(1000, 90, 120))
    with pytest.raises(UntellableError, match="before the use before it"):
        plug.tell(boil(1100, 90, 120))


def test_a_use_without_a_length_lasts_a_minute() -> None:
    assert said(Plug("k").tell(boil(1000, 30, None)), "power")[0] == (940, 1800.0)


def test_a_device_that_goes_and_comes_back_tells_both() -> None:
    link = Link("hallway-pir")
    gone = link.tell(event("hallway-pir", Kind.LINK, "hallway", 1, 0))
    back = link.tell(event("hallway-pir", Kind.LINK, "hallway", 2, 1))
    assert [message.payload for message in gone + back] == [
        b'{"state":"offline"}',
        b'{"state":"online"}',
    ]
    with pytest.raises(UntellableError):
        link.tell(event("hallway-pir", Kind.LINK, "hallway", 3, 1))


@pytest.mark.parametrize("kind", list(Kind))
def test_there_is_a_device_for_every_kind_of_event(kind: str) -> None:
    assert make_device("x", kind, "lounge", both=False).settle(START) == []


def test_an_unknown_kind_has_no_device() -> None:
    with pytest.raises(KeyError):
        make_device("x", "smell", "lounge", both=False)
