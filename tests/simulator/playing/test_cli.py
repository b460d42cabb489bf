"""`telecare-simulator play` and `run`, as a person at a terminal meets them."""

import signal
import subprocess
import sys
import threading
from argparse import ArgumentTypeError
from pathlib import Path

import msgspec
import pytest

from contract import Kind, SensorEvent
from contract.recordings import write_recording
from simulator.cli import main
from simulator.devices.cast import Cast
from simulator.devices.message import Message
from simulator.live.casting import cast_of
from simulator.living.street import made_up_home
from simulator.playing.arguments import host_and_port
from tests.simulator.devices.events import START, event
from tests.simulator.devices.hub import essence, hear
from tests.simulator.playing.subscriber import Subscriber
from tests.support.broker import Mosquitto


def messages_in(heard: list[tuple[str, bytes]]) -> list[Message]:
    return [Message(0, topic.removeprefix("zigbee2mqtt/"), payload) for topic, payload in heard]


@pytest.mark.network
def test_a_recording_goes_through_a_real_broker_unchanged(
    broker: Mosquitto, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    events = list(made_up_home(2, seed=5, start=START).until(START + 2 * 86_400))
    recording = tmp_path / "r.jsonl.gz"
    write_recording(recording, events)
    with Subscriber(broker.port) as subscriber:
        arguments = [str(recording), "--broker", f"127.0.0.1:{broker.port}", "--speed", "0"]
        assert main(["play", *arguments]) == 0
        said = capsys.readouterr().out
        number = int(said.split(" events in ")[1].split(" ")[0].replace(",", ""))
        heard = subscriber.wait_for(number)
    assert f"home2: {len(events):,} events in" in said
    assert "all acknowledged" in said
    assert essence(hear("home2", Cast(events), messages_in(heard))) == essence(events)


@pytest.mark.network
def test_a_life_is_lived_on_a_real_broker(
    broker: Mosquitto, capsys: pytest.CaptureFixture[str]
) -> None:
    where = ["--broker", f"127.0.0.1:{broker.port}", "--base-topic", "house/z2m"]
    what = ["--home", "home4", "--days", "1", "--start", "2026-03-01", "--speed", "0"]
    home = made_up_home(4, seed=1, start=START)
    events = list(home.until(START + 86_400))
    with Subscriber(broker.port) as subscriber:
        assert main(["run", *what, *where]) == 0
        said = capsys.readouterr().out
        number = int(said.split(" events in ")[1].split(" ")[0].replace(",", ""))
        heard = subscriber.wait_for(number)
    assert f"home4: {len(events):,} events" in said
    assert all(topic.startswith("house/z2m/") for topic, _ in heard)
    told = [Message(0, topic.removeprefix("house/z2m/"), payload) for topic, payload in heard]
    assert essence(hear("home4", cast_of(home), told)) == essence(events)


@pytest.mark.network
@pytest.mark.parametrize("base", ["", "house/s"])
def test_a_recording_is_played_in_another_dialect_under_any_topic_or_none(
    broker: Mosquitto, tmp_path: Path, base: str
) -> None:
    recording = tmp_path / "r.jsonl"
    write_recording(recording, [event("pir", Kind.MOTION, "hallway", t) for t in (0, 600)])
    arguments = [str(recording), "--broker", f"127.0.0.1:{broker.port}", "--speed", "0"]
    with Subscriber(broker.port) as subscriber:
        assert main(["play", *arguments, "--dialect", "shelly", "--base-topic", base]) == 0
        heard = subscriber.wait_for(4)
    prefix = f"{base}/" if base else ""
    assert {topic for topic, _ in heard} == {f"{prefix}pir/events/rpc"}


@pytest.mark.network
def test_play_says_what_it_could_not_tell(
    broker: Mosquitto, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    recording = tmp_path / "r.jsonl"
    events = [
        event("fridge-contact", Kind.OPENING, "fridge", 10, 0),
        event("fridge-contact", Kind.OPENING, "fridge", 20, 1),
    ]
    write_recording(recording, events)
    assert main(["play", str(recording), "--broker", f"127.0.0.1:{broker.port}"]) == 0
    said = capsys.readouterr()
    assert "1 events not told: fridge-contact: its sensor was in that state already" in said.err
    assert "2 events in 2 messages" in said.out  # the door said how it stands


@pytest.mark.network
def test_speed_is_kept_on_a_real_broker(broker: Mosquitto, tmp_path: Path) -> None:
    """Not how fast it is, but that it holds back: the second event waits for its turn."""
    recording = tmp_path / "r.jsonl"
    write_recording(recording, [event("pir", Kind.MOTION, "hallway", t) for t in (0, 7200)])
    with Subscriber(broker.port) as subscriber:
        arguments = [str(recording), "--broker", f"127.0.0.1:{broker.port}", "--speed", "7200"]
        playing = threading.Thread(target=main, args=(["play", *arguments],))
        playing.start()
        subscriber.wait_for(2)
        assert len(subscriber.heard) == 2
        subscriber.wait_for(4)
        playing.join()
    seen = [msgspec.json.decode(payload)["last_seen"] for _, payload in subscriber.heard]
    assert seen == sorted(seen)


@pytest.mark.network
@pytest.mark.parametrize("command", ["play", "run"])
def test_ctrl_c_ends_it_with_one_line(broker: Mosquitto, tmp_path: Path, command: str) -> None:
    recording = tmp_path / "r.jsonl"
    write_recording(recording, [event("pir", Kind.MOTION, "hallway", t) for t in (0, 7200)])
    what = [str(recording)] if command == "play" else ["--days", "3", "--start", "2026-03-01"]
    where = ["--broker", f"127.0.0.1:{broker.port}", "--speed", "1"]
    code = "import sys; from simulator.cli import main; sys.exit(main())"
    with Subscriber(broker.port) as subscriber:
        running = subprocess.Popen(
            [sys.executable, "-c", code, command, *what, *where], stderr=subprocess.PIPE, text=True
        )
        subscriber.wait_for(1)
        running.send_signal(signal.SIGINT)
        _, said = running.communicate(timeout=30)
    assert running.returncode == 130
    assert said == f"telecare-simulator {command}: stopped before the end\n"


def test_a_recording_of_several_homes_needs_a_name(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    recording = tmp_path / "r.jsonl"
    one = event("pir", Kind.MOTION, "hallway", 1)
    write_recording(recording, [one, msgspec.structs.replace(one, home="h2")])
    assert main(["play", str(recording), "--broker", "localhost"]) == 1
    assert "holds 2 homes, name one by --home: h1, h2" in capsys.readouterr().err
    assert main(["play", str(recording), "--home", "h9", "--broker", "localhost"]) == 1
    assert "no home is called h9" in capsys.readouterr().err


@pytest.mark.network
def test_a_dialect_without_times_played_too_fast_is_warned_of(
    broker: Mosquitto, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    recording = tmp_path / "r.jsonl"
    write_recording(recording, [event("pir", Kind.MOTION, "hallway", 1)])
    arguments = ["play", str(recording), "--broker", f"127.0.0.1:{broker.port}", "--speed", "0"]
    assert main([*arguments, "--dialect", "esphome"]) == 0
    assert "Only --speed 1 keeps the times" in capsys.readouterr().err
    assert main([*arguments, "--dialect", "tasmota"]) == 0
    assert capsys.readouterr().err == ""


def test_an_empty_recording_is_said_to_be_empty(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    recording = tmp_path / "r.jsonl"
    recording.write_bytes(b"\n")
    assert main(["play", str(recording), "--broker", "localhost"]) == 1
    assert "holds no event" in capsys.readouterr().err


@pytest.mark.network
@pytest.mark.parametrize("name", ["r.jsonl", "r.jsonl.gz"])
def test_a_recording_that_was_cut_off_is_said_to_be(
    broker: Mosquitto, tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    recording = tmp_path / name
    write_recording(recording, made_up_home(1, seed=5, start=START).until(START + 86_400))
    recording.write_bytes(recording.read_bytes()[:-2000])
    where = ["--broker", f"127.0.0.1:{broker.port}"]
    assert main(["play", str(recording), *where, "--speed", "0"]) == 0
    assert "1 lines were no events and are left out" in capsys.readouterr().err
    assert main(["hub-settings", str(recording), *where, "--data", "d"]) == 0
    assert "1 lines were no events and are left out" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["play", "nowhere.jsonl", "--broker", "localhost"], "there is no recording"),
        (["run", "--days", "1", "--broker", "localhost:99999"], "is no broker"),
        (["run", "--days", "1", "--broker", ":1883"], "is no broker"),
        (["run", "--days", "0", "--broker", "localhost"], "no whole number"),
        (["run", "--days", "1", "--speed", "-1", "--broker", "localhost"], "is no speed"),
        (["run", "--days", "1", "--speed", "nan", "--broker", "localhost"], "is no speed"),
        (["run", "--days", "1", "--home", "villa", "--broker", "localhost"], "no made-up home"),
        (["run", "--days", "1", "--start", "soon", "--broker", "localhost"], "is no day"),
        (["run", "--days", "1", "--episode", "flu:home1:day1", "--broker", "h"], "no episode"),
    ],
)
def test_a_slip_on_the_command_line_is_named(
    arguments: list[str], complaint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as end:
        main(arguments)
    assert end.value.code == 2
    assert complaint in capsys.readouterr().err


def test_a_password_file_that_is_not_there_is_said_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    missing = str(tmp_path / "none")
    assert main(["run", "--days", "1", "--broker", "localhost", "--password-file", missing]) == 1
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert missing in said


@pytest.mark.parametrize(
    ("text", "host", "port"),
    [
        ("localhost", "localhost", 1883),
        ("localhost:1884", "localhost", 1884),
        ("192.168.1.2:1", "192.168.1.2", 1),
        ("[::1]:1884", "::1", 1884),
        ("[::1]", "::1", 1883),
    ],
)
def test_a_broker_is_a_host_and_perhaps_a_port(text: str, host: str, port: int) -> None:
    assert host_and_port(text) == (host, port)


@pytest.mark.parametrize("text", ["", ":1883", "localhost:", "localhost:0", "a:1:2", "[::1", "::1"])
def test_what_is_no_broker_is_refused(text: str) -> None:
    with pytest.raises(ArgumentTypeError, match="is no broker like localhost"):
        host_and_port(text)


def test_the_devices_of_a_made_up_home_are_known_before_it_is_lived_in() -> None:
    home = made_up_home(1, seed=1, start=START)
    lived: list[SensorEvent] = list(home.until(START + 20 * 86_400))
    known = cast_of(home)
    assert {(one.sensor, one.kind) for one in lived} == set(known.parts)
    assert known.longest_s >= Cast(lived).longest_s
