"""A bridge tells a press twice, a held button tells it each second: it is one call all the same."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.dialects.network import Network
from gateway.dialects.networks import spoken_in
from gateway.engine import Watermark
from gateway.hearing.hearing import Hearing, Past
from gateway.hearing.message import Message
from gateway.normaliser import Normaliser
from gateway.normaliser.button import PRESSED_AGAIN_S, REDELIVERED_S
from gateway.normaliser.hold import GOES_ON_S, LONGEST_S
from gateway.settings import Sensor

T = 1_772_349_123.0
BUTTON = "5c:c7:c1:f2:b3:10"
Said = tuple[float, str, str]


def calls(said: list[Said], device: str = "pendant", *, elapsed: bool = True) -> list[float]:
    """When a hub tells of a press, given when each thing was said on which topic."""
    normaliser = Normaliser(
        "h1", [Sensor(name="pendant", device=device, kind="button", place="bedroom")]
    )
    networks = spoken_in([Network(dialect="zigbee2mqtt"), Network(dialect="shelly")])
    hearing = Hearing(networks, normaliser, Watermark(), Past(), follows_wall_clock=True)
    found = []
    for mid, (at, topic, payload) in enumerate(said, 1):
        message = Message(
            topic, payload.encode(), mid, False, False, T + at, 1000 + at if elapsed else None
        )
        heard = hearing.hear([message])
        found += [at for one in heard.events if one.kind == "button" and one.quality == "ok"]
    return found


def timed(pressed: float, after: float = 0.0, action: str = "single") -> Said:
    seen = datetime.fromtimestamp(T + pressed, UTC).isoformat()
    payload = json.dumps({"action": action, "last_seen": seen})
    return pressed + after, "zigbee2mqtt/pendant", payload


def untimed(pressed: float, after: float = 0.0, action: str = "single") -> Said:
    return pressed + after, "zigbee2mqtt/pendant/action", action


_DELAYS = st.floats(0, PRESSED_AGAIN_S - 0.1)
_PRESSES = st.lists(st.tuples(st.floats(0, 40), _DELAYS, _DELAYS), min_size=1, max_size=5)


@given(_PRESSES, st.booleans())
def test_a_press_that_a_bridge_tells_twice_is_one_call_in_whichever_order_and_however_late(
    presses: list[tuple[float, float, float]], elapsed: bool
) -> None:
    said: list[Said] = []
    pressed = 0.0
    for pause, one, other in presses:
        said += [timed(pressed, one), untimed(pressed, other)]
        pressed += 2 * PRESSED_AGAIN_S + pause
    assert len(calls(sorted(said, key=lambda one: one[0]), elapsed=elapsed)) == len(presses)


@given(_PRESSES)
def test_presses_close_together_are_never_more_calls_than_presses_and_never_none(
    presses: list[tuple[float, float, float]],
) -> None:
    said = [
        word for pause, one, other in presses for word in (timed(pause, one), untimed(pause, other))
    ]
    assert 1 <= len(calls(sorted(said, key=lambda one: one[0]))) <= len(presses)


def test_a_hub_that_is_told_the_time_of_a_press_late_still_hears_the_next() -> None:
    for first, other in ((timed, untimed), (untimed, timed)):
        assert calls([first(0), other(0, 0.1), timed(3), untimed(3, 0.1)]) == [0, 3]


def test_a_call_that_was_taken_back_is_not_the_one_made_after() -> None:
    said = [untimed(0), untimed(2, action="cancel"), timed(4)]
    assert calls(said) == [0, 2, 4]


def blu(at: float, pid: int, button: int = 254, gateway: str = "hall", ahead: float = 0.0) -> Said:
    data = {"address": BUTTON, "pid": pid % 256, "button": button}
    event = {"component": "script:1", "event": "shelly-blu", "data": data}
    params = {"ts": T + at + ahead, "events": [event]}
    frame = {"src": "shellyplus1-a8032ab0c1d4", "method": "NotifyEvent", "params": params}
    return at, f"shelly/{gateway}/events/rpc", json.dumps(frame)


@pytest.mark.parametrize("elapsed", [True, False])
def test_a_button_that_is_held_is_one_call_however_many_packets_say_so(elapsed: bool) -> None:
    assert calls([blu(at, at) for at in range(60)], BUTTON, elapsed=elapsed) == [0]


def test_a_button_that_is_held_and_heard_by_two_gateways_is_one_call() -> None:
    """One misses every third packet, and its clock is behind."""
    said = [
        word
        for at in range(30)
        for word in (blu(at, at), blu(at + 0.1, at, gateway="landing", ahead=-1.5))
        if at % 3 or word[1] == "shelly/landing/events/rpc"
    ]
    assert calls(said, BUTTON) == [0.1]


def test_who_holds_a_button_again_calls_again() -> None:
    assert calls([blu(0, 1), blu(1, 2), blu(1 + GOES_ON_S, 3)], BUTTON) == [0, 1 + GOES_ON_S]
    assert calls([blu(0, 1), blu(1, 2, button=1), blu(2, 3)], BUTTON) == [0, 1, 2]


def test_a_button_that_got_stuck_is_told_of_again_after_some_minutes() -> None:
    said = [blu(at, at) for at in range(int(2 * LONGEST_S))]
    assert calls(said, BUTTON) == [0, LONGEST_S]


def test_buttons_held_hours_ago_that_a_broker_delivers_at_once_are_each_a_call() -> None:
    said = [blu(3600 * n, n) for n in range(4)]
    assert len(calls([(0.1 * n, *one[1:]) for n, one in enumerate(said)], BUTTON)) == 4


def test_a_held_button_that_lets_go_and_is_held_again_is_two_calls() -> None:
    said = [timed(n, action=one) for n, one in enumerate(["hold", "release", "hold", "release"])]
    assert calls(said) == [0, 2]


def delivered(*said: tuple[float, bool, str, str], restarts: bool = False) -> list[float]:
    """When calls are told that come under one packet's number, each marked as a second one or not.

    Args:
        said: When, whether it is marked, the topic and what is said.
        restarts: Whether the hub is started anew before each.
    """
    button = Sensor(name="pendant", kind="button", place="bedroom")
    cord = Sensor(name="cord", device="bath/cord", kind="button", place="bathroom")
    networks = spoken_in([Network(dialect="tasmota"), Network(dialect="esphome")])
    states: dict[str, bytes] = {}
    past, found = Past(), list[float]()
    normaliser = Normaliser("h1", [button, cord])
    hearing = Hearing(networks, normaliser, Watermark(), past, follows_wall_clock=True)
    for at, dup, topic, payload in said:
        if restarts:
            normaliser = Normaliser("h1", [button, cord])
            normaliser.thaw(states)
            hearing = Hearing(networks, normaliser, Watermark(), past, follows_wall_clock=True)
        message = Message(topic, payload.encode(), 5, dup, False, T + at, 1000 + at)
        heard = hearing.hear([message])
        states |= heard.devices
        past = Past([*past.deliveries, *heard.deliveries])
        found += [at for one in heard.events if one.kind == "button"]
    return found


def press(at: float, *, dup: bool) -> tuple[float, bool, str, str]:
    return at, dup, "tasmota/stat/pendant/RESULT", '{"Button1":{"Action":"SINGLE"}}'


def pull(at: float, state: str, *, dup: bool) -> tuple[float, bool, str, str]:
    return at, dup, "esphome/bath/binary_sensor/cord/state", state


@pytest.mark.parametrize("restarts", [False, True])
def test_a_press_under_the_number_of_one_hours_ago_is_a_call(restarts: bool) -> None:
    said = [press(0, dup=False), press(7200, dup=True)]
    assert delivered(*said, restarts=restarts) == [0, 7200]
    said = [press(0, dup=False), press(REDELIVERED_S, dup=True)]
    assert delivered(*said, restarts=restarts) == [0, REDELIVERED_S]


@pytest.mark.parametrize("restarts", [False, True])
def test_a_pull_under_the_number_of_one_hours_ago_is_a_call(restarts: bool) -> None:
    said = [pull(0, "ON", dup=False), pull(9, "OFF", dup=False), pull(7200, "ON", dup=True)]
    assert delivered(*said, restarts=restarts) == [0, 7200]


@pytest.mark.parametrize("restarts", [False, True])
def test_a_press_that_a_broker_delivers_again_at_the_next_start_is_one_call(restarts: bool) -> None:
    said = [press(0, dup=False), press(1, dup=True), press(REDELIVERED_S - 1, dup=True)]
    assert delivered(*said, restarts=restarts) == [0]
