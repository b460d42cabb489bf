"""The whole way of a message, all of it the real thing: devices, broker, hub, centre, database.

The broker has the settings of `deploy/raspberrypi`, but for who may log in. The hub runs by the
time of events, so that weeks pass in minutes and the same messages give the same alerts.
"""

import asyncio
import re
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic
from typing import Self

import asyncpg
from paho.mqtt.publish import single

from contract import SensorEvent
from contract.recordings import write_recording
from gateway.settings import Settings, files, load
from tests.crash.cluster import Cluster
from tests.crash.household import HOME, clocked_settings, settings_text, story
from tests.crash.ledgers import CentreLedger, HubLedger
from tests.crash.publisher import Publisher
from tests.support.broker import Mosquitto
from tests.support.leaping import LeapingClock
from tests.support.ports import free_port
from tests.support.program import Program, run, wait_until

DEPLOYED = Path(__file__).parents[2] / "deploy/raspberrypi/root/etc/mosquitto/conf.d/telecare.conf"
_ACCESS = ("listener", "allow_anonymous", "password_file", "acl_file", "persistence ")


def deployed() -> str:
    """What the broker of a home keeps and for how long, as it is installed."""
    lines = [line for line in DEPLOYED.read_text().splitlines() if line and line[0] != "#"]
    return "".join(f"{line}\n" for line in lines if not line.startswith(_ACCESS))


class Stage:
    """Everything, fitted and at work.

    Args:
        folder: Where all keep their things.
        seed: What the household does.
        data: Where the hub keeps its journal, where that is a disk of its own.
        by_the_clock: Whether the hub goes by the wall clock, as in a home.
        clock: The hub's machine's, where that may be set.
    """

    def __init__(
        self,
        folder: Path,
        seed: int,
        data: Path | None = None,
        *,
        by_the_clock: bool = False,
        clock: LeapingClock | None = None,
    ) -> None:
        self._clock = clock
        self._ending = ExitStack()
        self._folder = folder
        self._seed = seed
        self._data = data or folder / "hub"
        self._path = folder / "hub.toml"
        self._settings_text = clocked_settings if by_the_clock else settings_text

    def __enter__(self) -> Self:
        try:
            self._open()
        except BaseException:
            self._ending.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._ending.close()

    def _open(self) -> None:
        place = self._ending.enter_context(TemporaryDirectory(prefix="telecare-crash-"))
        self.database = Cluster(Path(place) / "data")
        self._ending.callback(self.database.close)
        self.database_url = self.database.create_database("centre")
        self.broker = Mosquitto(self._folder / "broker", keeps=deployed())
        self.broker.start()
        self._ending.callback(self.broker.stop)
        self._open_centre()
        self._leave_door_shut()
        self._fit_hub()
        wait_until(lambda: "connected to the broker" in self.hub.said(), 60, "connected")
        self.broker.save()  # the home has stood for longer than an autosave
        self.devices = Publisher(self.broker.host, self.broker.port, story(self._seed))
        self._ending.callback(self.devices.close)
        self.journal = HubLedger(self.journal_path)
        self.centre_ledger = CentreLedger(self.database_url)

    def _leave_door_shut(self) -> None:
        """How the door stands lies with the broker: its first opening is a change to the hub."""
        topic = "zigbee2mqtt/front_door-opening"
        host, port = self.broker.host, self.broker.port
        single(topic, b'{"contact":true}', qos=1, retain=True, hostname=host, port=port)

    def _open_centre(self) -> None:
        port = free_port()
        self.centre_url = f"http://127.0.0.1:{port}"
        self._environment = {"DATABASE_URL": self.database_url, "TELECARE_PORT": str(port)}
        log = self._folder / "centre.log"
        self.centre = Program(["telecare-api", "serve"], log, self._environment)
        self.centre.start()
        self._ending.callback(self.centre.stop)
        wait_until(lambda: "the centre is at" in self.centre.said(), 60, "the centre listens")
        with ThreadPoolExecutor(1) as beside:  # there may be a loop here already
            beside.submit(asyncio.run, self._keep_for_ever()).result()

    async def _keep_for_ever(self) -> None:
        """The story is of years ago, and a centre lets go of what is so old."""
        connection = await asyncpg.connect(self.database_url)
        await connection.execute("update retention set days = null")
        await connection.close()

    def _fit_hub(self) -> None:
        added = run("telecare-api", "add-hub", "--home", HOME, environment=self._environment)
        hub = re.findall(r"hub-\w+", added.stderr)[0]
        text = self._settings_text(
            hub=hub, data=self._data, port=self.broker.port, centre=self.centre_url
        )
        self._path.write_text(text, "utf-8")
        run("telecare-gateway", "claim", added.stdout.strip(), "--settings", self._path)
        command = ("telecare-gateway", "run", "--settings", self._path)
        clock = None if self._clock is None else self._clock.environment
        self.hub = Program(command, self._folder / "hub.log", clock)
        self.hub.start()
        self._ending.callback(self.hub.stop)

    @property
    def clock(self) -> LeapingClock:
        """The hub's machine's."""
        assert self._clock is not None, "it cannot be set here"
        return self._clock

    def takes_in(self, past: Sequence[SensorEvent]) -> None:
        """Takes in a recording of the days before, while no hub runs; as if all had been said."""
        recording = self._folder / "past.jsonl"
        write_recording(recording, past)
        run("telecare-gateway", "import", recording, "--send", "--settings", self._path)
        self.devices.said += past

    @property
    def settings(self) -> Settings:
        return load(self._path)

    @property
    def journal_path(self) -> Path:
        return files(self._path, self.settings).journal

    async def heard(self, number: int, seconds: float = 90.0) -> None:
        """Waits until the hub has journalled the message of that number, or a later one."""
        await self.until(
            lambda: (
                (at := self.devices.dated_from(number)) is not None and self.journal.newest() >= at
            ),
            seconds,
            f"message {number} heard",
        )

    async def settled(self, seconds: float = 120.0) -> None:
        """Waits until all that was said is acknowledged, journalled, gone through and received."""
        await self.acknowledged(seconds)
        await self.heard(len(self.devices.said) - 1, seconds)
        deadline, before = monotonic() + seconds, -1
        while True:
            last, received = self.journal.last_number(), await self.centre_ledger.received_all()
            if last == before and self.journal.is_received() and received:
                return
            before = last
            assert monotonic() < deadline, f"not all is received\n{self.told()}"
            await asyncio.sleep(0.7)  # the engine may still have something to say

    async def acknowledged(self, seconds: float = 30.0) -> None:
        """Waits until the broker has all that was said."""
        await self.until(lambda: not self.devices.unanswered, seconds, "all is acknowledged")

    async def until(self, holds: Callable[[], bool], seconds: float, what: str) -> None:
        """Waits until something holds."""
        deadline = monotonic() + seconds
        while not holds():
            assert monotonic() < deadline, f"after {seconds:g} s still not: {what}\n{self.told()}"
            await asyncio.sleep(0.05)

    def replayed(self) -> list[bytes]:
        """The alerts, each in its last version, that a replay of the hub's journal tells."""
        out = self._folder / "replayed.jsonl"
        out.unlink(missing_ok=True)
        run("telecare-gateway", "replay", "--journal", "--settings", self._path, "--alerts", out)
        return out.read_bytes().splitlines()

    def told(self) -> str:
        """The last words of hub and centre."""
        return f"{self.hub.said()[-3000:]}\n{self.centre.said()[-2000:]}"
