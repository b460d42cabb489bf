"""The demonstration as a newcomer runs it: it works, can be left, and goes on where it was."""

import re
import signal
import subprocess
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import httpx
import psutil
import pytest

from tests.support.ports import free_port
from tests.support.program import Program, wait_until

pytestmark = [pytest.mark.network, pytest.mark.timeout(290)]

PREPARED_SECONDS = 150
STORY_SECONDS = 120  # what the README promises from the address to both alerts


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Program]:
    program = Program(
        ["telecare-simulator", "demo", "--folder", tmp_path / "street", "--port", str(free_port())],
        tmp_path / "demo.log",
    )
    yield program
    program.stop()


def started_by(program: Program) -> list[psutil.Process]:
    """Every program that runs on its account."""
    return psutil.Process(program.pid).children(recursive=True)


def console_of(program: Program) -> str:
    found = re.findall(r"Console +(http://\S+)", program.said())
    return str(found[-1]) if found else ""


def has_said(program: Program, words: str) -> bool:
    return words in program.said()


def test_a_newcomer_sees_alerts_arrive_and_can_leave_and_come_back(demo: Program) -> None:
    demo.start()
    wait_until(lambda: bool(console_of(demo)), PREPARED_SECONDS, "an address is printed")
    assert httpx.get(console_of(demo), follow_redirects=True).status_code == httpx.codes.OK
    for severity in ("advisory", "urgent"):
        wait_until(partial(has_said, demo, f" {severity} "), STORY_SECONDS, severity)

    running = started_by(demo)
    assert len([one for one in running if "telecare-gateway" in " ".join(one.cmdline())]) >= 5
    demo.interrupt()
    _, alive = psutil.wait_procs(running, timeout=30)
    assert not alive, f"still running after Ctrl-C: {alive}"
    assert "goes on from here" in demo.said()

    before = demo.said()
    demo.start()
    wait_until(lambda: demo.said().count("Console") == 2, 60, "it starts again")
    again = demo.said()[len(before) :]
    assert "move in" not in again, "the second run must not begin from nothing"
    password = re.findall(r"password (\S+)", demo.said())
    assert len(set(password)) == 1, "whoever wrote down the password can still sign in"


def test_a_taken_port_is_told_in_one_line(tmp_path: Path) -> None:
    with subprocess.Popen(
        ["python3", "-m", "http.server", "--bind", "127.0.0.1", port := str(free_port())],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as other:
        wait_until(lambda: _answers(port), 20, "the port is taken")
        taken = Program(
            ["telecare-simulator", "demo", "--folder", tmp_path / "other", "--port", port],
            tmp_path / "taken.log",
        )
        taken.start()
        assert taken.wait(30) == 1
        other.send_signal(signal.SIGTERM)
    assert taken.said().splitlines() == [
        f"telecare-simulator demo: port {port} is taken; choose another with --port"
    ]


def _answers(port: str) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}").is_success
    except httpx.TransportError:
        return False


def test_a_street_that_cannot_be_read_says_how_to_forget_it(tmp_path: Path) -> None:
    folder = tmp_path / "street"
    folder.mkdir()
    (folder / "street.json").write_text("{")
    program = Program(
        ["telecare-simulator", "demo", "--folder", folder, "--port", str(free_port())],
        tmp_path / "demo.log",
    )
    program.start()
    assert program.wait(30) == 1
    assert "demo-clean" in program.said()
    assert [file.name for file in folder.iterdir()] == ["street.json"]
