"""What the bridge says of its network is understood in both versions, and broken lists in part."""

import json
from typing import Any

import pytest

from gateway.dialects.news import Bridge, Described, Listed, Met, Renamed
from gateway.dialects.protocol import Decoded, DialectError, Ignored, Why
from gateway.dialects.zigbee2mqtt import Zigbee2Mqtt

PIR = {"ieee_address": "0x1", "friendly_name": "pir"}


def said(topic: str, payload: Any) -> Decoded:
    text = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    return Zigbee2Mqtt("z").decode(f"z/bridge/{topic}", text)


def listed(*devices: Any) -> Decoded:
    return said("devices", devices)


@pytest.mark.parametrize("payload", [b"offline", b'{"state":"offline"}', b" offline\n"])
def test_a_bridge_that_went_is_known_in_either_form(payload: bytes) -> None:
    assert said("state", payload).news == (Bridge("z", online=False),)


@pytest.mark.parametrize("payload", [b"stopped", b'{"state":1}', b"{}", b"[]", b"\xff"])
def test_a_state_of_the_bridge_that_is_none_is_refused(payload: bytes) -> None:
    with pytest.raises(DialectError):
        said("state", payload)


def test_the_coordinator_is_no_device() -> None:
    assert listed({**PIR, "type": "Coordinator"}).news == (Listed("z", ()),)


@pytest.mark.parametrize(
    "broken",
    [
        None, "pir", [], {}, {"ieee_address": "0x2"}, {"friendly_name": "x"},
        {**PIR, "ieee_address": 2}, {**PIR, "friendly_name": ""},
        {**PIR, "friendly_name": "x" * 129},
    ],
)  # fmt: skip
def test_a_broken_entry_is_told_and_the_others_count(broken: Any) -> None:
    told = listed(broken, PIR)
    assert told.news == (Listed("z", (Described("0x1", "pir"),)),)
    assert [one.why for one in told.problems] == [Why.WRONG_TYPE]


@pytest.mark.parametrize(
    "strange",
    [
        {"definition": None}, {"definition": []}, {"definition": {"model": 5, "vendor": None}},
        {"definition": {"exposes": "all"}}, {"definition": {"exposes": [1, None, {"features": 3}]}},
        {"power_source": 5}, {"power_source": ""}, {"model_id": ["x"]},
    ],
)  # fmt: skip
def test_what_is_not_known_of_a_device_is_left_empty(strange: dict[str, Any]) -> None:
    assert listed({**PIR, **strange}).news == (Listed("z", (Described("0x1", "pir"),)),)


def test_what_a_device_tells_is_found_within_what_is_made_of_several() -> None:
    inner: dict[str, Any] = {"name": "too deep"}
    for _ in range(5):
        inner = {"features": [inner]}
    exposes = [{"features": [{"property": "state_l1"}]}, {"name": "occupancy"}, inner]
    (news,) = listed({**PIR, "definition": {"exposes": exposes}}).news
    assert isinstance(news, Listed)
    assert news.devices[0].tells == ("state_l1", "occupancy")


@pytest.mark.parametrize(("source", "power"), [("Battery", "battery"), ("DC Source", "mains")])
def test_an_installer_sees_what_runs_on_a_battery(source: str, power: str) -> None:
    (news,) = listed({**PIR, "power_source": source}).news
    assert isinstance(news, Listed)
    assert news.devices[0].power == power


def test_a_rename_that_failed_is_none() -> None:
    answer = {"status": "error", "error": "name is taken", "data": {}}
    assert said("response/device/rename", answer) == Decoded([], [], (), Ignored.BRIDGE)


@pytest.mark.parametrize("data", [None, {}, {"from": "a"}, {"from": "a", "to": 3}, ["a", "b"]])
def test_a_rename_that_does_not_tell_both_names_is_refused(data: Any) -> None:
    with pytest.raises(DialectError, match="from and to"):
        said("response/device/rename", {"status": "ok", "data": data})


@pytest.mark.parametrize(
    ("entry", "news"),
    [
        (
            {"type": "device_renamed", "message": {"from": "a", "to": "b"}},
            (Renamed("z", "a", "b"),),
        ),
        ({"type": "device_renamed", "message": "a to b"}, ()),
        ({"type": "pairing", "message": {"from": "a", "to": "b"}}, ()),
    ],
)
def test_the_log_of_old_releases_tells_a_rename_and_is_passed_over_else(
    entry: dict[str, Any], news: tuple[Renamed, ...]
) -> None:
    assert said("log", entry) == Decoded([], [], news, Ignored.NO_FIELD if news else Ignored.LOG)


def test_a_device_that_leaves_is_not_met() -> None:
    event = {"type": "device_leave", "data": PIR}
    assert said("event", event).news == ()
    joined = said("event", {**event, "type": "device_joined"})
    assert joined.news == (Met("z", Described("0x1", "pir")),)


@pytest.mark.parametrize("topic", ["z/bridge/state", "a/b/bridge/info", "z/bridge/event"])
def test_the_bridges_own_topics_are_its_sure_sign(topic: str) -> None:
    base = topic.rpartition("/bridge/")[0]
    assert Zigbee2Mqtt("elsewhere").base_of(topic, b"") == base


@pytest.mark.parametrize("topic", ["bridge/state", "z/bridge", "z/bridges/state", "z/pir", ""])
def test_nothing_else_is_taken_for_one(topic: str) -> None:
    assert Zigbee2Mqtt("z").base_of(topic, b"online") is None
