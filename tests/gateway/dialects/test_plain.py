"""The plain form: a finished event, checked as strictly as the contract's own."""

import json
from typing import Any

import pytest

from contract import Kind
from gateway.dialects.plain import Plain
from gateway.dialects.protocol import Decoded, DialectError


def said(**event: Any) -> Decoded:
    return Plain("plain").decode("plain/one", json.dumps(event).encode())


@pytest.mark.parametrize("kind", list(Kind))
def test_every_kind_of_event_can_be_told(kind: str) -> None:
    assert said(kind=kind, value=1).readings


@pytest.mark.parametrize(
    ("event", "says"),
    [
        ({"value": 1}, "kind must be one of motion, opening, .*, not null"),
        ({"kind": "smell", "value": 1}, "kind must be one of .*, not a text"),
        ({"kind": "motion"}, "value must be a number, not null"),
        ({"kind": "motion", "value": 0}, "value must be from 1 to 1, not 0"),
        ({"kind": "opening", "value": 0.5}, "value must be 0 or 1, not 0.5"),
    ],
)
def test_what_is_no_event_is_refused(event: dict[str, Any], says: str) -> None:
    with pytest.raises(DialectError, match=says):
        said(**event)


@pytest.mark.parametrize("at", ["2026-03-01T07:12:03", "noon", 1_772_349_123])
def test_a_time_without_an_offset_is_told_and_the_event_still_counts(at: object) -> None:
    told = said(kind="opening", value=1, at=at)
    assert [(reading.value, reading.at) for reading in told.readings] == [(1, None)]
    assert told.problems[0].startswith("at must be ISO 8601 with an offset, not")


def test_a_length_that_is_none_is_told_and_the_use_still_counts() -> None:
    told = said(kind="appliance", value=90, duration=-1)
    assert [(one.value, one.seconds) for one in told.readings] == [(90, None)]
    assert told.problems == ["duration must be from 0 to 86400, not -1"]


@pytest.mark.parametrize("topic", ["plain", "plain/", "plain/a/b", "other/one"])
def test_what_is_not_on_a_sensor_s_own_topic_is_passed_over(topic: str) -> None:
    assert Plain("plain").decode(topic, b"{}") == Decoded([], [])
