"""Every message ends in one way, is counted, and does nothing that a person did not do."""

import json
from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.clock import FUTURE_S
from gateway.dialects.fields import MOST_PROBLEMS
from gateway.dialects.network import Network
from gateway.dialects.networks import spoken_in
from gateway.dialects.protocol import Decoded
from gateway.dialects.zigbee2mqtt import Zigbee2Mqtt
from gateway.directory import BRIDGE_AWAY_S
from gateway.engine import Watermark
from gateway.hearing import Hearing, Message, Past
from gateway.journal import Intake
from gateway.journal.deliveries import DELIVERIES_KEPT
from gateway.normaliser import Normaliser
from gateway.reader import LARGEST_LIST, LARGEST_PAYLOAD, MOST_STRANGERS
from gateway.settings import Sensor
from tests.gateway.events import START, at

SENSORS = (
    Sensor(name="bathroom-pir", kind="motion", place="bathroom"),
    Sensor(name="front-door", kind="opening", place="front_door"),
    Sensor(name="kettle", kind="appliance", place="kettle"),
    Sensor(name="pendant", kind="button", place="pendant"),
)


def listener(past: Past | None = None, *, live: bool = True, shut: bool = True) -> Hearing:
    """The ears of a home; unless said otherwise it is known that the front door is shut."""
    one = Hearing(
        Zigbee2Mqtt(),
        Normaliser("h1", SENSORS),
        Watermark(),
        past or Past(),
        follows_wall_clock=live,
    )
    if shut:
        one.hear([message("front-door", {"contact": True}, retain=True)])
    return one


def message(
    device: str,
    said: dict[str, Any] | bytes,
    received: float = 0.0,
    *,
    mid: int = 0,
    dup: bool = False,
    retain: bool = False,
) -> Message:
    payload = said if isinstance(said, bytes) else json.dumps(said).encode()
    return Message(f"zigbee2mqtt/{device}", payload, mid, dup, retain, START + received)


def seen(hours: float) -> str:
    return at(hours).isoformat().replace("+00:00", "Z")


MOVED = {"occupancy": True}
STILL = {"occupancy": False}


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


def test_a_flood_of_strangers_in_one_message_is_counted_and_not_all_kept() -> None:
    received = {f"0x{number}": {"Occupancy": 1} for number in range(1000)}
    payload = json.dumps({"ZbReceived": received})
    intake = of_any_dialect(("tasmota/tele/zb/SENSOR", payload, False))
    assert intake.counts["unknown_sensor"] == 1000
    assert len(intake.quarantine) == MOST_STRANGERS


def test_a_flood_of_slips_in_one_message_is_counted_and_not_all_told() -> None:
    intake = of_any_dialect(
        (
            "shelly/gateway/events/rpc",
            json.dumps({"params": {"events": [1] * 9000}, "method": "NotifyEvent"}),
            False,
        )
    )
    assert intake.counts["refused"] == len(intake.quarantine) == MOST_PROBLEMS + 1
    assert (
        intake.quarantine[-1].reason == f"{9000 - MOST_PROBLEMS} more of its fields cannot be used"
    )


def test_a_message_delivered_again_is_not_heard_again() -> None:
    listening = listener()
    first = listening.hear([message("front-door", {"contact": False}, mid=7)])
    again = listening.hear([message("front-door", {"contact": False}, 9, mid=7, dup=True)])
    assert again.events == []
    assert again.counts == {"messages": 1, "redelivered": 1}
    assert len(first.deliveries) == 1
    assert again.deliveries == []


def test_after_a_restart_it_still_knows_what_was_delivered() -> None:
    first = listener().hear([message("bathroom-pir", MOVED, mid=7)])
    again = listener(Past(first.deliveries)).hear([message("bathroom-pir", MOVED, mid=7, dup=True)])
    assert again.events == []


def days_of_the_door() -> list[dict[str, Any]]:
    return [{"contact": n % 2 == 1, "last_seen": seen(n / 60)} for n in range(4)]


@pytest.mark.parametrize("restarted", [False, True])
def test_what_a_killed_broker_says_again_without_a_mark_and_by_other_numbers_is_told_once(
    restarted: bool,
) -> None:
    listening = listener()
    first = [message("front-door", one, 400, mid=n) for n, one in enumerate(days_of_the_door(), 1)]
    heard = listening.hear(first)
    if restarted:
        frozen = heard.devices
        listening = listener(Past(heard.deliveries), shut=False)
        listening._normaliser.thaw(frozen)
    again = [message("front-door", one, 500, mid=n) for n, one in enumerate(days_of_the_door(), 70)]
    intake = listening.hear(again)
    assert len(heard.events) == 4
    assert intake.events == []
    assert intake.counts["redelivered"] == 2  # each opening
    assert intake.counts["no_change"] == 2  # a closed door that is closed


def test_old_news_that_was_not_heard_before_is_told_and_marked() -> None:
    said = days_of_the_door()
    listening = listener()
    listening.hear([message("front-door", said[2], 400, mid=1)])
    intake = listening.hear([message("front-door", said[0], 400, mid=2)])
    assert [event.quality for event in intake.events] == ["replayed"]


def test_a_state_without_a_time_that_comes_again_is_news() -> None:
    listening = listener()
    states = [{"contact": False}, {"contact": True}, {"contact": False}]
    intake = listening.hear(
        [message("front-door", one, 60 * n, mid=n + 1) for n, one in enumerate(states)]
    )
    assert [event.value for event in intake.events] == [1, 0, 1]
    assert intake.counts["redelivered"] == 0


def test_no_more_is_remembered_of_what_was_delivered_than_the_journal_keeps() -> None:
    listening = listener()
    for n in range(10_000):
        listening.hear([message("bathroom-pir", {"battery": n % 5000}, mid=n % 65_535 + 1)])
    assert len(listening._deliveries) == DELIVERIES_KEPT
    assert listening._deliveries._said.total() == DELIVERIES_KEPT
    assert min(listening._deliveries._said.values()) == 1


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


def test_a_delivery_marked_as_repeated_that_never_arrived_is_heard() -> None:
    intake = listener().hear([message("bathroom-pir", MOVED, mid=7, dup=True)])
    assert len(intake.events) == 1
    other = listener(Past(intake.deliveries)).hear(
        [message("bathroom-pir", {**MOVED, "linkquality": 9}, mid=7, dup=True)]
    )
    assert len(other.events) == 1


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


SEVERAL = (
    Sensor(name="heater", kind="appliance", place="lounge"),
    Sensor(name="oven", device="heaters/switch:1", kind="appliance", place="kitchen"),
    Sensor(name="door", device="3c:2e:f5:71:d5:2a", kind="opening", place="front_door"),
    Sensor(name="hall", kind="motion", place="hallway"),
    Sensor(name="kettle", kind="appliance", place="kettle"),
    Sensor(name="pendant", kind="button", place="pendant"),
)


def of_any_dialect(*said: tuple[str, str, bool]) -> Intake:
    dialects = ("shelly", "tasmota", "esphome", "plain")
    hearing = Hearing(
        spoken_in([Network(dialect=one) for one in dialects]),
        Normaliser("h1", SEVERAL),
        Watermark(),
        Past(),
        follows_wall_clock=True,
    )
    return hearing.hear(
        Message(topic, payload.encode(), 0, False, retain, START + 5)
        for topic, payload, retain in said
    )


def test_two_devices_in_one_message_are_each_heard_or_each_said_to_be_unknown() -> None:
    status = {"switch:0": {"apower": 1.0}, "switch:1": {"apower": 2.0}}
    payload = json.dumps({"method": "NotifyStatus", "params": {"ts": START, **status}})
    intake = of_any_dialect(("shelly/heaters/events/rpc", payload, False))
    assert set(intake.devices) == {"oven"}
    assert intake.counts["unknown_sensor"] == 1


def test_a_device_with_an_address_for_a_name_is_called_as_the_settings_call_it() -> None:
    data = {"address": "3c:2e:f5:71:d5:2a", "window": 1, "battery": 90}
    said = [
        {"component": "script:1", "event": "shelly-blu", "data": one}
        for one in ({"address": "3c:2e:f5:71:d5:2a", "window": 0}, data)
    ]
    heard = (
        json.dumps({"method": "NotifyEvent", "params": {"ts": START + n, "events": [event]}})
        for n, event in enumerate(said)
    )
    intake = of_any_dialect(*(("shelly/gateway/events/rpc", one, False) for one in heard))
    assert [(one.sensor, one.kind, one.battery) for one in intake.events] == [
        ("door", "opening", 90)
    ]


def test_a_state_that_esphome_had_left_with_the_broker_is_nobody_s_doing() -> None:
    topic = "esphome/hall/binary_sensor/motion/state"
    assert of_any_dialect((topic, "ON", True)).events == []
    assert len(of_any_dialect((topic, "ON", False)).events) == 1


def test_a_local_time_is_not_believed_and_that_is_counted() -> None:
    payload = json.dumps({"Time": "2026-03-01T23:00:00", "Switch1": "ON"})
    intake = of_any_dialect(("tasmota/tele/hall/SENSOR", payload, False))
    assert [one.at.timestamp() for one in intake.events] == [START + 5]
    assert intake.counts["no_offset"] == 1


def test_a_use_told_as_a_whole_is_one_event_even_if_it_is_said_twice() -> None:
    use = {"kind": "appliance", "value": 92.5, "duration": 148.2, "at": seen(0)}
    intake = of_any_dialect(*[("plain/kettle", json.dumps(use), False)] * 2)
    (event,) = intake.events
    assert (event.value, event.duration, event.at.timestamp()) == (92.5, 148.2, START)


def test_a_movement_said_twice_is_one_and_the_next_is_another() -> None:
    first, second = (
        json.dumps({"kind": "motion", "value": 1, "at": seen(hours)}) for hours in (0, 0.001)
    )
    said = [("plain/hall", payload, False) for payload in (first, first, second)]
    assert len(of_any_dialect(*said).events) == 2


def test_the_hour_that_comes_twice_when_summer_time_ends_is_told_in_its_order() -> None:
    """01:30 in London is once in summer time and, an hour later, once not."""
    listening = listener()
    first, second = (
        {"contact": contact, "last_seen": f"2026-10-25T01:30:00{offset}"}
        for contact, offset in ((False, "+01:00"), (True, "+00:00"))
    )
    hours = 238 * 24.0
    heard = [message("front-door", first, (hours + 0.51) * 3600)]
    heard.append(message("front-door", second, (hours + 1.51) * 3600))
    events = listening.hear(heard).events
    assert [(event.at, event.value, event.quality) for event in events] == [
        (at(hours + 0.5), 1, "ok"),
        (at(hours + 1.5), 0, "ok"),
    ]


def test_a_local_time_in_the_hour_that_is_skipped_is_dated_by_the_hub() -> None:
    local = json.dumps({"Time": "2026-03-29T01:30:00", "Switch1": "ON"})
    (event,) = of_any_dialect(("tasmota/tele/hall/SENSOR", local, False)).events
    assert event.at.timestamp() == START + 5
