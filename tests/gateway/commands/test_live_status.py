"""An installer watches a hub live on the doorstep, and has the terminal back afterwards."""

import asyncio
import os
import pty
import re
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path

import aiomqtt
import pytest

from gateway.report.live_view import LiveView, live_view
from tests.gateway.commands.lived_in import lived_in
from tests.gateway.household import Household
from tests.support.broker import Mosquitto
from tests.support.program import BIN, wait_until

Watch = Callable[[Household], "Watching"]


class Watching:
    """`status` on a terminal of its own."""

    def __init__(self, household: Household) -> None:
        self._ours, theirs = pty.openpty()
        os.set_blocking(self._ours, False)
        self._text = ""
        self.process = subprocess.Popen(
            [BIN / "telecare-gateway", "status", "--settings", household.path],
            stdin=theirs,
            stdout=theirs,
            stderr=subprocess.PIPE,
            env={**os.environ, "COLUMNS": "100", "LINES": "40"},
        )
        os.close(theirs)

    def text(self) -> str:
        """All that it has drawn."""
        while True:
            try:
                more = os.read(self._ours, 65_536)
            except (BlockingIOError, OSError):
                return self._text
            if not more:
                return self._text
            self._text += more.decode()

    def page(self) -> str:
        """What stands on the screen."""
        return re.sub(r"\x1b\[\??[0-9]*[a-zA-Z]", "", self.text().split("\x1b[H")[-1])

    def end(self) -> int:
        """Ends it as Ctrl-C does; the exit code."""
        self.process.send_signal(signal.SIGINT)
        code = self.process.wait(30)
        self.text()
        return code

    def clear_away(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait(10)
        if self.process.stderr is not None:
            self.process.stderr.close()
        os.close(self._ours)


@pytest.fixture
def watch() -> Iterator[Watch]:
    begun: list[Watching] = []

    def begin(household: Household) -> Watching:
        begun.append(Watching(household))
        return begun[-1]

    yield begin
    for one in begun:
        one.clear_away()


def test_it_is_drawn_in_one_place_and_gives_the_terminal_back(tmp_path: Path, watch: Watch) -> None:
    household, _ = lived_in(tmp_path)
    watching = watch(household)
    wait_until(lambda: watching.text().count("\x1b[H") >= 2, 30, "drawn twice")
    page = watching.page()
    assert "hub hub-1 of home h1" in page
    assert "NOT RUNNING" in page
    assert "newest events" in page
    assert page.splitlines()[-1] == "Ctrl-C ends this view, not the hub"
    assert watching.end() == 0
    assert watching.text().endswith("\x1b[?25h\x1b[?1049l")


@pytest.mark.network
async def test_what_a_sensor_says_appears_by_itself(
    tmp_path: Path, broker: Mosquitto, watch: Watch
) -> None:
    household = Household(tmp_path / "hub", port=broker.port, clock="wall")
    household.program.start()
    try:
        said = household.program.said
        await asyncio.to_thread(wait_until, lambda: "connected" in said(), 30, "connected")
        watching = watch(household)
        await asyncio.to_thread(
            wait_until, lambda: "front-door" in watching.page(), 30, "the sensors"
        )
        assert "NOT RUNNING" not in watching.page()
        async with aiomqtt.Client(broker.host, broker.port) as devices:
            await devices.publish("zigbee2mqtt/front-door", b'{"contact":true}', qos=1)
            await devices.publish("zigbee2mqtt/front-door", b'{"contact":false}', qos=1)
        await asyncio.to_thread(
            wait_until, lambda: "opened" in watching.page(), 30, "the door's opening"
        )
        assert await asyncio.to_thread(watching.end) == 0
        assert household.program.running()
    finally:
        household.program.kill()


def test_a_journal_that_vanishes_is_said_in_its_place_and_watched_on(
    tmp_path: Path, watch: Watch
) -> None:
    household, _ = lived_in(tmp_path)
    watching = watch(household)
    wait_until(lambda: "hub hub-1" in watching.page(), 30, "drawn")
    moved = household.journal_path.with_name("away")
    household.journal_path.rename(moved)
    wait_until(lambda: "has the hub ever run?" in " ".join(watching.page().split()), 30, "said")
    moved.rename(household.journal_path)
    wait_until(lambda: "hub hub-1" in watching.page(), 30, "back again")
    assert watching.end() == 0


def test_a_hub_that_never_ran_has_nothing_to_watch(tmp_path: Path, watch: Watch) -> None:
    watching = watch(Household(tmp_path))
    assert watching.process.wait(30) == 1
    assert watching.process.stderr is not None
    assert b"has the hub ever run?" in watching.process.stderr.read()
    time.sleep(0.05)
    assert "\x1b" not in watching.text()


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> StringIO:
    """What is written to a terminal of 20 columns and 4 lines."""
    monkeypatch.setenv("COLUMNS", "20")
    monkeypatch.setenv("LINES", "4")
    return StringIO()


def test_a_page_that_is_too_long_is_cut_and_says_so(terminal: StringIO) -> None:
    LiveView(terminal).draw(["a" * 30, "b", "c", "d"], "foot")
    lines = re.sub(r"\x1b\[[0-9]*[a-zA-Z]", "", terminal.getvalue()).split("\r\n")
    assert lines == ["a" * 20, "b", "  ... 2 more lines: a"[:20], "foot"]


def test_no_device_can_steer_the_terminal_by_its_name(terminal: StringIO) -> None:
    LiveView(terminal).draw(["\x1b[2Jgone"], "")
    assert "?[2Jgone" in terminal.getvalue()


def test_the_terminal_is_given_back_after_a_failure_too(terminal: StringIO) -> None:
    with pytest.raises(ZeroDivisionError), live_view(terminal):
        raise ZeroDivisionError
    assert terminal.getvalue().endswith("\x1b[?25h\x1b[?1049l")
