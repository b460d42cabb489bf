"""systemd restarts a hub that hangs, and leaves one alone that works."""

import socket
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway.health.systemd import Notifier
from tests.gateway.household import Household
from tests.support.broker import Mosquitto
from tests.support.program import Program

ASKS = b"WATCHDOG=1\nEXTEND_TIMEOUT_USEC=200000"


@pytest.fixture
def manager(tmp_path: Path) -> Iterator[socket.socket]:
    """What systemd listens on."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(str(tmp_path / "notify"))
        listening.settimeout(5)
        yield listening


def test_it_says_that_it_is_ready_alive_and_stopping(
    manager: socket.socket, tmp_path: Path
) -> None:
    notifier = Notifier({"NOTIFY_SOCKET": str(tmp_path / "notify")})
    notifier.ready()
    notifier.alive()
    notifier.stopping()
    assert [manager.recv(100) for _ in range(3)] == [b"READY=1", b"WATCHDOG=1", b"STOPPING=1"]


def test_a_start_that_takes_long_asks_for_more_time_until_it_is_ready(
    manager: socket.socket, tmp_path: Path
) -> None:
    notifier = Notifier({"NOTIFY_SOCKET": str(tmp_path / "notify")})
    notifier.starting(every_s=0.05)
    assert [manager.recv(100) for _ in range(3)] == [ASKS] * 3
    notifier.ready()
    while (told := manager.recv(100)) != b"READY=1":
        assert told == ASKS
    time.sleep(0.2)
    manager.setblocking(False)
    with pytest.raises(BlockingIOError):
        manager.recv(100)

    manager.settimeout(5)
    notifier.starting(every_s=0.05)  # as where event time is set back: all is learned anew
    assert manager.recv(100) == ASKS
    notifier.ready()


def test_a_start_that_hangs_is_not_covered_for_ever(manager: socket.socket, tmp_path: Path) -> None:
    Notifier({"NOTIFY_SOCKET": str(tmp_path / "notify")}).starting(every_s=0.02, most_s=0.06)
    time.sleep(0.4)
    manager.setblocking(False)
    assert [manager.recv(100) for _ in range(3)] == [b"WATCHDOG=1\nEXTEND_TIMEOUT_USEC=80000"] * 3
    with pytest.raises(BlockingIOError):
        manager.recv(100)


@pytest.mark.skipif(sys.platform != "linux", reason="abstract socket names are Linux's alone")
def test_an_abstract_socket_is_known_by_its_sign() -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind("\0telecare-test-notify")
        listening.settimeout(5)
        Notifier({"NOTIFY_SOCKET": "@telecare-test-notify"}).ready()
        assert listening.recv(100) == b"READY=1"


def test_without_systemd_it_tells_nobody() -> None:
    Notifier({}).ready()


def test_a_manager_that_is_gone_does_not_stop_the_hub(tmp_path: Path) -> None:
    Notifier({"NOTIFY_SOCKET": str(tmp_path / "nobody")}).alive()


@pytest.mark.network
def test_a_running_hub_feeds_the_watchdog(
    manager: socket.socket, tmp_path: Path, broker: Mosquitto
) -> None:
    household = Household(tmp_path / "hub", port=broker.port, clock="wall")
    command = ("telecare-gateway", "run", "--settings", household.path)
    environment = {"NOTIFY_SOCKET": str(tmp_path / "notify")}
    hub = Program(command, tmp_path / "hub.log", environment)
    manager.settimeout(30)
    hub.start()
    try:
        told = [manager.recv(100) for _ in range(4)]
        assert told == [b"READY=1", *[b"WATCHDOG=1"] * 3]
        assert hub.stop() == 0
        manager.settimeout(5)
        while manager.recv(100) == b"WATCHDOG=1":
            pass
    finally:
        hub.kill()
