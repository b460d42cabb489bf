"""Each command explains itself, and a mistake costs one line, not a traceback."""

import subprocess
import sys
from pathlib import Path

import pytest

from contract import encode
from gateway.cli import main
from gateway.health.heartbeat import software
from tests.gateway.events import event, recording

COMMANDS = (
    *("run", "status", "doctor", "sensors", "tail", "quarantine", "export", "backup"),
    *("settings", "claim", "import", "replay"),
)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_an_example(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main([command, "--help"])
    assert ended.value.code == 0
    assert f"telecare-gateway {command}" in capsys.readouterr().out.split("example")[-1]


def test_the_program_lists_its_commands(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])
    shown = capsys.readouterr().out
    assert all(command in shown for command in COMMANDS)


def test_who_reports_a_fault_can_say_of_which_version(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--version"])
    assert ended.value.code == 0
    assert capsys.readouterr().out == f"{software()}\n"


@pytest.mark.parametrize(
    "arguments", [[], ["fly"], ["replay"], ["replay", "none.jsonl"], ["run", "--speed", "3"]]
)
def test_a_mistake_is_exit_code_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert "usage: telecare-gateway" in capsys.readouterr().err


def test_replay_writes_its_files_and_says_how_fast(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = recording(tmp_path / "home.jsonl", [event(hours) for hours in range(48)])
    path.write_bytes(path.read_bytes() + b"{\n" * 7)
    outputs = {name: tmp_path / f"{name}.jsonl" for name in ("alerts", "assessments", "refused")}
    options = [word for name, out in outputs.items() for word in (f"--{name}", str(out))]
    assert main(["replay", str(path), *options]) == 0
    told = capsys.readouterr()
    assert told.out.startswith("48 events of 1 home in ")
    assert "events per second" in told.out
    assert f"7 lines refused; all are in {outputs['refused']}" in told.err
    assert f"{path}:49: not JSON" in told.err
    assert "and 2 more" in told.err
    assert len(outputs["refused"].read_text().splitlines()) == 7
    first = {name: out.read_bytes() for name, out in outputs.items()}
    assert main(["replay", str(path), *options, "--workers", "2", "--force"]) == 0
    assert {name: out.read_bytes() for name, out in outputs.items()} == first


@pytest.mark.parametrize("outputs", [("rec.jsonl",), ("out.jsonl", "out.jsonl")])
def test_replay_writes_over_no_recording_and_no_other_output(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], outputs: tuple[str, ...]
) -> None:
    path = tmp_path / "rec.jsonl"
    path.write_text("not an event\n")
    named = zip(("--alerts", "--assessments"), outputs, strict=False)
    options = [word for name, file in named for word in (name, str(tmp_path / file))]
    assert main(["replay", str(path), *options]) == 2
    assert "it would be lost" in capsys.readouterr().err
    assert path.read_text() == "not an event\n"


def test_replay_names_a_slip_in_the_homes_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = recording(tmp_path / "home.jsonl", [event(1)])
    homes = tmp_path / "homes.toml"
    homes.write_text("[homes.h1]\npets = 1\n")
    assert main(["replay", str(path), "--homes", str(homes)]) == 2
    assert "[homes.h1]" in capsys.readouterr().err


@pytest.mark.parametrize("before", [["home.jsonl", "--alerts"], ["home.jsonl", "--refused"], []])
def test_a_path_that_nobody_can_look_at_is_one_line(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    before: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    recording(tmp_path / "home.jsonl", [event(1)])
    with pytest.raises(SystemExit) as ended:
        main(["replay", *before, f"{'a' * 300}/out.jsonl"])
    assert ended.value.code == 2
    assert "File name too long" in capsys.readouterr().err


def test_a_worker_count_that_is_none_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = recording(tmp_path / "home.jsonl", [event(1)])
    for workers in ("0", "-1", "two", "65"):
        with pytest.raises(SystemExit):
            main(["replay", str(path), "--workers", workers])
    assert "is no whole number from 1" in capsys.readouterr().err


def _modules_after(statement: str) -> set[str]:
    script = f"import sys\n{statement}\nprint(*sorted(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=120
    )
    return set(done.stdout.split())


def test_a_hub_on_a_small_machine_loads_only_what_it_uses() -> None:
    """Each of these costs a Pi a second of start-up or tens of megabytes."""
    # The bare name `scipy`, which river's statistics import, costs 20 ms; its libraries are dear.
    dear = {"scipy.linalg", "scipy.sparse", "scipy.special", "scipy.stats"}
    heavy = {"rich", "pandas", "sklearn", "river.anomaly", "river.drift", "fastapi", *dear}
    loaded = _modules_after(
        "import gateway.app; from gateway.detecting import detectors; detectors()"
    )
    assert heavy & loaded == set()
    only_with_a_centre = {"httpx", "cryptography", "jwt"}
    assert only_with_a_centre & _modules_after("import gateway.app") == set()


def test_help_is_quick_to_load() -> None:
    loaded = _modules_after("import gateway.cli")
    assert {"msgspec", "numpy", "aiomqtt", "asyncio"} & loaded == set()


def test_an_event_of_a_kind_not_known_yet_is_replayed_as_well(tmp_path: Path) -> None:
    path = tmp_path / "home.jsonl"
    path.write_bytes(encode(event(1, "hallway", "sonar", 3.5)) + b"\n")
    assert main(["replay", str(path)]) == 0


def test_a_file_that_is_no_recording_at_all_is_not_passed_off_as_replayed(tmp_path: Path) -> None:
    path = tmp_path / "letter.jsonl"
    path.write_text("Dear all,\n")
    assert main(["replay", str(path)]) == 1
