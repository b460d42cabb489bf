"""How many messages each fault adds or takes, and when: as documented, to the message."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime
from itertools import pairwise

import msgspec
import pytest

from simulator.devices import Message
from simulator.faults import FAULTS, Fault
from simulator.faults.words import device_of, is_action, is_link
from tests.simulator.faults.homes import HOUR, START, spoiled
from tests.simulator.faults.test_line import MESSAGES

INSIDE = [one for one in MESSAGES if 2 * HOUR <= one.t - START < 7 * HOUR]


def made(name: str, **chosen: object) -> Fault:
    return FAULTS[name].make(onset=START + 2 * HOUR, duration=5 * HOUR, **chosen)


def through(name: str, **chosen: object) -> list[Message]:
    return spoiled(MESSAGES, made(name, **chosen))


def fields(message: Message) -> dict[str, object]:
    document = msgspec.json.decode(message.payload)
    assert isinstance(document, dict)
    return document


def test_a_bounce_is_each_change_of_a_contact_and_its_opposite_within_300_ms() -> None:
    out = through("bounce", times=2)
    changes = [one for one in INSIDE if one.topic == "fridge-contact"]
    assert len(changes) > 10
    assert len(out) == len(MESSAGES) + 4 * len(changes)
    for change in changes:
        at = next(n for n, one in enumerate(out) if one == change)
        bounces = [o for o in out[at + 1 :] if o.topic == change.topic][:4]
        states = [fields(one)["contact"] for one in bounces]
        state = fields(change)["contact"]
        assert states == [not state, state, not state, state]
        assert all(change.t <= one.t <= change.t + 0.301 for one in bounces)


def test_a_change_within_a_bounce_ends_it() -> None:
    """Else the door would rest in a state in which it is not."""
    quick = [
        Message(START + 2 * HOUR + n / 10, "door", msgspec.json.encode({"contact": bool(n % 2)}))
        for n in range(4)
    ]
    last = spoiled(quick, made("bounce", times=5))[-1]
    assert fields(last) == {"contact": True}


def test_a_false_zero_takes_power_and_current_and_nothing_else() -> None:
    out = through("false_zero", share=1.0)
    assert [(one.t, one.topic) for one in out] == [(one.t, one.topic) for one in MESSAGES]
    for before, after in zip(MESSAGES, out, strict=True):
        if before in INSIDE and before.topic == "kettle-plug":
            assert fields(after) == fields(before) | {"power": 0, "current": 0}
        else:
            assert after == before


def test_some_readings_are_false_where_a_share_is_chosen() -> None:
    out = through("false_zero", share=0.3)
    drawing = sum(fields(one).get("power", 0) != 0 for one in INSIDE)
    changed = sum(before != after for before, after in zip(MESSAGES, out, strict=True))
    assert 0.15 * drawing < changed < 0.45 * drawing


def test_a_battery_falls_in_time_and_then_all_is_lost() -> None:
    out = through("flat_battery", device="hallway-pir", fade_s=3 * HOUR, report_every_s=900.0)
    told = [one for one in INSIDE if one.topic == "hallway-pir"]
    alive = [one for one in told if one.t < START + 5 * HOUR]
    assert len(out) == len(MESSAGES) - len(told) + len(alive)
    levels = [(one.t - START, fields(one)["battery"]) for one in out if b'"battery"' in one.payload]
    assert all(late[0] - early[0] >= 900 for early, late in pairwise(levels))
    for t, level in levels:
        assert level == round(80 * (1 - (t - 2 * HOUR) / (3 * HOUR)))


def test_a_flat_battery_now_is_silence_now() -> None:
    out = through("flat_battery", device="hallway-pir", fade_s=0.0)
    gone = [one for one in INSIDE if one.topic == "hallway-pir"]
    assert out == [one for one in MESSAGES if one not in gone]


@pytest.mark.parametrize(
    ("device", "hours"), [("kettle-plug", 1 / 6), ("hallway-pir", 25), ("pendant", 25)]
)
def test_zigbee2mqtt_notices_as_late_as_it_does(device: str, hours: float) -> None:
    """Ten minutes on the mains, 25 hours on a battery."""
    fault = FAULTS["link_drop"].make(onset=START + 5 * HOUR, duration=30 * HOUR, device=device)
    links = [one for one in spoiled(MESSAGES, fault) if is_link(one)]
    gone, back = START + (5 + hours) * HOUR, START + 35 * HOUR
    assert links == [
        Message(gone, f"{device}/availability", b'{"state":"offline"}', retain=True),
        Message(back, f"{device}/availability", b'{"state":"online"}', retain=True),
    ]


def test_a_link_that_is_back_before_it_was_missed_is_not_spoken_of() -> None:
    fault = made("link_drop", device="hallway-pir")
    out = spoiled(MESSAGES, fault)
    lost = [one for one in INSIDE if one.topic == "hallway-pir"]
    assert out == [one for one in MESSAGES if one not in lost]


def test_a_restart_repeats_each_last_state_and_then_sends_what_waited() -> None:
    lost, queued = through("bridge_restart"), through("bridge_restart", queued=1.0)
    before = {one.topic: one for one in MESSAGES if one.t < START + 2 * HOUR}
    again = [one for one in before.values() if not is_action(one)]
    burst = [one for one in lost if one not in set(MESSAGES)]
    assert len(lost) == len(MESSAGES) - len(INSIDE) + len(again)
    assert [(one.topic, one.payload) for one in burst] == [(o.topic, o.payload) for o in again]
    assert len(queued) == len(MESSAGES) + len(again)
    came = Counter((one.topic, one.payload) for one in queued)
    assert came == Counter((one.topic, one.payload) for one in [*MESSAGES, *again])


def test_duplicates_are_the_same_bytes_a_little_later() -> None:
    out = through("duplicates", share=1.0, after_s=2.0)
    assert len(out) == len(MESSAGES) + len(INSIDE)
    twice = Counter(out) - Counter(MESSAGES)
    for message in INSIDE:
        (second,) = [
            one
            for one in twice
            if (one.topic, one.payload) == (message.topic, message.payload)
            and message.t + 0.66 <= one.t <= message.t + 6.01
        ][:1]
        twice[second] -= 1


def test_late_is_every_message_by_one_time() -> None:
    out = through("late", by_s=300.0)
    late = {one._replace(t=round(one.t + 300, 3)) for one in INSIDE}
    assert len(out) == len(MESSAGES)
    assert set(out) == (set(MESSAGES) - set(INSIDE)) | late


def test_disorder_holds_each_back_by_its_own_time() -> None:
    out = through("disorder", within_s=600.0)
    at = {(one.topic, one.payload): one.t for one in out}
    held = [at[one.topic, one.payload] - one.t for one in INSIDE]
    assert len(out) == len(MESSAGES)
    assert 0 <= min(held) < 60
    assert 540 < max(held) <= 600
    assert [one.payload for one in out] != [one.payload for one in MESSAGES]


@pytest.mark.parametrize(
    ("chosen", "seconds"),
    [
        ({"offset_s": 90.0}, lambda _: 90.0),
        ({"offset_s": 0.0, "drift_s_a_day": 240.0}, lambda t: 240 * (t - 2 * HOUR) / 86_400),
        ({"unset": True}, lambda _: -(START + 2 * HOUR)),
    ],
    ids=["set wrongly", "drifting", "from 1970"],
)
def test_a_clock_is_as_wrong_as_was_chosen(
    chosen: dict[str, object], seconds: Callable[[float], float]
) -> None:
    out = through("wrong_clock", **chosen)
    assert [(one.t, one.topic) for one in out] == [(one.t, one.topic) for one in MESSAGES]
    for before, after in zip(MESSAGES, out, strict=True):
        if before in INSIDE:
            moved = _seen(after) - _seen(before)
            assert moved == pytest.approx(seconds(before.t - START), abs=0.0011)
            assert fields(after).keys() == fields(before).keys()
        else:
            assert after == before


def _seen(message: Message) -> float:
    seen = fields(message)["last_seen"]
    assert isinstance(seen, str)
    return datetime.fromisoformat(seen).timestamp()


def test_what_is_kept_comes_once_for_each_subscription() -> None:
    out = through("retained", every_s=3600.0)
    more = Counter(out) - Counter(MESSAGES)
    assert all(one.retain for one in more)
    times = sorted({round(one.t - START) for one in more})
    assert times == [2 * 3600, 3 * 3600, 4 * 3600, 5 * 3600, 6 * 3600]
    for t in times:
        last = {one.topic: one.payload for one in MESSAGES if one.t < START + t}
        assert {one.topic: one.payload for one in more if one.t == START + t} == last


def test_a_battery_report_tells_the_contact_as_it_was() -> None:
    more = Counter(through("battery_report", every_s=600.0)) - Counter(MESSAGES)
    assert 15 < more.total() < 50
    for report in more:
        told = [one for one in MESSAGES if one.topic == report.topic and one.t < report.t]
        assert report.topic == "fridge-contact"
        assert fields(report)["contact"] == fields(told[-1])["contact"]
        assert fields(report)["battery"] == 97
        assert _seen(report) == pytest.approx(report.t, abs=0.0011)


def test_a_sensor_that_is_stuck_tells_one_state_at_the_times_of_all() -> None:
    out = through("frozen", device="fridge-contact")
    assert [(one.t, one.topic) for one in out] == [(one.t, one.topic) for one in MESSAGES]
    states = {
        fields(after)["contact"]
        for before, after in zip(MESSAGES, out, strict=True)
        if before in INSIDE and before.topic == "fridge-contact"
    }
    last = [o for o in MESSAGES if o.topic == "fridge-contact" and o.t < START + 2 * HOUR][-1]
    assert states == {fields(last)["contact"]}


def test_a_chatty_sensor_says_a_state_ten_times_unless_another_comes() -> None:
    quiet = [Message(START + 3 * HOUR + 60 * n, "door", b'{"contact":true}') for n in range(5)]
    out = spoiled(quiet, made("chatty", times=10, apart_s=0.5))
    assert [one.t for one in out] == [one.t + n / 2 for one in quiet for n in range(10)]
    quick = [Message(START + 3 * HOUR + n, "door", b'{"contact":true}') for n in range(5)]
    assert len(spoiled(quick, made("chatty", apart_s=0.6))) == 4 * 2 + 10


def test_a_moved_sensor_tells_of_the_other_room_alone() -> None:
    out = through("moved", device="hallway-pir", beside="bathroom-pir")
    told = [(one.t, one.payload) for one in out if one.topic == "hallway-pir"]
    other = {(one.t, one.payload) for one in INSIDE if one.topic == "bathroom-pir"}
    own = {(o.t, o.payload) for o in MESSAGES if o.topic == "hallway-pir" and o not in INSIDE}
    assert set(told) == other | own
    assert [o for o in out if o.topic != "hallway-pir"] == [
        o for o in MESSAGES if o.topic != "hallway-pir"
    ]


def test_after_a_power_cut_every_device_is_told_online_and_plugs_draw_nothing() -> None:
    out = through("power_cut")
    known = {device_of(one) for one in MESSAGES if one.t < START + 2 * HOUR}
    more = Counter(out) - Counter(MESSAGES)
    links = [one for one in more if is_link(one)]
    assert {device_of(one) for one in links} == known
    assert all(b"online" in one.payload for one in links)
    (plug,) = [one for one in more if not is_link(one)]
    before = [o for o in MESSAGES if o.topic == "kettle-plug" and o.t < START + 2 * HOUR][-1]
    assert fields(plug)["power"] == 0
    assert fields(plug)["energy"] == fields(before)["energy"]
    assert len(out) == len(MESSAGES) - len(INSIDE) + len(links) + 1
