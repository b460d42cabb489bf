"""What a really running hub needs beside a real broker: memory, and time until it is at work."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Self

import msgspec
import psutil
from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion

from gateway.journal import Journal
from tests.benchmarks.table import Row
from tests.support.broker import Mosquitto
from tests.support.program import Program, wait_until

KINDS = ("motion", "opening", "temperature", "motion", "presence")
SIZES = (5, 100)
MESSAGES = 20
"""Of each sensor, before its memory is looked at."""
MOST_MIB = 120


def rows(broker: Mosquitto, folder: Path) -> Iterator[Row]:
    """The figures, as they come."""
    for sensors in SIZES:
        with Fitted(folder / f"of-{sensors}", broker, sensors) as hub:
            started = hub.start()
            hub.say(MESSAGES)
            yield Row(
                f"hub with {sensors} sensors: start until the broker hears of it",
                f"{started:.2f} s",
            )
            yield Row(
                f"hub with {sensors} sensors: resident",
                f"{hub.resident() / 2**20:.0f} MiB",
                f"under {MOST_MIB} MiB",
            )


def settings(
    broker: Mosquitto, data: Path, sensors: list[tuple[str, str, str]], hub: str = "hub-bench"
) -> str:
    """Settings of a hub that hears sensors in the plain dialect: name, kind and place of each."""
    tables = [
        f'[[sensors]]\nname = "{name}"\nkind = "{kind}"\nplace = "{place}"\n'
        for name, kind, place in sensors
    ]
    head = (
        f'[hub]\nid = "{hub}"\nhome = "bench"\ndata = "{data}"\n\n'
        f'[broker]\nhost = "{broker.host}"\nport = {broker.port}\ndialect = "plain"\n\n'
    )
    return head + "\n".join(tables)


class Fitted:
    """A hub with so many sensors, without a centre."""

    def __init__(self, folder: Path, broker: Mosquitto, sensors: int) -> None:
        folder.mkdir()
        self.sensors = [
            (f"sensor-{n}", KINDS[n % len(KINDS)], f"room_{n % 20}") for n in range(sensors)
        ]
        self.journal = folder / "data" / "journal.sqlite"
        path = folder / "hub.toml"
        path.write_text(settings(broker, folder / "data", self.sensors))
        self.program = Program(["telecare-gateway", "run", "--settings", path], folder / "hub.log")
        self.publisher = Client(CallbackAPIVersion.VERSION2)
        self.publisher.max_inflight_messages_set(200)
        self.publisher.connect(broker.host, broker.port)

    def __enter__(self) -> Self:
        self.publisher.loop_start()
        return self

    def __exit__(self, *_: object) -> None:
        self.program.stop()
        self.publisher.disconnect()
        self.publisher.loop_stop()

    def start(self) -> float:
        """Starts it; seconds until it is connected."""
        before = time.perf_counter()
        self.program.start()
        wait_until(lambda: "connected to the broker" in self.program.said(), 60, "it is connected")
        return time.perf_counter() - before

    def say(self, times: int) -> None:
        """Lets each sensor speak so often, and waits until the hub has dealt with it."""
        for turn in range(times):
            for name, kind, _ in self.sensors:
                value = (
                    20 + turn / 10 if kind == "temperature" else float(turn % 2 or kind == "motion")
                )
                self.publish(name, kind, value)
        wait_until(lambda: self.heard() >= times * len(self.sensors), 60, "all is journalled")
        time.sleep(1)  # the engine may not have come to all of it

    def publish(self, name: str, kind: str, value: float) -> None:
        """One message, with QoS 1."""
        document = msgspec.json.encode({"kind": kind, "value": value})
        self.publisher.publish(f"plain/{name}", document, qos=1)

    def heard(self) -> int:
        """How many messages it has dealt with."""
        with Journal.open_read_only(self.journal) as journal:
            return journal.counters().get("messages", 0)

    def resident(self) -> int:
        """Bytes of memory that it holds."""
        return int(psutil.Process(self.program.pid).memory_info().rss)
