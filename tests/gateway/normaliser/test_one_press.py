"""One press is one call, however many ways it is told."""

import json

import pytest

from gateway.dialects.network import Network
from gateway.dialects.networks import spoken_in
from gateway.dialects.protocol import Dialect, by_device
from gateway.normaliser import Heard, Normaliser
from gateway.normaliser.button import KNOWN_PRESSES, PRESSED_AGAIN_S
from gateway.settings import Sensor

T = 1_772_349_123.0
BUTTON = "5c:c7:c1:f2:b3:10"


def heard(one: Normaliser, dialect: Dialect, topic: str, payload: object, now: float) -> list[str]:
    told = Heard()
    said = dialect.decode(topic, json.dumps(payload).encode()).readings
    for readings in by_device(said):
        one.hear(readings, now, told)
    return [event.quality for event in told.events if event.kind == "button"]


def tasmota(*actions: str) -> list[str]:
    one = Normaliser("h1", [Sensor(name="pendant", kind="button", place="bedroom")])
    dialect = spoken_in([Network(dialect="tasmota")])
    return [
        call
        for number, action in enumerate(actions)
        for call in heard(
            one,
            dialect,
            "tasmota/stat/pendant/RESULT",
            {"Button1": {"Action": action}},
            T + 20 * number,
        )
    ]


def test_a_button_that_is_held_and_let_go_is_one_call() -> None:
    assert tasmota("HOLD", "CLEAR") == ["ok"]
    assert tasmota("HOLD", "CLEAR", "SINGLE") == ["ok", "ok"]


class Bluetooth:
    """A button that two gateways hear."""

    def __init__(self) -> None:
        button = Sensor(name="pendant", device=BUTTON, kind="button", place="bedroom")
        self.one = Normaliser("h1", [button])
        self.dialect = spoken_in([Network(dialect="shelly")])

    def by(self, gateway: str, pid: object, at: float, button: object = 1) -> list[str]:
        data = {"address": BUTTON, "pid": pid, "button": button}
        event = {"component": "script:1", "event": "shelly-blu", "data": data}
        frame = {"method": "NotifyEvent", "params": {"ts": T + at, "events": [event]}}
        return heard(self.one, self.dialect, f"shelly/{gateway}/events/rpc", frame, T + 10 + at)


@pytest.mark.parametrize("apart", [0.06, 4.0])
def test_a_press_that_two_gateways_hear_is_one_call(apart: float) -> None:
    home = Bluetooth()
    assert home.by("hall", 6, 0) == ["ok"]
    assert home.by("landing", 6, apart) == []
    assert home.by("hall", 7, apart + 1) == ["ok"], "and the next press is the next call"


def test_a_press_is_one_call_though_the_gateway_that_tells_later_dates_it_earlier() -> None:
    home = Bluetooth()
    assert home.by("hall", 6, 0.06) == ["ok"]
    assert "ok" not in home.by("landing", 6, 0)


def test_two_quick_presses_are_two_calls_whichever_gateway_tells_them_first() -> None:
    home = Bluetooth()
    told = [home.by("hall", pid, pid / 2) for pid in (1, 2)]
    told += [home.by("landing", pid, pid / 2 + 1) for pid in (1, 2)]
    assert told == [["ok"], ["ok"], [], []]


def test_the_numbers_of_packets_begin_again_and_no_call_is_lost() -> None:
    home = Bluetooth()
    assert home.by("hall", 6, 0) == ["ok"]
    assert home.by("hall", 6, PRESSED_AGAIN_S) == ["ok"]
    for pid in range(2 * KNOWN_PRESSES):
        assert home.by("hall", pid, 100 + pid) == ["ok"]


@pytest.mark.parametrize("pid", [None, "6", -1, 256, 1e9, [6]])
def test_a_number_that_no_packet_can_have_swallows_no_call(pid: object) -> None:
    home = Bluetooth()
    assert home.by("hall", pid, 0) + home.by("hall", pid, 1) == ["ok", "ok"]


def test_two_ways_to_press_told_in_one_packet_are_both_heard() -> None:
    assert Bluetooth().by("hall", 6, 0, button=[1, 2]) == ["ok", "ok"]
