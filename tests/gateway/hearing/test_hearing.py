"""Every message ends in one way, is counted, and does nothing that a person did not do."""

import json
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.clock.clock import FUTURE_S
from gateway.dialects.protocol import Decoded
from gateway.dialects.zigbee2mqtt import Zigbee2Mqtt
from gateway.engine import Watermark
from gateway.hearing.directory import BRIDGE_AWAY_S
from gateway.hearing.hearing import Hearing, Past
from gateway.hearing.message import Message
from gateway.hearing.reader import LARGEST_LIST, LARGEST_PAYLOAD
from gateway.journal import Intake
from gateway.normaliser import Normaliser
from tests.gateway.events import START, at
from tests.gateway.listening import MOVED, SENSORS, STILL, listener, message, seen


def test_a_movement_becomes_an_event_dated_by_the_hub_where_the_device_does_not_say() -> None:
    intake = listener().hear([message("bathroom-pir", MOVED, 5)])
    assert [event.at.timestamp() for event in intake.events] == [START + 5]
    assert intake.counts == {"messages": 1, "events": 1}
    assert set(intake.devices) == {"bathroom-pir"}
    assert intake.newest == intake.received == START + 5


def test_the_device_knows_best_when_it_was() -> None:
    intake = listener().hear([message("bathroom-pir", MOVED | {"last_seen": seen(1)}, 3700)])
    assert [event.at for event in intake.events] == [at(1)]


def test_a_time_out_is_counted_and_is_no_event() -> None:
    intake = listener().hear([message("bathroom-pir", MOVED), message("bathroom-pir", STILL, 60)])
    assert len(intake.events) == 1
    assert intake.counts["no_change"] == 1


def test_a_retained_state_is_nothing_a_person_did() -> None:
    listening = listener(shut=False)
    old = message("front-door", {"contact": False, "battery": 55}, retain=True)
    intake = listening.hear([old])
    assert intake.events == []
    assert intake.counts == {"messages": 1, "retained": 1}
    assert set(intake.devices) == {"front-door"}
    report = message("front-door", {"contact": False, "battery": 55}, 5)
    assert [one.kind for one in listening.hear([report]).events] == ["link"], "it stood open before"
    shut = listening.hear([message("front-door", {"contact": True}, 9)])
    assert [(one.kind, one.value) for one in shut.events] == [("opening", 0)]


def test_the_first_word_of_a_door_is_how_it_stands_and_not_that_somebody_opened_it() -> None:
    listening = listener(shut=False)
    assert listening.hear([message("front-door", {"contact": False})]).events == []
    said = enumerate((True, False), start=1)
    told = listening.hear([message("front-door", {"contact": one}, 60 * n) for n, one in said])
    assert [one.value for one in told.events] == [0, 1]


def test_a_retained_state_moves_no_door_of_which_is_known_how_it_stands() -> None:
    """A broker tells what it kept before what waits for the hub: the opening would be lost."""
    listening = listener()
    listening.hear([message("front-door", {"contact": False}, retain=True)])
    assert len(listening.hear([message("front-door", {"contact": False}, 5)]).events) == 1


@pytest.mark.parametrize("topic", ["bridge/definitions", "bridge/info", "bridge/logging", "tv/set"])
def test_what_a_well_bridge_says_at_length_and_nobody_reads_fills_no_quarantine(topic: str) -> None:
    said = b'{"clusters":"' + b"x" * (2 * LARGEST_PAYLOAD) + b'"}'
    intake = listener().hear([message(topic, said)])
    assert (intake.counts["refused"], intake.counts["ignored"]) == (0, 1)
    assert intake.quarantine == []


def test_a_press_that_is_told_in_full_and_as_a_bare_word_is_one_call() -> None:
    listening = listener()
    both = [
        message("pendant", {"action": "single", "last_seen": seen(0)}, 1),
        message("pendant/action", b"single", 1),
    ]
    intake = listening.hear(both)
    assert len(intake.events) == 1
    assert not intake.quarantine
    assert len(listening.hear([message("pendant/action", b"single", 30)]).events) == 1


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        (b"\xff\x00\x01", "not JSON"),
        (b"{", "not JSON"),
        (b'{"power":NaN}', "not JSON"),
        (b'{"occupancy":"yes"}', "occupancy must be true or false"),
        (b"x" * (LARGEST_PAYLOAD + 1), "longer than the 65536 bytes"),
    ],
)
def test_what_cannot_be_used_is_kept_with_its_topic_and_reason(payload: bytes, reason: str) -> None:
    intake = listener().hear([message("bathroom-pir", payload)])
    assert intake.events == []
    (kept,) = intake.quarantine
    assert kept.topic == "zigbee2mqtt/bathroom-pir"
    assert reason in kept.reason
    assert payload.startswith(kept.payload)
    assert len(kept.payload) <= 512
    assert intake.counts["refused"] == 1


def test_a_call_said_again_by_a_device_that_is_ahead_is_no_second_call() -> None:
    """The first is dated by the hub; the second is no longer ahead, and bears the same time."""
    listening = listener()
    press = {"action": "single", "last_seen": seen(0.01 / 3600)}
    intake = listening.hear([message("pendant", press), message("pendant", press, 3)])
    assert [event.kind for event in intake.events if event.kind == "button"] == ["button"]


def test_a_device_ahead_of_the_hub_is_dated_now_and_loses_nothing() -> None:
    ahead = {**MOVED, "last_seen": seen(FUTURE_S / 3600)}
    (event,) = listener().hear([message("bathroom-pir", ahead)]).events
    assert event.at.timestamp() == START
    beyond = {**MOVED, "last_seen": seen((FUTURE_S + 1) / 3600)}
    intake = listener().hear([message("bathroom-pir", beyond)])
    assert [one.at.timestamp() for one in intake.events] == [START]
    assert intake.counts["ahead"] == 1


def test_a_press_said_again_by_a_device_that_is_years_ahead_is_no_second_call() -> None:
    listening = listener()
    press = {"action": "single", "last_seen": 4_000_000_000_000}
    intake = listening.hear([message("pendant", press), message("pendant", press, 60)])
    assert [event.kind for event in intake.events] == ["button"]


def test_a_device_nobody_knows_is_counted_each_time_and_kept_once() -> None:
    intake = listener().hear([message("stranger", MOVED, t) for t in range(3)])
    assert intake.counts["unknown_sensor"] == 3
    assert len({kept.once for kept in intake.quarantine}) == 1
    assert intake.quarantine[0].once is not None


def test_what_the_bridge_says_of_itself_is_no_event_and_counted() -> None:
    intake = listener().hear([message("bridge/state", b"online")])
    assert intake.counts == {"messages": 1, "network": 1}


def devices(**names: str) -> Message:
    listed = [{"ieee_address": one, "friendly_name": name} for one, name in names.items()]
    return message("bridge/devices", json.dumps(listed).encode(), retain=True)


def test_a_device_that_was_renamed_on_its_network_is_not_deaf() -> None:
    listening = listener()
    first = listening.hear([devices(a="bathroom-pir")])
    assert first.counts == {"messages": 1, "network": 1}
    again = listener(Past(names=first.devices[""]))
    intake = again.hear([devices(a="wet room"), message("wet room", MOVED, 5)])
    assert [event.sensor for event in intake.events] == ["bathroom-pir"]
    assert intake.counts["renamed"] == 1
    assert intake.counts["unknown_sensor"] == 0
    (kept,) = intake.quarantine
    assert kept.topic == "zigbee2mqtt/wet room"
    assert "'bathroom-pir'" in kept.reason


def test_a_list_of_devices_may_be_long_and_other_messages_not() -> None:
    exposes = [{"name": "x" * 100}] * 1000
    device = {"ieee_address": "a", "friendly_name": "b", "definition": {"exposes": exposes}}
    long = json.dumps([device]).encode()
    assert LARGEST_PAYLOAD < len(long) < LARGEST_LIST
    assert listener().hear([message("bridge/devices", long)]).counts["network"] == 1
    assert listener().hear([message("bridge/event", long)]).counts["refused_too_long"] == 1
    far_too_long = message("bridge/devices", b"x" * (LARGEST_LIST + 1))
    assert listener().hear([far_too_long]).counts["refused_too_long"] == 1


def test_devices_go_with_their_bridge_when_it_stays_away_and_come_back_with_it() -> None:
    listening = listener()
    away = message("bridge/state", b'{"state":"offline"}', 10)
    back = message("bridge/state", b'{"state":"online"}', 5000)
    listening.hear([devices(a="bathroom-pir", b="front-door"), away])
    assert listening.tick(START + 10 + BRIDGE_AWAY_S - 1).events == []
    gone = listening.tick(START + 10 + BRIDGE_AWAY_S).events
    assert [(one.sensor, one.kind, one.value) for one in gone] == [
        ("bathroom-pir", "link", 0),
        ("front-door", "link", 0),
    ]
    returned = listening.hear([back]).events
    assert [(one.sensor, one.value) for one in returned] == [("bathroom-pir", 1), ("front-door", 1)]


def test_a_state_that_is_taken_back_from_the_broker_is_nothing_wrong() -> None:
    """A bridge empties the old topic of a device that was renamed or removed."""
    intake = listener().hear([message("bathroom-pir/availability", b"", retain=True)])
    assert intake.counts == {"messages": 1, "ignored": 1, "ignored_empty": 1}


def test_what_a_bridge_logs_and_what_is_said_to_devices_is_counted_apart() -> None:
    topics = ("bridge/logging", "bridge/info", "kettle/set", "kettle")
    intake = listener().hear([message(one, b'{"state":"ON"}') for one in topics])
    whys = ("log", "bridge", "command", "no_field")
    assert intake.counts == {"messages": 4, "ignored": 4} | {f"ignored_{why}": 1 for why in whys}


class Brittle(Zigbee2Mqtt):
    """Fails at a payload, as a hub with a fault would."""

    def decode(self, topic: str, payload: bytes) -> Decoded:
        decoded = super().decode(topic, payload)
        if b"poison" in payload:
            raise ZeroDivisionError(payload)
        if b"venom" in payload:  # passes here, and fails further on
            readings = [one._replace(value="?") for one in decoded.readings]  # type: ignore[arg-type] # that is the fault
            return Decoded(readings, [])
        return decoded


@pytest.mark.parametrize("word", ["poison", "venom"])
def test_a_message_at_which_the_hub_itself_fails_is_set_aside_and_does_not_come_back_for_ever(
    word: str, caplog: pytest.LogCaptureFixture
) -> None:
    listening = Hearing(
        Brittle(), Normaliser("h1", SENSORS), Watermark(), Past(), follows_wall_clock=True
    )
    boil = [message("kettle", {"power": power}, t) for power, t in ((2000, 0), (0, 180))]
    bad = message("kettle", {"power": 5, "note": f"{word} last_power"}, 400, mid=3)
    intake = listening.hear([*boil, bad, message("bathroom-pir", MOVED, 401)])
    assert sorted(event.kind for event in intake.events) == ["appliance", "motion"]
    assert intake.counts["refused_hub_failed"] == intake.counts["refused"] == 1
    assert "the hub failed at it" in intake.quarantine[0].reason
    assert len(intake.deliveries) == 1
    assert "a message could not be heard" in caplog.text
    assert "last_power" not in caplog.text


def test_a_message_at_which_the_hub_fails_ends_no_hub_when_a_broker_that_is_back_repeats_it() -> (
    None
):
    listening = Hearing(
        Brittle(), Normaliser("h1", SENSORS), Watermark(), Past(), follows_wall_clock=True
    )
    bad = [message("kettle", {"note": "poison"}, t, mid=t) for t in (3, 9)]
    listening.hear(bad[:1])
    listening.broker_is_back(START + 8)
    again = replace(bad[1], elapsed=bad[1].received)
    assert not listening.carries_on(again)
    assert listening.hear([again]).counts["refused_hub_failed"] == 1


def test_what_comes_far_too_late_is_kept_and_marked() -> None:
    listening = listener()
    listening.hear([message("front-door", {"contact": False, "last_seen": seen(2)}, 7200)])
    late = listening.hear([message("bathroom-pir", {**MOVED, "last_seen": seen(1)}, 7201)])
    assert [event.quality for event in late.events] == ["late"]
    assert late.counts["late"] == 1


def test_a_hub_whose_clock_was_lost_says_that_its_times_are_unsure() -> None:
    listening = listener(Past(received=START + 3600))
    intake = listening.hear([message("bathroom-pir", MOVED, 0)])
    assert [event.quality for event in intake.events] == ["clock_unsure"]
    assert intake.received == START + 3600
    again = listening.hear([message("front-door", {"contact": False}, 3590)])
    assert [event.quality for event in again.events] == ["ok"]


def test_where_a_recording_is_played_time_moves_with_its_events_alone() -> None:
    listening = listener(live=False)
    offline = message("kettle/availability", b"offline", 9_000_000)
    assert listening.hear([offline]).counts["undated"] == 1
    listening.hear([message("bathroom-pir", {**MOVED, "last_seen": seen(1)}, 9_000_000)])
    (event,) = listening.hear([offline]).events
    assert (event.kind, event.at) == ("link", at(1))


def test_time_settles_what_waits() -> None:
    listening = listener()
    listening.hear([message("kettle", {"power": 2000}), message("kettle", {"power": 0}, 180)])
    assert listening.tick(START + 200).events == []
    (event,) = listening.tick(START + 300).events
    assert (event.kind, event.at.timestamp(), event.quality) == ("appliance", START + 180, "ok")


_PAYLOADS = st.sampled_from(
    [
        ("bathroom-pir", json.dumps(MOVED).encode()),
        ("bathroom-pir", json.dumps(STILL).encode()),
        ("front-door", b'{"contact":false,"battery":50}'),
        ("front-door", b'{"contact":true}'),
        ("kettle", b'{"power":2000}'),
        ("kettle", b'{"power":0}'),
        ("kettle/availability", b"offline"),
        ("bathroom-pir", b"\xff"),
        ("stranger", b"{}"),
        ("stranger", b'{"contact":true}'),
        ("bridge/info", b"{}"),
    ]
)
_STEPS = st.lists(st.tuples(st.floats(0, 300), _PAYLOADS, st.booleans()), max_size=40)
_ENDS = (
    "refused", "ignored", "network", "unknown_sensor", "contested", "retained", "undated",
    "no_change",
)  # fmt: skip


@given(_STEPS, st.data())
def test_portions_change_nothing(
    steps: list[tuple[float, tuple[str, bytes], bool]], data: st.DataObject
) -> None:
    t, messages = 0.0, []
    for number, (step, (device, payload), retain) in enumerate(steps, start=1):
        t += step
        messages.append(message(device, payload, t, mid=number, retain=retain))
    whole = listener().hear(messages)
    listening, portions = listener(), list[Intake]()
    rest = list(messages)
    while rest:
        size = data.draw(st.integers(1, len(rest)))
        portions.append(listening.hear(rest[:size]))
        rest = rest[size:]
    assert [event for one in portions for event in one.events] == whole.events
    assert sum((one.counts for one in portions), Counter()) == whole.counts
    assert whole.counts["messages"] == len(messages)
    assert whole.counts["events"] == len(whole.events)


@given(_STEPS)
def test_no_message_goes_by_without_a_trace(
    steps: list[tuple[float, tuple[str, bytes], bool]],
) -> None:
    listening, t = listener(), 0.0
    for step, (device, payload), retain in steps:
        t += step
        intake = listening.hear([message(device, payload, t, retain=retain)])
        assert intake.events or sum(intake.counts[name] for name in _ENDS) == 1
        assert intake.counts["refused"] == sum(one.once is None for one in intake.quarantine)
