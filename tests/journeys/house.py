"""A whole house for one home: broker, hub, centre and database, all of them the real thing."""

import asyncio
import re
from collections import Counter
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from time import monotonic
from typing import Self

import asyncpg

from contract import Alert, RecordKind, SensorEvent, decode, encode
from gateway.detecting import detectors
from gateway.engine import OrderingEngine
from gateway.journal import Journal
from gateway.replay.home_run import DISORDER_S
from gateway.replay.homes import Profiles
from gateway.replay.share import Replay
from tests.support.broker import Mosquitto
from tests.support.ports import free_port
from tests.support.program import Program, run, wait_until


class House:
    """One home's hub and the centre it reports to, as programs that can be killed."""

    def __init__(self, folder: Path, broker: Mosquitto, database_url: str) -> None:
        self._folder = folder
        self._broker = broker
        self._database_url = database_url
        port = free_port()
        self.centre_url = f"http://127.0.0.1:{port}"
        self._environment = {"DATABASE_URL": database_url, "TELECARE_PORT": str(port)}
        self.centre = Program(["telecare-api", "serve"], folder / "centre.log", self._environment)
        self.hub = Program(["telecare-gateway"], folder / "hub.log")  # until it is fitted
        self._data = folder / "hub"

    def open(self, recording: Path, home: str) -> None:
        """Starts the centre, fits a hub for one home of a recording, and starts that too."""
        self.centre.start()
        wait_until(lambda: "the centre is at" in self.centre.said(), 60, "the centre listens")
        added = run("telecare-api", "add-hub", "--home", home, environment=self._environment)
        hub = re.findall(r"hub-\w+", added.stderr)[0]
        settings = self._folder / "hub.toml"
        printed = run(
            "telecare-simulator", "hub-settings", recording, "--home", home, "--hub", hub,
            "--broker", f"{self._broker.host}:{self._broker.port}",
            "--data", self._data, "--centre", self.centre_url,
        )  # fmt: skip
        settings.write_text(printed.stdout)
        run("telecare-gateway", "claim", added.stdout.strip(), "--settings", settings)
        self.hub = Program(
            ["telecare-gateway", "run", "--settings", settings], self._folder / "hub.log"
        )
        self.hub.start()
        wait_until(lambda: "is at work" in self.hub.said(), 60, "the hub is at work")

    def player(self, recording: Path, home: str, speed: float) -> Program:
        """A program that plays the home's recording to the broker."""
        return Program(
            [
                "telecare-simulator", "play", recording, "--home", home, "--speed", str(speed),
                "--broker", f"{self._broker.host}:{self._broker.port}",
            ],
            self._folder / "play.log",
        )  # fmt: skip

    def journalled(self) -> int:
        """How many events the hub has on its disk."""
        if not (self._data / "journal.sqlite").exists():
            return 0
        with Journal.open_read_only(self._data / "journal.sqlite") as journal:
            return sum(1 for _ in journal.records(RecordKind.EVENT))

    def last_seq(self) -> int:
        """The number of the newest record in the hub's journal."""
        with Journal.open_read_only(self._data / "journal.sqlite") as journal:
            return journal.last_seq

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.hub.stop()
        self.centre.stop()

    async def events(self) -> list[SensorEvent]:
        """The events that the centre holds, in the order in which the hub learned of them."""
        rows = await self._fetch("select body::text from event order by seq")
        return [decode(row[0], SensorEvent) for row in rows]

    async def alerts(self) -> list[Alert]:
        """The newest version of each alert that the centre holds."""
        rows = await self._fetch("select body::text from alert order by raised_at, ref")
        return [decode(row[0], Alert) for row in rows]

    async def received(self) -> tuple[int, int]:
        """The highest number up to which the centre has all records, and how many it holds."""
        row = await self._fetch(
            "select coalesce(max(upper(one)) - 1, 0), coalesce(sum(upper(one) - lower(one)), 0)"
            " from journal, unnest(received) one"
        )
        return row[0][0], row[0][1]

    async def settled(self, events: int, seconds: float = 120) -> None:
        """Waits until the hub has journalled so many events and the centre has all its records."""
        deadline = monotonic() + seconds
        while True:
            journalled = self.journalled()
            last, (contiguous, held) = self.last_seq(), await self.received()
            if journalled >= events and contiguous == held == last:
                await asyncio.sleep(1)  # the engine may still have something to say
                if self.last_seq() == last:
                    return
            assert monotonic() < deadline, (
                f"{journalled} of {events} events journalled; the centre has {contiguous} of {last}"
                f"\n{self.hub.said()[-2000:]}\n{self.centre.said()[-2000:]}"
            )
            await asyncio.sleep(0.2)

    async def holds(self, events: Sequence[SensorEvent]) -> list[Alert]:
        """Checks that the centre holds exactly these, each once, and the alerts they give rise to.

        A hub learns of a boil when the kettle has been off for a while, after other things that
        happened later; so what is replayed is what the centre holds, in the hub's own order, and
        as a hub's journal is replayed.
        """
        held_events = await self.events()
        assert Counter(map(substance, held_events)) == Counter(map(substance, events))
        in_order = partial(OrderingEngine, window_s=DISORDER_S)  # what the hub put in its place
        replay = Replay(Profiles(), detectors(), make_engine=in_order)
        replay.read(Path("held"), [encode(one) + b"\n" for one in held_events])
        alerts = [decode(line.text, Alert) for line in sorted(replay.outcome().alerts)]
        assert alerts, "a recording without any alert would prove little"
        held = await self.alerts()
        assert [alert.id for alert in held] == [alert.id for alert in alerts]
        assert [encode(alert) for alert in held] == [encode(alert) for alert in alerts]
        return held

    async def _fetch(self, query: str) -> list[asyncpg.Record]:
        connection = await asyncpg.connect(self._database_url)
        try:
            return list(await connection.fetch(query))
        finally:
            await connection.close()


def substance(event: SensorEvent) -> tuple[object, ...]:
    """What an event says, whatever number its hub gave it."""
    return (event.sensor, event.kind, event.place, event.at, event.value, event.duration)
