"""Two devices say that they are the same help button: whichever is pressed, it is a call."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.dialects.network import Network
from gateway.dialects.networks import spoken_in
from gateway.engine import Watermark
from gateway.hearing.hearing import Hearing, Past
from gateway.hearing.known_devices import ROW
from gateway.hearing.message import Message
from gateway.journal import Intake
from gateway.normaliser import Normaliser
from gateway.settings import Sensor

T = 1_772_349_123.0
ADDRESS = "shellyplusi4-a8032ab0c1d4"
BY_ADDRESS = Sensor(name="help", device=ADDRESS, kind="button", place="bathroom")
BY_NAME = Sensor(name="help", kind="button", place="bathroom")
DOOR = Sensor(name="door", device=ADDRESS, kind="opening", place="front_door")


class Home:
    """A hub beside Shellys that all tell the same address."""

    def __init__(self, *sensors: Sensor) -> None:
        self._sensors, self._t, self._mid = sensors, 0.0, 0
        self._names: bytes | None = None
        self.restart()

    def restart(self) -> None:
        self.normaliser = Normaliser("h1", self._sensors)
        self.hearing = Hearing(
            spoken_in([Network(dialect="shelly")]),
            self.normaliser,
            Watermark(),
            Past(names=self._names),
            follows_wall_clock=True,
        )

    def says(self, topic: str, payload: str, after: float = 20.0) -> Intake:
        self._t, self._mid = self._t + after, self._mid + 1
        heard = self.hearing.hear([self.message(topic, payload)])
        self._names = heard.devices.get(ROW, self._names)
        return heard

    def message(self, topic: str, payload: str) -> Message:
        topic = f"shelly/{topic}"
        return Message(topic, payload.encode(), self._mid, False, False, T + self._t, self._t)

    def pressed(self, event: str = "single_push") -> str:
        ts = T + self._t + 20.0
        push = {"component": "input:0", "event": event, "ts": ts}
        params = {"ts": ts, "events": [push]}
        return json.dumps({"src": ADDRESS, "method": "NotifyEvent", "params": params})

    def switched(self, on: bool) -> str:
        params = {"ts": T + self._t + 20.0, "input:0": {"id": 0, "state": on}}
        return json.dumps({"src": ADDRESS, "method": "NotifyStatus", "params": params})

    def presses(self, name: str, event: str = "single_push") -> list[float]:
        return calls(self.says(f"{name}/events/rpc", self.pressed(event)))

    def pulls(self, name: str, *, on: bool = True) -> Intake:
        return self.says(f"{name}/events/rpc", self.switched(on))


def calls(heard: Intake) -> list[float]:
    """The calls of the help button, and what was taken back."""
    return [one.value for one in heard.events if (one.kind, one.sensor) == ("button", "help")]


@pytest.mark.parametrize("sensor", [BY_ADDRESS, BY_NAME], ids=["by address", "by name"])
@pytest.mark.parametrize("real", ["help", "cord"])
def test_a_call_is_heard_though_another_was_first_to_go_by_that_address(
    sensor: Sensor, real: str
) -> None:
    home = Home(sensor)
    home.says("lamp/events/rpc", home.switched(False))
    if sensor is BY_NAME:
        home.presses("help")
    for _ in range(3):
        assert home.presses(real) == [1.0]
        home.says("lamp/events/rpc", home.switched(False))
    assert home.presses("lamp") == [1.0]


_ACTS = st.lists(
    st.tuples(
        st.sampled_from(["press", "pull", "idle", "online", "offline", "restart"]),
        st.sampled_from(["help", "lamp", "cord", ADDRESS]),
    ),
    max_size=30,
)


@given(_ACTS, st.sampled_from([BY_ADDRESS, BY_NAME]))
def test_whatever_else_is_said_no_press_of_one_that_says_it_is_the_button_is_lost(
    acts: list[tuple[str, str]], sensor: Sensor
) -> None:
    home = Home(sensor)
    if sensor is BY_NAME:
        home.presses("help")  # else nobody knows whose address it is
    for act, name in acts:
        match act:
            case "press":
                assert home.presses(name) == [1.0]
            case "pull":
                assert calls(home.pulls(name)) == [1.0]
            case "idle":
                home.pulls(name, on=False)
            case "online" | "offline":
                home.says(f"{name}/online", json.dumps(act == "online"))
            case _:
                home.restart()


def test_who_is_not_known_to_be_the_button_takes_no_call_back() -> None:
    home = Home(BY_ADDRESS)
    assert home.presses("help") == [1.0]
    assert home.presses("lamp", "cancel_push") == []
    assert home.presses("help", "cancel_push") == [0.0]


def test_of_two_that_say_they_are_one_door_neither_opens_it_and_quarantine_says_why() -> None:
    home = Home(DOOR)
    home.pulls("lamp", on=False)
    home.pulls("front", on=False)
    heard = home.pulls("lamp")
    assert heard.events == []
    assert heard.counts["contested"] == 1
    (line,) = heard.quarantine
    assert ADDRESS in line.reason
    assert "so does another" in line.reason
    home.says("lamp/online", "false")
    home.pulls("front", on=False)
    assert [one.kind for one in home.pulls("front").events] == ["opening"]


def test_the_door_that_the_settings_have_by_name_too_is_heard_whoever_was_first() -> None:
    home = Home(DOOR)
    home.pulls("lamp", on=False)
    home.pulls("door", on=False)
    assert [one.kind for one in home.pulls("door").events] == ["opening"]
    assert home.pulls("lamp").events == []


def test_a_call_of_one_never_heard_before_is_kept_in_a_pause_before_the_time_is_known() -> None:
    home = Home(BY_ADDRESS)
    press = home.message("cord/events/rpc", home.pressed())
    state = home.message("cord/events/rpc", home.switched(False))
    kept, forgotten = home.hearing.pass_over([press, state])
    assert kept == [press]
    assert forgotten.counts["paused"] == 1
    assert not home.hearing.carries_on(press)
