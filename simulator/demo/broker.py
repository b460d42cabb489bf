"""A broker for the demonstration: Mosquitto, or one in Python where Mosquitto is not installed."""

import os
import shutil
import socket
import sys
from pathlib import Path

_ELSEWHERE = "/usr/sbin:/usr/local/sbin:/opt/homebrew/sbin"


def broker_command(folder: Path, port: int) -> tuple[str, list[str | Path]]:
    """What the broker is called, and the command that runs it on a port of this machine alone."""
    folder.mkdir(parents=True, exist_ok=True)
    mosquitto = shutil.which("mosquitto") or shutil.which("mosquitto", path=_ELSEWHERE)
    if mosquitto:
        return "Mosquitto", [mosquitto, "-c", _mosquitto(folder, port)]
    return "amqtt", [Path(sys.executable).parent / "amqtt", "-c", _amqtt(folder, port)]


def free_port() -> int:
    """A port of this machine that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def listens(port: int) -> bool:
    """Whether somebody takes connections on a port of this machine."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _mosquitto(folder: Path, port: int) -> Path:
    lines = [
        f"listener {port} 127.0.0.1",
        "allow_anonymous true",
        "persistence true",
        f"persistence_location {folder.resolve()}/",
        "max_queued_messages 0",
        "max_inflight_messages 200",
    ]
    if os.geteuid() == 0:
        lines.append("user root")  # else it would give up the right to write its own folder
    return _written(folder / "mosquitto.conf", lines)


def _amqtt(folder: Path, port: int) -> Path:
    lines = [
        "listeners:",
        "  default:",
        "    type: tcp",
        f"    bind: 127.0.0.1:{port}",
        "plugins:",
        "  amqtt.plugins.authentication.AnonymousAuthPlugin:",
        "    allow_anonymous: true",
    ]
    return _written(folder / "amqtt.yaml", lines)


def _written(file: Path, lines: list[str]) -> Path:
    file.write_text("\n".join(lines) + "\n")
    return file
