"""What several networks say at once, and in their own ways, is heard as it was meant."""

import json

from gateway.dialects.fields import MOST_PROBLEMS
from gateway.hearing.reader import MOST_STRANGERS
from tests.gateway.events import START, at
from tests.gateway.listening import listener, message, of_any_dialect, seen


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
