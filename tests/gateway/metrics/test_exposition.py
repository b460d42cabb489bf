"""Each documented metric is there, and Prometheus can read it whatever a sensor is called."""

import re
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract import HubHealth, SensorHealth
from gateway.health.heartbeat import heartbeat
from gateway.journal import Intake, Journal
from gateway.metrics.exposition import Standing, exposition
from gateway.metrics.names import METRICS
from tests.gateway.events import START, at, event
from tests.gateway.made_up_machine import machine_in
from tests.support.manual import under

LINE = re.compile(r'(?P<name>[a-z_][a-z0-9_]*)(\{(?P<labels>([a-z]+="([^"\\\n]|\\.)*",?)+)\})? \S+')


@pytest.fixture
def health(tmp_path: Path) -> HubHealth:
    sensor = SensorHealth(
        sensor='odd "\\\n name', last_seen=at(1), battery=80, link_quality=90, online=False
    )
    with Journal.open(tmp_path / "j.sqlite", "hub-1", "h1") as journal:
        journal.write_intake(Intake(events=[event(1)], counts=Counter(messages=5)), START)
        root = machine_in(tmp_path / "root")
        return heartbeat(journal, [sensor], tmp_path, started_at=START, now=START + 60, root=root)


STANDING = Standing(
    journalled=9, received=8, broker=True, centre=False, jobs={"detecting": True, "writing": False}
)


def test_every_documented_metric_is_told_and_every_one_told_is_documented(
    health: HubHealth,
) -> None:
    told = {line.split()[2] for line in exposition(health, STANDING).splitlines() if "TYPE" in line}
    section = under("### Metrics")
    documented = set(re.findall(r"^\| `(telecare_\w+)` \|", section, re.MULTILINE))
    assert told == documented == {one.name for one in METRICS}
    for one in METRICS:
        labels = ", ".join(f"`{label}`" for label in one.labels)
        assert f"| `{one.name}` | {labels} | {one.says} |" in section


def test_every_line_can_be_read_by_prometheus(health: HubHealth) -> None:
    text = exposition(health, STANDING)
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    assert all(LINE.fullmatch(line) for line in lines), lines
    assert text.endswith("\n")
    assert 'telecare_sensor_online{sensor="odd \\"\\\\\\n name"} 0' in lines
    assert 'telecare_waiting_records{kind="event"} 1' in lines
    assert "telecare_waiting_seconds 60" in lines
    assert 'telecare_job_stuck{job="detecting"} 1' in lines
    assert 'telecare_counted_total{counter="messages"} 5' in lines
    assert "telecare_memory_used_bytes 93184000" in lines


def test_what_is_not_known_is_left_out_rather_than_told_as_nought() -> None:
    bare = HubHealth(hub="hub-1", home="h1", at=at(0))
    text = exposition(bare, Standing(journalled=0, received=0, broker=False))
    assert "telecare_temperature_celsius" not in text
    assert "telecare_centre_reached" not in text
    assert "telecare_broker_connected 0" in text
    assert "telecare_waiting_seconds 0" in text


@given(st.text(max_size=40))
def test_no_name_of_a_sensor_breaks_the_lines_of_others(name: str) -> None:
    health = HubHealth(hub="h", home="h", at=at(0), sensors=[SensorHealth(sensor=name, battery=1)])
    told = exposition(health, Standing(journalled=0, received=0, broker=True)).split("\n")
    (line,) = [one for one in told if one.startswith("telecare_sensor_battery_percent")]
    read = LINE.fullmatch(line)
    assert read is not None
    escaped = read["labels"].removeprefix('sensor="').removesuffix('"')
    back = re.sub(r"\\(.)", lambda one: {"n": "\n"}.get(one[1], one[1]), escaped)
    assert back == name
