"""`telecare-simulator run`, as whoever tries a hub, a detector or a centre meets it."""

import signal
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from contract import Alert, decode
from simulator.cli import main
from tests.simulator.playing.subscriber import Subscriber
from tests.support.broker import Mosquitto

PAST = ("--start", "2026-03-01", "--speed", "0")
CODE = "import sys; from simulator.__main__ import main; sys.exit(main())"
SCENARIO = """\
title = "T"
about = ""
start = 2026-02-02
days = 4
[street]
homes = 3
alone = true
dialect = ["zigbee2mqtt", "shelly"]
[[home]]
dialects = { kettle-plug = "tasmota" }
[[episode]]
kind = "sensor_death"
home = "home2"
day = 1
sensor = "lounge-temperature"
[[fault]]
kind = "link_drop"
home = "home3"
day = 1
hours = 30
sensor = "kitchen-pir"
"""


@pytest.fixture
def scenario(tmp_path: Path) -> str:
    path = tmp_path / "s.toml"
    path.write_text(SCENARIO)
    return str(path)


def where(broker: Mosquitto) -> list[str]:
    return ["--broker", f"{broker.host}:{broker.port}"]


def test_what_is_recorded_live_is_what_is_generated(tmp_path: Path, scenario: str) -> None:
    lived, made = tmp_path / "lived.jsonl", tmp_path / "made.jsonl"
    for homes in (["--scenario", scenario], ["--homes", "3", "--days", "2", *PAST[:2]]):
        assert main(["run", *homes, "--speed", "0", "--record", str(lived)]) == 0
        assert main(["generate", *homes, "--workers", "1", "--out", str(made)]) == 0
        assert lived.read_bytes() == made.read_bytes()
        assert lived.stat().st_size > 100_000


@pytest.mark.network
def test_each_home_speaks_below_a_topic_of_its_own(
    broker: Mosquitto, scenario: str, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["--scenario", scenario, "--speed", "0", "--connections", "2", "--report"]
    with Subscriber(broker.port) as subscriber:
        assert main(["run", *arguments, *where(broker)]) == 0
        said = capsys.readouterr()
        number = int(said.out.split(" events in ")[1].split(" ")[0].replace(",", ""))
        heard = subscriber.wait_for(number)
    assert "3 homes: " in said.out
    assert "s of processor a second" in said.err
    bases = {"/".join(topic.split("/")[:2]) for topic, _ in heard}
    assert {base.split("/")[0] for base in bases} == {"home1", "home2", "home3"}
    assert "home1/tasmota" in bases
    assert all(base.split("/")[1] in {"zigbee2mqtt", "shelly", "tasmota"} for base in bases)


@pytest.mark.network
def test_many_homes_at_the_pace_of_life_are_in_time(
    broker: Mosquitto, capsys: pytest.CaptureFixture[str]
) -> None:
    """At a small size; docs/simulator.md has the figures for two thousand."""
    arguments = ["--homes", "60", "--seconds", "4", "--speed", "20", "--report"]
    assert main(["run", *arguments, *where(broker)]) == 0
    report = capsys.readouterr().err.splitlines()[-1]
    processor = float(report.split(" s of processor")[0].split()[-1])
    slowest = float(report.split("slowest message ")[1].split(" ")[0])
    assert processor < 1
    assert slowest < 5


def test_alerts_are_printed_as_they_are_raised(
    scenario: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert main(["run", "--scenario", scenario, "--speed", "0", "--engine"]) == 0
    said = capsys.readouterr().out
    assert "home2" in said
    kept = tmp_path / "alerts.jsonl"
    assert main(["run", "--scenario", scenario, "--speed", "0", "--alerts", str(kept)]) == 0
    alerts = [decode(line, Alert) for line in kept.read_bytes().splitlines()]
    silent = [one.subject for one in alerts if one.condition == "sensor_silent"]
    assert any(one.home == "home2" and one.condition == "sensor_silent" for one in alerts)
    assert any("kitchen-pir" in one for one in silent), "a fault is heard as the hub hears it"


def test_why_people_do_what_they_do_is_told_next_to_what_is_seen(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["run", "--home", "home3", "--days", "1", *PAST, "--explain"]
    assert main(arguments) == 0
    lines = capsys.readouterr().out.splitlines()[:-1]
    reasons = [line for line in lines if "person 1  " in line]
    assert any("bladder" in line for line in reasons)
    assert any("kettle-plug metered" in line for line in lines)
    out = tmp_path / "why.jsonl"
    assert main([*arguments, str(out)]) == 0
    items = [msgspec.json.decode(line) for line in out.read_bytes().splitlines()]
    assert len(items) == len(lines)
    why = [item for item in items if "why" in item]
    assert len(why) == len(reasons)
    assert {"home", "person", "at", "doing", "why"} == set(why[0])


def test_what_befell_them_is_written_beside(tmp_path: Path, scenario: str) -> None:
    truth, out = tmp_path / "truth.jsonl", tmp_path / "r.jsonl"
    more = ["--truth", str(truth), "--record", str(out), "--speed", "0"]
    assert main(["run", "--scenario", scenario, *more]) == 0
    kinds = [msgspec.json.decode(line)["kind"] for line in truth.read_bytes().splitlines()]
    assert kinds == ["sensor_death", "link_drop"]
    assert b"link_drop" not in out.read_bytes()


def test_the_truth_of_a_run_leaves_out_what_it_ends_before(
    tmp_path: Path, scenario: str, capsys: pytest.CaptureFixture[str]
) -> None:
    truth = tmp_path / "truth.jsonl"
    shorter = ["--days", "1", "--speed", "0", "--truth", str(truth)]
    assert (
        main(["run", "--scenario", scenario, *shorter, "--record", str(tmp_path / "r.jsonl")]) == 0
    )
    assert truth.read_bytes() == b""
    assert "last day is over by then: 2 of the episodes and faults" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["--days", "1"], "say where it goes: one or more of --broker, --centre"),
        (["--speed", "0", "--engine"], "it would never end"),
        (["--home", "home1", "--homes", "2", "--engine"], "keep one of them"),
        (["--scenario", "a-quiet-week", "--homes", "2", "--engine"], "do not go together"),
        (["--scenario", "a-quiet-week", "--dialect", "shelly", "--engine"], "how their devices"),
        (["--scenario", "a-quiet-wek", "--engine"], "there are a-long-lie"),
        (["--homes", "2", "--episode", "uti:home3:day1", "--engine"], "home3, which is not lived"),
        (
            ["--home", "home2", "--episode", "uti:home1:day1", "--days", "1", "--engine"],
            "home1, which is not lived",
        ),
    ],
)
def test_what_does_not_go_together_is_said_in_one_line(
    arguments: list[str], complaint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["run", *arguments]) == 2
    said = capsys.readouterr().err
    assert complaint in said
    assert said.count("\n") == 1


def test_a_run_that_cannot_begin_leaves_nothing_and_costs_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = [tmp_path / name for name in ("r.jsonl", "why.jsonl", "alerts.jsonl", "truth.jsonl")]
    options = zip(("--record", "--explain", "--alerts", "--truth"), map(str, files), strict=True)
    told = [word for option in options for word in option]
    wrong = ["--episode", "fall:home1:day0:room=attic", "--days", "1", *PAST]
    assert main(["run", *wrong, *told]) == 1
    assert "no room 'attic'" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []
    for path in files:
        path.write_text("of an earlier run")
    assert main(["run", *wrong, *told]) == 1
    assert {path.read_text() for path in tmp_path.iterdir()} == {"of an earlier run"}


@pytest.mark.parametrize(
    ("base", "complaint"), [("house", "must hold {home}"), ("{room}/x/{home}", "alone")]
)
def test_homes_do_not_speak_over_each_other(
    base: str, complaint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["run", "--homes", "2", "--broker", "localhost", "--base-topic", base]
    assert main(arguments) != 0
    assert complaint in capsys.readouterr().err


def test_nobody_reading_any_more_ends_it() -> None:
    """As after `| head`: no trace, and what a shell expects."""
    command = [sys.executable, "-c", CODE, "run", "--homes", "2", "--days", "9", *PAST, "--explain"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        running.stdout.readline()
        running.stdout.close()
        said = running.stderr.read().decode()
        assert running.wait(60) == 141
    assert "Traceback" not in said


def test_ctrl_c_among_many_homes_is_one_line(tmp_path: Path) -> None:
    out = tmp_path / "r.jsonl"
    command = [sys.executable, "-c", CODE, "run", "--homes", "3", "--record", str(out)]
    with subprocess.Popen([*command, "--speed", "3600"], stderr=subprocess.PIPE) as running:
        while not (out.exists() and out.stat().st_size):
            assert running.poll() is None
        running.send_signal(signal.SIGINT)
        _, said = running.communicate(timeout=30)
    assert running.returncode == 130
    assert said.decode() == "telecare-simulator run: stopped before the end\n"
