"""One bad record must not cost a home the good ones beside it, nor vanish without a word."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.hubs.records import sort_records
from contract import Record
from tests.api.support import alert, event


def record(kind: str, body: Any, seq: int = 1) -> Record:
    return Record(seq=seq, kind=kind, body=msgspec.Raw(msgspec.json.encode(body)))


def reasons(*records: Record) -> list[str]:
    return [one.reason for one in sort_records(list(records), "hub-1", "h1").refused]


def test_each_kind_goes_to_its_own_place_with_its_body_as_it_came() -> None:
    assessment = {
        "v": 1, "home": "h1", "condition": "uti_risk", "at": "2026-03-10T12:00:00Z",
        "state": "normal",
    }  # fmt: skip
    health = {"v": 1, "hub": "hub-1", "home": "h1", "at": "2026-03-10T12:00:00Z"}
    sent = [
        record("event", event("h1", new_field={"deep": 1}), 1),
        record("assessment", assessment, 2),
        record("alert", alert("h1"), 3),
        record("health", health, 4),
        record("dream", {"of": "sheep"}, 5),
    ]
    found = sort_records(sent, "hub-1", "h1")
    assert not found.refused
    kept = (found.events, found.assessments, found.alerts, found.health, found.others)
    assert [[one.seq for one in each] for each in kept] == [[1], [2], [3], [4], [5]]
    assert found.events[0].body == bytes(sent[0].body).decode()


@pytest.mark.parametrize(
    ("kind", "body", "why"),
    [
        ("event", event("h2"), "home must be h1"),
        ("alert", alert("h2"), "home must be h1"),
        ("event", event("h1", value=7), "motion must be from 1 to 1"),
        ("event", event("h1", at="2026-03-10T12:00:00"), "valid"),
        ("event", event("h1", at="1969-12-31T23:59:59Z"), "at must be from 1970"),
        ("event", event("h1", at="0001-01-01T00:00:00+14:00"), "at must be from 1970"),
        ("event", event("h1", at="9999-12-31T23:59:59-14:00"), "at must be from 1970"),
        ("event", event("h1", sensor="a\0b"), "NUL"),
        ("event", "a text", "valid"),
        ("event", None, "valid"),
        ("alert", alert("h1", version=2**31), "version must be at most"),
        ("alert", alert("h1", updated_at="2150-01-01T00:00:00Z"), "updated_at must be"),
        ("health", {"hub": "hub-2", "home": "h1", "at": "2026-03-10T12:00:00Z"}, "hub must be"),
        ("a\0b", {}, "NUL"),
    ],
)
def test_what_cannot_be_kept_is_refused_with_a_reason_and_put_aside(
    kind: str, body: Any, why: str
) -> None:
    good = record("event", event("h1"), 2)
    found = sort_records([record(kind, body), good], "hub-1", "h1")
    assert [one.seq for one in found.events] == [2]
    assert len(found.refused) == 1
    assert why in found.refused[0].reason
    assert found.refused[0].body == msgspec.json.encode(body)


FIELDS = ("home", "at", "kind", "value", "sensor", "place", "id", "hub", "evidence")

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


@given(
    st.sampled_from(["event", "assessment", "alert", "health", "other"]),
    st.fixed_dictionaries(
        {},
        optional=dict.fromkeys(FIELDS, json_values),
    )
    | json_values,
)
def test_no_json_whatever_stops_the_reading(kind: str, body: Any) -> None:
    found = sort_records([record(kind, body)], "hub-1", "h1")
    kept: list[Sequence[object]] = [
        found.events, found.assessments, found.alerts, found.health, found.others, found.refused
    ]  # fmt: skip
    assert sum(len(each) for each in kept) == 1


@given(st.datetimes(timezones=st.sampled_from([UTC])))
def test_times_a_database_cannot_hold_are_refused(at: datetime) -> None:
    refused = reasons(record("event", event("h1", at=at.isoformat())))
    assert bool(refused) == (not 1970 <= at.year < 2100)
