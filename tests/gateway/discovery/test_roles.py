"""What a device could be is a fair guess, and says what must be looked at before it is believed."""

from typing import Any

import pytest

from gateway.discovery.roles import place_in, roles
from tests.gateway.discovery.overheard import found_in

ON = ("z/bridge/state", b"online")


def guessed(name: str, *said: dict[str, Any]) -> list[tuple[str, str]]:
    findings = found_in(ON, *((f"z/{name}", one) for one in said))
    return [(one.kind, one.place) for one in roles(findings.devices["z", name])]


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("bathroom-pir", "bathroom"),
        ("Bathroom Motion", "bathroom"),
        ("bathroomPir", "bathroom"),
        ("upstairs/bathroom/door", "bathroom_door"),
        ("front-door-contact", "front_door"),
        ("back_door", "back_door"),
        ("Kettle plug", "kettle"),
        ("wc cistern", "toilet"),
        ("bed-mat", "bed"),
        ("bedroom", "bedroom"),
        ("Living Room", "lounge"),
        ("0x00158d0001dc126a", ""),
        ("sensor 4", ""),
    ],
)
def test_the_name_tells_where_it_is_or_nothing(name: str, place: str) -> None:
    assert place_in(name) == place


@pytest.mark.parametrize(
    ("name", "said", "is_"),
    [
        ("bathroom pir", {"occupancy": True, "battery": 90}, [("motion", "bathroom")]),
        ("front door", {"contact": False}, [("opening", "front_door")]),
        ("kettle", {"power": 2150, "energy": 3.1, "temperature": 40}, [("appliance", "kettle")]),
        ("bed", {"occupancy": True}, [("presence", "bed")]),
        ("lounge", {"temperature": 19.4, "humidity": 51},
         [("temperature", "lounge"), ("humidity", "lounge")]),
        ("pendant", {"action": "single"}, [("button", "pendant")]),
        ("cistern", {"action": "vibration", "temperature": 20}, [("flush", "toilet")]),
        ("toilet", {"water_leak": False}, [("flush", "toilet")]),
        ("kitchen smoke", {"smoke": False}, [("", "kitchen")]),
    ],
)  # fmt: skip
def test_what_it_tells_says_what_it_could_be(
    name: str, said: dict[str, Any], is_: list[tuple[str, str]]
) -> None:
    assert guessed(name, said) == is_


def test_several_messages_make_one_picture() -> None:
    assert guessed("hall", {"occupancy": True}, {"temperature": 19}) == [
        ("motion", "hallway"),
        ("temperature", "hallway"),
    ]


def test_a_device_that_was_only_listed_is_judged_by_what_it_may_tell() -> None:
    exposes = [{"name": "contact"}, {"name": "battery"}]
    device = {"ieee_address": "0x1", "friendly_name": "fridge", "definition": {"exposes": exposes}}
    findings = found_in(("z/bridge/devices", [device]))
    assert [(one.kind, one.place) for one in roles(findings.devices["z", "fridge"])] == [
        ("opening", "fridge")
    ]


def test_a_wire_and_a_leak_detector_are_offered_with_a_doubt() -> None:
    wired = found_in(("tele/x/STATE", b"{}"), ("tele/hall-pir/SENSOR", {"Switch1": "ON"}))
    (role,) = roles(wired.devices["", "hall-pir"])
    assert (role.kind, role.place) == ("motion", "hallway")
    assert "wired" in role.doubt
    leak = found_in(ON, ("z/under the sink", {"water_leak": False}))
    assert "cistern" in roles(leak.devices["z", "under the sink"])[0].doubt


@pytest.mark.parametrize(
    ("topic", "said"),
    [
        ("tele/panic-button/SENSOR", {"Switch1": "OFF"}),
        ("tele/bathroom-help-cord/SENSOR", {"Switch1": "OFF"}),
        ("tele/sos/SENSOR", {"Switch1": "OFF"}),
    ],
)
def test_what_could_be_a_help_cord_is_not_offered_as_a_door(topic: str, said: object) -> None:
    wired = found_in(("tele/x/STATE", b"{}"), (topic, said))
    (role,) = roles(wired.devices["", topic.split("/")[1]])
    assert role.kind == "button"
    assert role.place
    assert "try it" in role.doubt
