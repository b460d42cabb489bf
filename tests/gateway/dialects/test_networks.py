"""Several networks on one broker: each message is read by the one that it is for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.dialects.network import Network
from gateway.dialects.networks import Networks, spoken_in
from gateway.dialects.protocol import Decoded, DialectError
from gateway.dialects.registry import DIALECTS
from gateway.dialects.zigbee2mqtt import Zigbee2Mqtt
from tests.gateway.dialects.golden import golden

ALL = spoken_in(Network(dialect=name) for name in DIALECTS)


@pytest.mark.parametrize("name", DIALECTS)
def test_each_is_heard_as_if_it_were_alone(name: str) -> None:
    for example in golden(name):
        topic = example.topic.replace("base/", f"{name}/", 1)
        alone = DIALECTS[name](name).decode(topic, example.payload)
        assert ALL.decode(topic, example.payload) == alone


@pytest.mark.parametrize("name", ["shelly", "tasmota", "esphome"])
def test_devices_without_a_base_topic_are_heard_beside_the_others(name: str) -> None:
    bare = Network(dialect=name, base_topic="")
    both = spoken_in([Network(dialect="zigbee2mqtt"), bare])
    for example in golden(name):
        topic = example.topic.removeprefix("base/")
        assert both.decode(topic, example.payload).readings


def test_every_topic_is_subscribed_to_once() -> None:
    twice = Networks([Zigbee2Mqtt("a"), Zigbee2Mqtt("a")])
    assert twice.topics == ["a/#"]
    assert {topic.split("/")[0] for topic in ALL.topics} == set(DIALECTS)


def test_one_network_is_heard_without_a_detour() -> None:
    assert isinstance(spoken_in([Network(dialect="zigbee2mqtt")]), Zigbee2Mqtt)


def test_a_reason_to_refuse_is_not_lost_among_several() -> None:
    with pytest.raises(DialectError, match="not JSON"):
        ALL.decode("plain/one", b"{")


def test_where_one_cannot_use_it_the_other_may() -> None:
    both = Networks([DIALECTS["plain"]("x"), Zigbee2Mqtt("x")])
    assert both.decode("x/pir", b'{"occupancy":true}').readings


@given(st.text(max_size=30), st.binary(max_size=30))
def test_no_topic_does_more_than_be_passed_over_or_refused(topic: str, payload: bytes) -> None:
    try:
        ALL.decode(topic, payload)
    except DialectError as error:
        assert str(error)  # noqa: PT017 - any sentence will do


def test_a_message_of_nobody_is_passed_over() -> None:
    assert ALL.decode("homeassistant/sensor/x/config", b"{}") == Decoded([], [])
