"""What is stored is read back as far as it is known, and what is not is named."""

import json
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.cohorts.criteria import Criteria, Trend
from api.fitting.views import Found
from api.people.risk import RiskRecord
from api.store.stored import Unreadable, read_stored, stored

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3)
    ),
    max_leaves=8,
)
KNOWN = st.sampled_from([*Criteria.__struct_fields__, *RiskRecord.__struct_fields__])
TREND = {"measure": "intake", "way": "less", "by": 0.25}


@given(st.dictionaries(KNOWN | st.text(max_size=5), ANYTHING, max_size=6))
def test_whatever_lies_there_what_fits_is_read_and_the_rest_is_named(raw: dict[str, Any]) -> None:
    for kind in (RiskRecord, Criteria):
        known, beyond = stored(raw, kind)
        assert beyond.keys() <= raw.keys()
        left = {name: value for name, value in raw.items() if name not in beyond}
        assert msgspec.convert(left, kind) == stored(left, kind).known
        for name in left:
            assert getattr(known, name) == getattr(stored(left, kind).known, name)


@given(st.builds(RiskRecord))
def test_what_this_version_wrote_it_reads_whole(record: RiskRecord) -> None:
    assert read_stored(msgspec.json.encode(record), RiskRecord) == (record, {})


def test_what_cannot_be_is_left_out_down_to_the_item_and_not_taken_for_something_else() -> None:
    known, beyond = stored(
        {"on_record": ["dementia", "frailty"], "trend": {**TREND, "way": "odd"}, "alert_days": 3},
        Criteria,
    )
    assert known == Criteria(on_record=["dementia"], alert_days=3)
    assert beyond.keys() == {"on_record", "trend"}
    known, beyond = stored({"trend": {**TREND, "days": 99, "of": "day"}}, Criteria)
    assert known == Criteria(trend=Trend(measure="intake", way="less", by=0.25))
    assert beyond.keys() == {"trend"}


def test_a_sign_off_of_a_newer_replica_is_shown_as_far_as_it_is_known() -> None:
    at = "2026-03-10T12:00:00Z"
    hub = {"hub": "hub-1", "claimed_at": None, "code_expires_at": at, "last_seen_at": None}
    sensors = [
        {"sensor": "pir", "kind": "motion", "place": "hall", "walks": True},
        {"sensor": "bed", "kind": "weight", "place": "bed", "walks": "partly"},
    ]
    found, beyond = read_stored(
        json.dumps({"hub": hub, "sensors": sensors, "call": {"at": at}, "test_at": at}), Found
    )
    assert [one.sensor for one in found.sensors] == ["pir"]
    assert (found.call, f"{found.test_at:%F %H}") == (None, "2026-03-10 12")
    assert beyond.keys() == {"sensors", "call"}


@pytest.mark.parametrize("kept", ["", "[]", "null", '{"sensors": []}', "\ud800", "{" * 100_000])
def test_what_says_nothing_at_all_is_told_apart(kept: str) -> None:
    with pytest.raises(Unreadable):
        read_stored(kept.encode("utf-8", "surrogatepass"), Found)
