"""An installer opens a door and sees it arrive."""

import asyncio
from pathlib import Path
from zoneinfo import ZoneInfo

import aiomqtt
import pytest

from contract import SensorEvent, decode, encode
from gateway.cli import main
from gateway.report.record_line import told
from tests.gateway.commands.lived_in import lived_in
from tests.gateway.events import event
from tests.gateway.household import Household
from tests.support.broker import Mosquitto
from tests.support.program import Program, wait_until


def tail(household: Household, *options: str) -> int:
    return main(["tail", "--seconds", "0", *options, "--settings", str(household.path)])


def test_it_begins_with_the_last_few_that_are_asked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    household, events = lived_in(tmp_path)
    assert tail(household, "--last", "2", "--kind", "opening") == 0
    shown = capsys.readouterr().out.splitlines()
    assert [line[:10] for line in shown] == ["2026-03-02", "2026-03-03"]
    assert all("front-door" in line and line.endswith("opened") for line in shown)
    assert tail(household, "--last", "99", "--sensor", "bathroom-motion") == 0
    assert len(capsys.readouterr().out.splitlines()) == 12
    assert tail(household, "--last", "0") == 0
    assert not capsys.readouterr().out
    assert tail(household, "--json", "--last", "1") == 0
    assert decode(capsys.readouterr().out.encode(), SensorEvent) == events[0]  # it came last


def test_alerts_are_shown_where_asked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    household, _ = lived_in(tmp_path)
    assert tail(household, "--alerts", "--last", "1") == 0
    said = "ALERT open: uti_risk (advisory): More visits than usual.\n"
    assert capsys.readouterr().out.endswith(said)


@pytest.mark.parametrize(
    ("kind", "value", "says"),
    [
        ("opening", 0, "closed"),
        ("temperature", 20.5, "20.5 °C"),
        ("button", 1, "help asked"),
        ("sonar", 3, "3"),
        ("presence", 0.5, "0.5"),
    ],
)
def test_a_value_is_told_in_words_or_with_its_unit(kind: str, value: float, says: str) -> None:
    body = encode(event(1, "lounge", kind, value))
    assert told("event", body, ZoneInfo("Europe/London")).endswith(f"  {says}")


def test_times_are_the_homes_also_in_summer() -> None:
    body = encode(event(24 * 100, "lounge"))
    assert " 01:00:00 " in told("event", body, ZoneInfo("Europe/London"))


def test_a_new_journal_is_not_waited_for_in_the_old_one(tmp_path: Path) -> None:
    household, _ = lived_in(tmp_path)
    command = ("telecare-gateway", "tail", "--settings", household.path)
    following = Program(command, tmp_path / "tail.log")
    following.start()
    try:
        wait_until(lambda: "front-door" in following.said(), 30, "the last few")
        household.journal_path.rename(tmp_path / "away")
        assert following.wait(30) == 1
    finally:
        following.stop()
    assert "this journal is gone" in following.said()


@pytest.mark.network
async def test_a_door_that_opens_is_seen_at_once(tmp_path: Path, broker: Mosquitto) -> None:
    household = Household(tmp_path / "hub", port=broker.port, clock="wall")
    command = ("telecare-gateway", "tail", "--settings", household.path)
    following = Program(command, tmp_path / "tail.log")
    household.program.start()
    try:
        said = household.program.said
        await asyncio.to_thread(wait_until, lambda: "connected" in said(), 30, "connected")
        following.start()
        async with aiomqtt.Client(broker.host, broker.port) as devices:
            await devices.publish("zigbee2mqtt/front-door", b'{"contact":true}', qos=1)
            await devices.publish("zigbee2mqtt/front-door", b'{"contact":false}', qos=1)
        await asyncio.to_thread(wait_until, lambda: "opened" in following.said(), 30, "opened")
        assert await asyncio.to_thread(following.interrupt) == 130
        assert "Traceback" not in following.said()
    finally:
        following.stop()
        household.program.stop()


def test_who_mistypes_a_sensor_does_not_wait_for_ever_without_a_word(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    household, _ = lived_in(tmp_path)
    assert tail(household, "--sensor", "typo") == 0
    assert "no sensor 'typo'" in capsys.readouterr().err
    assert tail(household, "--sensor", "bathroom-motion") == 0
    assert not capsys.readouterr().err
