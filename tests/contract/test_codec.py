"""Nothing a sensor said is changed by being written down, and nonsense is refused in words."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract import Assessment, ContractError, Evidence, SensorEvent, decode, encode
from contract.events import VALUES, problem

names = st.text(min_size=1, max_size=20)
instants = st.timedeltas(timedelta(0), timedelta(days=50_000)).map(
    lambda since: datetime(1970, 1, 1, tzinfo=UTC) + since
)
numbers = st.floats(allow_nan=False, allow_infinity=False)
events = st.builds(
    SensorEvent,
    home=names,
    sensor=names,
    kind=st.one_of(st.sampled_from(sorted(VALUES)), names),
    place=names,
    at=instants,
    value=numbers,
    duration=st.none() | st.floats(min_value=0, allow_infinity=False),
    battery=st.none() | st.floats(0, 100),
    quality=st.sampled_from(["ok", "late", "clock_unsure", "replayed", "later-word"]),
    seq=st.none() | st.integers(min_value=0, max_value=2**53),
)
json_values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | numbers | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=3),
    max_leaves=8,
)
LINE = (
    b'{"v":1,"home":"h1","sensor":"bathroom-pir","kind":"motion","place":"bathroom",'
    b'"at":"2026-03-01T07:12:03.120Z","value":1}'
)


@given(events)
def test_an_event_reads_back_as_it_was_written(event: SensorEvent) -> None:
    assert decode(encode(event), SensorEvent) == event


@given(events, st.dictionaries(names.map(lambda name: f"new_{name}"), json_values, max_size=4))
def test_fields_of_a_newer_hub_survive_an_older_reader(
    event: SensorEvent, newer: dict[str, Any]
) -> None:
    written = {**json.loads(encode(event)), **newer, "v": 9}
    read = decode(json.dumps(written), SensorEvent)
    assert json.loads(encode(read)) == written
    assert read.at == event.at


@given(json_values)
def test_a_newer_field_deep_in_the_evidence_survives(value: Any) -> None:
    assessment = Assessment(
        home="h1",
        condition="uti_risk",
        at=datetime(2026, 3, 1, tzinfo=UTC),
        state="raised",
        evidence=[Evidence(measure="m", label="M", unit="visits")],
    )
    written = json.loads(encode(assessment))
    written["evidence"][0]["confidence"] = value
    assert json.loads(encode(decode(json.dumps(written), Assessment))) == written


@given(st.binary(max_size=200))
def test_noise_is_refused_with_a_sentence_and_never_crashes(noise: bytes) -> None:
    with pytest.raises(ContractError, match=r"^not "):
        decode(noise, SensorEvent)


@given(st.data())
def test_a_damaged_line_is_read_right_or_refused(data: st.DataObject) -> None:
    position = data.draw(st.integers(0, len(LINE) - 1))
    damaged = LINE[:position] + data.draw(st.binary(max_size=3)) + LINE[position + 1 :]
    try:
        event = decode(damaged, SensorEvent)
    except ContractError:
        return
    assert decode(encode(event), SensorEvent) == event


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"at": "2026-03-01T07:12:03"}, "`$.at`"),
        ({"at": "yesterday"}, "`$.at`"),
        ({"home": ""}, "`$.home`"),
        ({"value": "1"}, "`$.value`"),
        ({"battery": 300}, "`$.battery`"),
        ({"v": 0}, "`$.v`"),
        ({"duration": -1}, "`$.duration`"),
    ],
)
def test_a_refusal_names_the_field(change: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ContractError, match="SensorEvent") as refusal:
        decode(json.dumps({**json.loads(LINE), **change}), SensorEvent)
    assert sentence in str(refusal.value)


@pytest.mark.parametrize("field", ["home", "sensor", "kind", "place", "at", "value"])
def test_a_missing_field_is_named(field: str) -> None:
    line = json.loads(LINE)
    del line[field]
    with pytest.raises(ContractError, match=f"`{field}`"):
        decode(json.dumps(line), SensorEvent)


def test_a_set_aside_field_cannot_pass_itself_off_as_a_known_one() -> None:
    line = {**json.loads(LINE), "$unknown": {"home": "another"}}
    assert json.loads(encode(decode(json.dumps(line), SensorEvent)))["home"] == "h1"


@pytest.mark.parametrize(
    ("kind", "value", "wrong"),
    [
        ("motion", 1, False),
        ("motion", 0, True),
        ("opening", 0.5, True),
        ("opening", 0, False),
        ("temperature", -41, True),
        ("temperature", 19.4, False),
        ("appliance", float("nan"), True),
        ("link", 2, True),
        ("radar", 1e9, False),
    ],
)
def test_a_value_that_cannot_be_is_told_from_one_that_can(
    kind: str, value: float, wrong: bool
) -> None:
    event = decode(LINE, SensorEvent)
    changed = SensorEvent(
        home="h1", sensor="s", kind=kind, place="p", at=event.at + timedelta(1), value=value
    )
    assert (problem(changed) is not None) is wrong
