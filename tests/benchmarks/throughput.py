"""A recording of one home, held by a real broker, and how fast a hub comes through it.

The hub and a bare subscriber each have a session of their own there, so that both are given the
same messages with QoS 1 as fast as they take them. Of the hub they are journalled, acknowledged and
detected upon.
"""

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil

from gateway.journal import Journal
from tests.benchmarks.one_core import events_of
from tests.benchmarks.table import Row
from tests.support.broker import Mosquitto
from tests.support.program import Program, run, wait_until

QUIET_S = 3.0
MOST_TIMES = 2


def rows(broker: Mosquitto, recording: Path, folder: Path) -> Iterator[Row]:
    """The figures, as they come."""
    home = next(events_of(recording)).home
    where = f"{broker.host}:{broker.port}"
    toml = folder / "throughput.toml"
    printed = run(
        "telecare-simulator", "hub-settings", recording, "--home", home,
        "--broker", where, "--data", folder / "throughput",
    )  # fmt: skip
    toml.write_text(printed.stdout)
    hub = Program(["telecare-gateway", "run", "--settings", toml], folder / "throughput.log")
    _connect(hub)
    hub.stop()
    _bare(broker, "subscribe")
    run("telecare-simulator", "play", recording, "--home", home, "--speed", "0", "--broker", where)
    count, spent = map(float, _bare(broker, "drain").split())
    peer = spent / count * 1e6
    yield Row("bare aiomqtt + msgspec, CPU a message", f"{peer:.0f} us", "")
    yield from _drained(hub, folder / "throughput" / "journal.sqlite", peer)


def _drained(hub: Program, path: Path, peer: float) -> Iterator[Row]:
    _connect(hub)
    process = psutil.Process(hub.pid)
    cpu, started = _cpu(process), time.perf_counter()
    messages, ended = 0, started
    while time.perf_counter() - ended < QUIET_S:
        time.sleep(0.1)
        with Journal.open_read_only(path) as journal:
            now = journal.counters().get("messages", 0)
        if now > messages:
            messages, ended, spent = now, time.perf_counter(), _cpu(process) - cpu
    spent = _cpu(process) - cpu
    resident = process.memory_info().rss
    hub.stop()
    with Journal.open_read_only(path) as journal:
        events = journal.counters()["events"]
    us = spent / messages * 1e6
    wall = ended - started
    yield Row(
        f"hub through Mosquitto, QoS 1, journalled, detected: {messages:,} messages",
        f"{messages / wall:,.0f} messages, {events / wall:,.0f} events a second",
    )
    yield Row(
        "the same, CPU",
        f"{us:.0f} us a message, {spent / events * 1e6:.0f} us an event, {us / peer:.1f} x",
        f"bare subscriber; at most {MOST_TIMES} x",
    )
    yield Row("hub resident after that", f"{resident / 2**20:.0f} MiB", "under 120 MiB")


def _connect(hub: Program) -> None:
    before = hub.said().count("connected to the broker")
    hub.start()
    wait_until(
        lambda: hub.said().count("connected to the broker") > before, 60, "the hub is connected"
    )


def _bare(broker: Mosquitto, what: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.bare", broker.host, str(broker.port), what],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    return done.stdout


def _cpu(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)
