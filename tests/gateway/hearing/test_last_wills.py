"""Where a node dies, each of its sensors is known to be out of reach."""

import json

import pytest

from gateway.dialects.network import Network
from gateway.dialects.networks import spoken_in
from gateway.doctor.finding import State
from gateway.doctor.sensors import check_sensor
from gateway.engine import Watermark
from gateway.hearing.hearing import Hearing, Past
from gateway.hearing.message import Message
from gateway.journal import Intake
from gateway.normaliser import Normaliser
from gateway.settings import Sensor
from tests.gateway.events import START

WILLS = [
    ("esphome", "kitchen/fridge", "esphome/kitchen/status", "offline", "online"),
    ("shelly", "plug2/switch:1", "shelly/plug2/online", "false", "true"),
    ("tasmota", "tbr/front", "tasmota/tele/tbr/LWT", "Offline", "Online"),
    (
        "zigbee2mqtt",
        "dbl/l2",
        "zigbee2mqtt/dbl/availability",
        '{"state":"offline"}',
        '{"state":"online"}',
    ),
]


def home(dialect: str, *devices: str) -> Hearing:
    sensors = [
        Sensor(name=f"s{number}", device=one, kind="opening", place="kitchen")
        for number, one in enumerate(devices)
    ]
    return Hearing(
        spoken_in([Network(dialect=dialect)]),
        Normaliser("h1", sensors),
        Watermark(),
        Past(),
        follows_wall_clock=True,
    )


def say(one: Hearing, topic: str, payload: str, t: float = 0.0) -> Intake:
    told = Message(topic, payload.encode(), 0, dup=False, retain=False, received=START + t)
    return one.hear([told])


def links(intake: Intake) -> list[tuple[str, float]]:
    return [(event.sensor, event.value) for event in intake.events if event.kind == "link"]


@pytest.mark.parametrize(("dialect", "part", "topic", "gone", "back"), WILLS)
def test_a_nodes_last_will_is_that_of_each_of_its_parts(
    dialect: str, part: str, topic: str, gone: str, back: str
) -> None:
    one = home(dialect, part)
    for t, word, value in ((0, gone, 0.0), (60, back, 1.0)):
        intake = say(one, topic, word, t)
        assert links(intake) == [("s0", value)]
        assert "unknown_sensor" not in intake.counts
    assert not say(one, topic, back, 90).events


def test_the_node_itself_and_all_of_its_parts_are_told_and_no_namesake() -> None:
    one = home("esphome", "kitchen", "kitchen/fridge", "kitchen/back", "kitchenette/door")
    intake = say(one, "esphome/kitchen/status", "offline")
    assert sorted(links(intake)) == [("s0", 0), ("s1", 0), ("s2", 0)]


def test_in_a_pause_a_dead_node_is_told_all_the_same() -> None:
    one = home("esphome", "kitchen/fridge")
    will = Message("esphome/kitchen/status", b"offline", 0, dup=False, retain=False, received=START)
    assert one.pass_over([will])[0] == [will]


def test_a_device_on_zigbee_whose_name_begins_with_anothers_has_its_own_word() -> None:
    one = home("zigbee2mqtt", "kitchen", "kitchen/fridge")
    devices = [
        {"ieee_address": f"0x{number}", "friendly_name": name}
        for number, name in enumerate(("kitchen", "kitchen/fridge"))
    ]
    say(one, "zigbee2mqtt/bridge/devices", json.dumps(devices))
    assert links(say(one, "zigbee2mqtt/kitchen/availability", '{"state":"offline"}')) == [("s0", 0)]


def test_a_node_of_which_the_settings_name_no_part_is_a_stranger_still() -> None:
    intake = say(home("esphome", "hall"), "esphome/kitchen/status", "offline")
    assert (intake.events, intake.counts["unknown_sensor"]) == ([], 1)


@pytest.mark.parametrize(("dialect", "part", "topic", "gone", "back"), WILLS)
def test_a_sensor_that_never_spoke_is_not_heard_because_its_node_is_back(
    dialect: str, part: str, topic: str, gone: str, back: str
) -> None:
    """A slip in its name, or a wire that is cut, would look well for ever."""
    normaliser = Normaliser("h1", [Sensor(name="s", device=part, kind="opening", place="kitchen")])
    one = Hearing(
        spoken_in([Network(dialect=dialect)]), normaliser, Watermark(), Past(),
        follows_wall_clock=True,
    )  # fmt: skip
    for t, word in ((0, gone), (60, back), (86_400 * 3, gone), (86_400 * 3 + 5, back)):
        say(one, topic, word, t)
        (health,) = normaliser.health()
        assert health.last_seen is None
        assert check_sensor(health, START + t).state is State.WRONG
