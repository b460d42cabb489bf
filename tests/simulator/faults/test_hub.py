"""What the hub's own dialects and normaliser make of each fault, without broker and journal."""

from collections import Counter
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from contract import Kind, Quality, SensorEvent
from simulator.devices import Message
from simulator.devices.voices import VOICES
from simulator.faults import FAULTS, Fault
from tests.simulator.devices.events import event
from tests.simulator.faults.homes import (
    HOUR,
    START,
    Ears,
    a_life,
    essence,
    messages_of,
    spoiled,
)

LIFE = a_life(3, hours=10)
SAID = {dialect: messages_of(LIFE, dialect) for dialect in VOICES}
CLEAN = {dialect: Ears(messages).detected() for dialect, messages in SAID.items()}
ZIGBEE = "zigbee2mqtt"
SEEDS = st.integers(min_value=0, max_value=2**32)


def made(name: str, onset: float = 2 * HOUR, duration: float = 6 * HOUR, **chosen: object) -> Fault:
    return FAULTS[name].make(onset=START + onset, duration=duration, **chosen)


# In the order in which they would lie on the line, from the device to the hub.
HARMLESS: dict[str, Fault] = {
    "bounce": made("bounce", device="fridge-contact"),
    "chatty": made("chatty"),
    "battery report": made("battery_report", device="fridge-contact", every_s=600.0),
    "states repeated by a bridge": made("bridge_restart", duration=0.0),
    "duplicates within seconds": made("duplicates", share=0.5),
    "duplicates minutes later": made("duplicates", share=0.5, after_s=300.0),
    "retained": made("retained", every_s=600.0),
}


def resent(message: Message) -> bool:
    """Whether the broker sends it for a new subscription, as the fault above has it."""
    return message.retain and (message.t - HARMLESS["retained"].onset) % 600 == 0


_PRESS = (
    "a press without a time of its own is minutes later, byte for byte, what a second call for "
    "help would be, and no call may be passed over"
)
_STALE = (
    "a state without a time of its own is minutes later, byte for byte, what a door would say that "
    "was opened again"
)
KNOWN = {
    ("tasmota", "duplicates minutes later"): _PRESS,
    ("esphome", "duplicates minutes later"): _STALE,
}


def _cases() -> list[object]:
    return [
        pytest.param(
            dialect,
            name,
            marks=[pytest.mark.xfail(strict=True, reason=reason)]
            if (reason := KNOWN.get((dialect, name)))
            else [],
        )
        for dialect in VOICES
        for name in HARMLESS
    ]


@pytest.mark.parametrize(("dialect", "name"), _cases())
def test_a_harmless_fault_leaves_what_is_detected_upon_as_it_was(dialect: str, name: str) -> None:
    messages = spoiled(SAID[dialect], HARMLESS[name])
    assert messages != SAID[dialect] or (dialect, name) == ("plain", "chatty")
    ears = Ears(messages, marked=resent)
    assert ears.detected(Kind.LINK, *_measured(dialect)) == [
        one for one in CLEAN[dialect] if one[2] not in _measured(dialect)
    ]
    assert not ears.counts["refused"]


def test_of_a_tasmota_that_says_all_again_minutes_later_only_presses_are_heard_again() -> None:
    ears = Ears(spoiled(SAID["tasmota"], HARMLESS["duplicates minutes later"]))
    assert ears.detected(Kind.LINK, Kind.BUTTON) == [
        one for one in CLEAN["tasmota"] if one[2] != Kind.BUTTON
    ]


def _measured(dialect: str) -> tuple[str, ...]:
    """ESPHome tells no times, so a measure that is told again is measured anew."""
    return (Kind.TEMPERATURE,) if dialect == "esphome" else ()


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("name", HARMLESS)
def test_so_it_is_whatever_chance_does(name: str, seed: int) -> None:
    ears = Ears(spoiled(SAID[ZIGBEE], HARMLESS[name], seed=seed))
    assert ears.detected(Kind.LINK) == CLEAN[ZIGBEE]


@pytest.mark.parametrize("seed", range(8))
def test_harmless_faults_together_are_harmless(seed: int) -> None:
    messages = spoiled(SAID[ZIGBEE], *HARMLESS.values(), seed=seed)
    assert Ears(messages).detected(Kind.LINK) == CLEAN[ZIGBEE]


def test_retained_states_are_never_events() -> None:
    ears = Ears(spoiled(SAID[ZIGBEE], HARMLESS["retained"]), marked=resent)
    assert ears.counts["retained"] > 100
    assert ears.detected() == CLEAN[ZIGBEE]


def test_a_battery_report_is_told_as_that_and_no_more() -> None:
    ears = Ears(spoiled(SAID[ZIGBEE], HARMLESS["battery report"]))
    links = [one for one in ears.events if one.kind == Kind.LINK]
    assert [(one.sensor, one.value, one.battery) for one in links] == [("fridge-contact", 1, 97)]


def uses(events: list[SensorEvent]) -> list[SensorEvent]:
    return [one for one in events if one.kind == Kind.APPLIANCE and one.quality == Quality.OK]


def test_a_false_zero_neither_parts_a_use_nor_moves_it() -> None:
    ears = Ears(spoiled(SAID[ZIGBEE], made("false_zero")))
    found = [(one.at, one.duration) for one in uses(ears.events)]
    assert len(found) > 5
    true = [(one.at, one.duration) for one in uses(LIFE)]
    # One that falls on the first reading or the last moves that end by the time to the next.
    assert len(found) == len(true)
    assert sum(one in true for one in found) > len(true) / 2


def test_a_false_zero_takes_no_energy_from_a_use() -> None:
    boil = [event("kettle-plug", Kind.APPLIANCE, "kettle", 900, 90, duration=120)]
    messages = messages_of(boil)
    middle = [one for one in messages if b'"power":2700' in one.payload][5]
    zero = made("false_zero", middle.t - START, 1, share=1.0)
    (use,) = uses(Ears(spoiled(messages, zero)).events)
    assert use.value == pytest.approx(90, abs=1)


# What loses something: never one event that was not there.

LOSSES: dict[str, Fault] = {
    "link drop": made("link_drop"),
    "link drop, noticed": made("link_drop", noticed_s=600.0),
    "flat battery": made("flat_battery", fade_s=2 * HOUR, report_every_s=1200.0),
    "restart, all lost": made("bridge_restart", duration=600.0),
    "restart, all queued": made("bridge_restart", duration=600.0, queued=1.0),
    "power cut": made("power_cut", duration=1200.0),
    "late": made("late"),
    "disorder": made("disorder", within_s=200.0),
}
MAYBE_CUT = (Kind.LINK, Kind.APPLIANCE)


@pytest.mark.parametrize("name", LOSSES)
@settings(max_examples=10, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(seed=SEEDS, seconds=st.integers(min_value=0, max_value=7200))
def test_a_loss_makes_up_no_event(name: str, seed: int, seconds: int) -> None:
    fault = made_later(LOSSES[name], seconds)
    told = Counter(Ears(spoiled(SAID[ZIGBEE], fault, seed=seed)).detected(*MAYBE_CUT))
    assert not told - Counter(CLEAN[ZIGBEE])


def made_later(fault: Fault, seconds: float) -> Fault:
    return replace(fault, onset=fault.onset + seconds)


def test_nothing_outside_the_loss_is_lost() -> None:
    fault = LOSSES["link drop"]
    ears = Ears(spoiled(SAID[ZIGBEE], fault))
    told = set(ears.detected(*MAYBE_CUT))
    outside = [
        one
        for one in CLEAN[ZIGBEE]
        if one[2] not in MAYBE_CUT and not fault.onset - 600 <= one[0] < fault.until + 7200
    ]
    assert len(outside) > 40
    assert set(outside) <= told


def test_what_was_queued_is_kept_although_late() -> None:
    ears = Ears(spoiled(SAID[ZIGBEE], LOSSES["restart, all queued"]))
    every = {essence(one) for one in ears.events if one.kind not in MAYBE_CUT}
    assert {one for one in CLEAN[ZIGBEE] if one[2] not in MAYBE_CUT} <= every


def test_late_messages_are_all_told_and_the_latest_marked() -> None:
    ears = Ears(spoiled(SAID[ZIGBEE], LOSSES["late"]))
    assert {essence(one) for one in ears.events} >= set(CLEAN[ZIGBEE])
    assert {one.quality for one in ears.events} <= {Quality.OK, Quality.LATE, Quality.REPLAYED}


def test_a_link_that_drops_is_told_gone_and_back() -> None:
    ears = Ears(spoiled(SAID[ZIGBEE], made("link_drop", device="hallway-pir", noticed_s=600.0)))
    links = [(one.at.timestamp() - START, one.value) for one in ears.events if one.kind == "link"]
    assert links == [(2 * HOUR + 600, 0), (8 * HOUR, 1)]


def test_a_battery_fades_warns_and_is_told_gone() -> None:
    fading = made(
        "flat_battery", device="hallway-pir", fade_s=3 * HOUR, report_every_s=600, noticed_s=900.0
    )
    messages = spoiled(SAID[ZIGBEE], fading)
    levels = [b.battery for b in Ears(messages).events if b.battery is not None]
    assert levels == sorted(levels, reverse=True)
    assert levels[0] > 70
    assert levels[-1] < 20
    assert any(b'"battery_low":true' in one.payload for one in messages)
    links = [one.value for one in Ears(messages).events if one.kind == "link" and one.value == 0]
    assert links == [0]


def test_a_sensor_that_is_stuck_tells_nothing_that_was_not() -> None:
    stuck = made("frozen", device="fridge-contact")
    told = Counter(Ears(spoiled(SAID[ZIGBEE], stuck)).detected())
    assert not told - Counter(CLEAN[ZIGBEE])
    assert Counter(CLEAN[ZIGBEE]) - told


def test_a_movement_detector_that_is_stuck_moving_is_told_every_five_minutes_at_most() -> None:
    active = next(n for n, one in enumerate(SAID[ZIGBEE]) if b'"occupancy":true' in one.payload)
    onset = SAID[ZIGBEE][active].t + 0.001 - START
    stuck = made("frozen", onset, 8 * HOUR, device=SAID[ZIGBEE][active].topic)
    ears = Ears(spoiled(SAID[ZIGBEE], stuck))
    times = [one.at.timestamp() for one in ears.events if one.sensor == stuck.device]
    within = [t for t in times if stuck.onset < t < stuck.until]
    assert all(late - early >= 300 for early, late in pairwise(within))


def test_a_sensor_that_was_moved_tells_of_the_other_room() -> None:
    moved = made("moved", device="hallway-pir", beside="bathroom-pir")
    ears = Ears(spoiled(SAID[ZIGBEE], moved))

    def times(events: list[SensorEvent], sensor: str) -> set[float]:
        every = {one.at.timestamp() for one in events if one.sensor == sensor}
        return {t for t in every if moved.onset + 600 <= t < moved.until - 600}

    assert times(ears.events, "hallway-pir") == times(LIFE, "bathroom-pir")
    assert times(ears.events, "bathroom-pir") == times(LIFE, "bathroom-pir")


# Clocks.


def test_what_a_device_says_whose_clock_is_far_ahead_counts_by_the_hubs() -> None:
    ears = Ears(spoiled(SAID[ZIGBEE], made("wrong_clock", offset_s=3600.0)))
    assert ears.counts["ahead"] > 100
    assert ears.detected() == CLEAN[ZIGBEE]


def test_a_clock_an_hour_behind_is_found_out_and_its_events_are_detected_upon() -> None:
    slow = made("wrong_clock", 0, 20 * HOUR, device="hallway-pir", offset_s=-3600.0)
    ears = Ears(spoiled(SAID[ZIGBEE], slow))
    found = [one for one in ears.detected() if one[1] == "hallway-pir"]
    true = [one for one in CLEAN[ZIGBEE] if one[1] == "hallway-pir"]
    assert len(true) - 8 <= len(found)
    assert found == true[-len(found) :]
    assert ears.counts["device_clock_wrong"] > 50
    assert len(ears.events) == len(CLEAN[ZIGBEE])


def test_a_clock_in_1970_counts_by_the_hubs() -> None:
    ears = Ears(spoiled(SAID[ZIGBEE], made("wrong_clock", unset=True)))
    assert ears.counts["refused"] > 100
    assert ears.detected() == CLEAN[ZIGBEE]


def test_a_clock_that_is_behind_makes_one_event_of_one() -> None:
    behind = made("wrong_clock", 0, 20 * HOUR, offset_s=-3600.0)
    ears = Ears(spoiled(SAID[ZIGBEE], behind))
    told = Counter((one.sensor, one.kind) for one in ears.events if one.kind != Kind.APPLIANCE)
    assert told == Counter((one[1], one[2]) for one in CLEAN[ZIGBEE] if one[2] != Kind.APPLIANCE)


def test_a_plug_whose_clock_is_behind_tells_one_use_of_one() -> None:
    behind = made("wrong_clock", 0, 20 * HOUR, offset_s=-3600.0)
    assert len(uses(Ears(spoiled(SAID[ZIGBEE], behind)).events)) == len(uses(LIFE))


# Uses that a loss cuts.

BOILS = [
    event("kettle-plug", Kind.APPLIANCE, "kettle", t, 90, duration=120)
    for t in (1000, 3000, 5000, 7000)
]


def boiled(fault: Fault) -> list[SensorEvent]:
    return uses(Ears(spoiled(messages_of(BOILS), fault)).events)


def test_a_power_cut_in_a_boil_ends_it_where_it_was_last_heard() -> None:
    cut = boiled(made("power_cut", 2950, 1200))
    assert len(cut) == 4
    assert cut[1].value < 90
    assert cut[1].at.timestamp() == pytest.approx(START + 2950, abs=11)


def test_a_use_after_an_outage_is_not_given_what_was_drawn_in_it() -> None:
    """Two boils are lost, and the third is heard from its middle on."""
    *_, last = boiled(made("link_drop", 2000, 4950))
    assert last.value < 90


def test_a_bridge_that_repeats_a_plugs_last_power_makes_up_no_use() -> None:
    """It restarts in the midst of a boil and is away for 20 minutes."""
    assert len(boiled(made("bridge_restart", 2950, 1200))) == 4


def test_messages_of_these_tests_are_those_of_the_devices() -> None:
    assert all(isinstance(one, Message) for one in SAID[ZIGBEE])
    assert CLEAN[ZIGBEE] == sorted(essence(one) for one in LIFE)
