"""An installer sees every device that speaks, in whatever dialect and below whatever topic."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.dialects.network import Network
from gateway.dialects.registry import DIALECTS
from gateway.discovery.finding import MOST_NETWORKS, find
from gateway.discovery.samples import MOST_PAYLOADS, MOST_TOPICS, Overheard
from tests.gateway.discovery.overheard import found_in, names, of_golden

EVERYTHING = [one for dialect in DIALECTS for one in of_golden(dialect)]


@pytest.mark.parametrize("dialect", DIALECTS)
def test_every_dialect_is_found_below_a_topic_that_nobody_told(dialect: str) -> None:
    findings = found_in(*of_golden(dialect, "home/flat 3"))
    assert {(one.dialect, one.base) for one in findings.networks} == {(dialect, "home/flat 3")}
    assert set(names(findings).values()) == {"home/flat 3"}


@pytest.mark.parametrize("dialect", ["shelly", "tasmota", "esphome"])
def test_devices_fresh_from_the_shop_are_found_without_a_base_topic(dialect: str) -> None:
    findings = found_in(*of_golden(dialect, ""))
    assert {(one.dialect, one.base) for one in findings.networks} == {(dialect, "")}


def test_all_dialects_on_one_broker_are_told_apart_with_all_their_devices() -> None:
    findings = found_in(*EVERYTHING)
    assert {one.dialect for one in findings.networks} == set(DIALECTS)
    for dialect in DIALECTS:
        alone = found_in(*of_golden(dialect))
        together = {key: one for key, one in findings.devices.items() if key[0] == dialect}
        assert together == alone.devices
    assert not findings.strangers


@settings(max_examples=10)
@given(st.permutations(EVERYTHING))
def test_the_order_in_which_devices_speak_changes_nothing(said: list[tuple[str, bytes]]) -> None:
    findings, usual = found_in(*said), found_in(*EVERYTHING)
    assert findings.networks == usual.networks
    assert findings.devices.keys() == usual.devices.keys()


def test_what_a_bridge_lists_is_seen_though_it_has_not_spoken() -> None:
    findings = found_in(*of_golden("zigbee2mqtt"))
    found = findings.devices["zigbee2mqtt", "bathroom-pir"]
    assert found.described is not None
    assert (found.described.model, found.power, found.messages) == ("SNZB-03", "battery", 0)
    assert findings.devices["zigbee2mqtt", "kettle-plug"].power == "mains"


def test_a_bridge_that_is_away_is_said_to_be() -> None:
    assert found_in(("z/bridge/state", {"state": "offline"})).bridges == {"z": False}


def test_what_no_dialect_knows_is_counted_by_topic() -> None:
    findings = found_in(
        ("shellies/shelly1-a/relay/0", b"on"),
        ("shellies/shelly1-a/relay/0", b"off"),
        ("homeassistant/sensor/x/config", b"{}"),
    )
    assert findings.strangers == {"shellies/shelly1-a/relay/0": 2}


def test_a_thousand_networks_that_nobody_has_are_not_looked_through() -> None:
    home = [("home/bridge/state", b"online"), ("home/bridge/info", b"{}")]
    junk = [(f"{number}/bridge/state", b"online") for number in range(1000)]
    long = [(f"{'x' * 129}/bridge/{what}", b"{}") for what in ("state", "info", "devices")]
    findings = found_in(*junk, *home, *long, ("home/pir", {"occupancy": True}))
    assert set(findings.devices) == {("home", "pir")}
    assert len(findings.networks) <= MOST_NETWORKS


def test_what_the_settings_name_is_listened_to_without_a_sign() -> None:
    overheard = Overheard()
    overheard.hear("z2m/pir", b'{"occupancy":true}', retained=False)
    assert not find(overheard.samples()).devices
    known = find(overheard.samples(), [Network(dialect="zigbee2mqtt", base_topic="z2m")])
    assert set(known.devices) == {("z2m", "pir")}


def test_messages_that_cannot_be_used_are_counted() -> None:
    said = (("z/bridge/state", b"online"), ("z/pir", b"{"), ("z/pir", {"occupancy": 3}))
    assert found_in(*said).refused == {"z": 2}


def test_a_broker_that_never_stops_talking_fills_no_memory() -> None:
    overheard = Overheard()
    for number in range(MOST_TOPICS + 100):
        overheard.hear(f"z/{number}", b"{}", retained=False)
    for number in range(100):
        overheard.hear("z/0", b"%d" % number, retained=False)
        overheard.hear(f"z/{number % 20}", b"x" * 1_000_000 + b"%d" % number, retained=False)
    overheard.hear("z/" + "x" * 60_000, b"", retained=False)
    samples = list(overheard.samples())
    assert len(samples) == MOST_TOPICS
    assert len(samples[0].payloads) == MOST_PAYLOADS
    assert sum(len(one) for sample in samples for one in sample.payloads) < 17_000_000
    assert overheard.left_out > 100
    assert overheard.messages == MOST_TOPICS + 100 + 201


@given(st.lists(st.tuples(st.sampled_from([t for t, _ in EVERYTHING]) | st.text(max_size=20),
                          st.sampled_from([p for _, p in EVERYTHING]) | st.binary(max_size=20)),
                max_size=20))  # fmt: skip
def test_no_talk_makes_it_fail(said: list[tuple[str, bytes]]) -> None:
    findings = found_in(*said)
    assert all(key == (one.network.base, one.name) for key, one in findings.devices.items())
