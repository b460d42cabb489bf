"""An installer on a doorstep sees what speaks, while the hub goes on as if nobody listened."""

import asyncio
import json
import os
import re
import signal
import subprocess
import sys
import threading
from pathlib import Path

import aiomqtt
import pytest

from gateway.cli import main
from gateway.settings import load
from tests.gateway.downlink.bench import Bench
from tests.gateway.household import Household
from tests.support.broker import Mosquitto
from tests.support.program import wait_until

pytestmark = pytest.mark.network

LEFT = {
    "zigbee2mqtt/bridge/state": b'{"state":"online"}',
    "zigbee2mqtt/bridge/devices": json.dumps(
        [
            {
                "ieee_address": "0x1",
                "friendly_name": "Bathroom Motion",
                "power_source": "Battery",
                "definition": {"model": "SNZB-03", "exposes": [{"name": "occupancy"}]},
            }
        ]
    ).encode(),
    "kettle/events/rpc": (
        b'{"src":"shellyplugsg3-d0cf13c6a1b4","method":"NotifyStatus","params":{"switch:0":{"apower":2.0}}}'
    ),
}


def leave(broker: Mosquitto, said: dict[str, bytes], *, retain: bool = True) -> None:
    async def publish() -> None:
        async with aiomqtt.Client(broker.host, broker.port) as client:
            for topic, payload in said.items():
                await client.publish(topic, payload, qos=1, retain=retain)

    asyncio.run(publish())


@pytest.fixture
def household(tmp_path: Path, broker: Mosquitto) -> Household:
    return Household(tmp_path / "hub", port=broker.port)


def discover(household: Household, *more: str) -> int:
    return main(["discover", "--settings", str(household.path), "--seconds", "1", *more])


def test_it_shows_what_speaks_and_what_it_could_be(
    household: Household, broker: Mosquitto, capsys: pytest.CaptureFixture[str]
) -> None:
    leave(broker, LEFT)
    assert discover(household) == 0
    said = capsys.readouterr()
    lines = [re.split(" {2,}", line) for line in said.out.splitlines()]
    assert lines[1:] == [
        ["Bathroom Motion", "zigbee2mqtt", "SNZB-03, battery", "nothing yet", "bathroom motion"],
        [
            "kettle",
            "shelly without a base topic",
            "Shelly shellyplugsg3, mains",
            "power",
            "kettle appliance",
        ],
    ]
    assert "add it as [[networks]]" in said.err
    assert "not heard so far: bathroom-motion, front-door" in said.err


def test_a_device_that_the_centre_has_set_is_no_stranger_and_the_file_is_not_the_place_for_others(
    household: Household, broker: Mosquitto, capsys: pytest.CaptureFixture[str]
) -> None:
    household.journal_path.parent.mkdir(parents=True)
    bench = Bench(household.journal_path.parent, household.settings)
    kettle = {"name": "kettle", "kind": "appliance", "place": "kettle"}
    assert bench.take(bench.told(version=3, sensors=[kettle]))
    bench.journal.close()
    leave(broker, LEFT)
    assert discover(household) == 0
    said = capsys.readouterr()
    assert "in the settings as kettle" in said.out
    assert "The centre sets this home's sensors (configuration 3)" in said.err
    assert "front-door" not in said.err


def test_its_settings_can_be_added_to_the_file_as_they_are(
    household: Household, broker: Mosquitto, capsys: pytest.CaptureFixture[str]
) -> None:
    leave(broker, LEFT)
    assert discover(household, "--toml") == 0
    text = household.path.read_text("utf-8") + capsys.readouterr().out
    household.path.write_text(text, "utf-8")
    made = load(household.path)
    assert [one.dialect for one in made.networks] == ["shelly"]
    assert [(one.name, one.kind, one.place) for one in made.sensors[2:]] == [
        ("Bathroom Motion", "motion", "bathroom"),
        ("kettle", "appliance", "kettle"),
    ]


def test_the_hub_hears_all_that_it_would_have_heard_without_it(
    household: Household, broker: Mosquitto, capsys: pytest.CaptureFixture[str]
) -> None:
    """Not connected anew, not robbed of a message, and told of nothing twice."""
    household.program.start()
    wait_until(lambda: "connected to the broker" in household.program.said(), 60, "connected")
    for hour in range(3):
        moved = {"occupancy": True, "last_seen": f"2026-03-01T0{hour}:00:00Z"}
        assert discover(household) == 1, "nobody else speaks"
        leave(broker, {"zigbee2mqtt/bathroom-motion": json.dumps(moved).encode()}, retain=False)
        wait_until(lambda hour=hour: len(household.events()) == hour + 1, 30, "heard")  # type: ignore[misc] # mypy cannot infer a lambda's default
    assert household.program.stop() == 0
    assert household.program.said().count("connected to the broker") == 1
    capsys.readouterr()


def test_a_silent_broker_is_said_to_be_one(
    household: Household, capsys: pytest.CaptureFixture[str]
) -> None:
    assert discover(household) == 1
    assert "No device was heard. Wake one" in capsys.readouterr().err


def test_a_broker_that_is_not_there_is_one_line(
    household: Household, broker: Mosquitto, capsys: pytest.CaptureFixture[str]
) -> None:
    broker.stop()
    assert discover(household) == 1
    said = capsys.readouterr()
    assert "the broker cannot be listened to" in said.err
    assert len(said.err.splitlines()) == 1


def test_a_broker_that_goes_while_it_listens_is_told(
    household: Household, broker: Mosquitto, capsys: pytest.CaptureFixture[str]
) -> None:
    gone = threading.Timer(0.7, broker.kill)
    gone.start()
    assert discover(household, "--seconds", "30") == 1
    gone.join()
    assert "the broker cannot be listened to" in capsys.readouterr().err


def test_a_password_that_cannot_be_read_is_told_before_anything_is_asked(
    household: Household, capsys: pytest.CaptureFixture[str]
) -> None:
    text = household.path.read_text("utf-8")
    named = text.replace("[broker]", '[broker]\nusername = "hub"\npassword_file = "none"')
    household.path.write_text(named, "utf-8")
    assert discover(household) == 1
    assert "the broker's password cannot be read" in capsys.readouterr().err


def test_on_a_terminal_the_table_grows_and_ctrl_c_ends_it_with_what_there_is(
    household: Household, broker: Mosquitto
) -> None:
    """A name that a device bears is shown as it is: nobody's colours are obeyed."""
    leave(broker, LEFT | {"zigbee2mqtt/[red]door": b'{"contact":true}'})
    ours, theirs = os.openpty()
    arguments = ("discover", "--settings", str(household.path), "--seconds", "60")
    with subprocess.Popen(
        [sys.executable, "-m", "gateway", *arguments],
        stdout=subprocess.PIPE,
        stderr=theirs,
        text=True,
        env={**os.environ, "COLUMNS": "200", "TERM": "xterm"},
    ) as process:
        os.close(theirs)
        drawn = b""
        while b"[red]door" not in drawn:
            drawn += os.read(ours, 65_536)
        process.send_signal(signal.SIGINT)
        out, _ = process.communicate(timeout=30)
    os.close(ours)
    assert b"messages so far; Ctrl-C ends it" in drawn
    assert "[red]door" in out
    assert process.returncode == 0


@pytest.mark.parametrize("seconds", ["0", "-1", "1e9", "soon", "nan"])
def test_a_time_that_is_none_is_refused(
    household: Household, seconds: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main(["discover", "--settings", str(household.path), "--seconds", seconds])
    assert "--seconds" in capsys.readouterr().err


@pytest.mark.parametrize(
    "topic", ["", "#bad", "home/#/state", "a+", "a/b+/c", "a\0b", "a" * 65_536]
)
def test_a_filter_that_no_broker_takes_is_refused_in_a_line(
    household: Household, topic: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["discover", "--settings", str(household.path), "--topic", topic])
    assert ended.value.code == 2
    assert "is no filter of topics" in capsys.readouterr().err


@pytest.mark.parametrize("topic", ["#", "+", "home/+/state", "/", "home/#", "Wohnzimmer Tür/#"])
def test_a_filter_that_a_broker_takes_is_listened_to(
    household: Household, topic: str, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["discover", "--settings", str(household.path), "--seconds", "0.1"]
    assert main([*command, "--topic", topic]) in {0, 1}  # there may be nothing
    assert "cannot be listened to" not in capsys.readouterr().err
