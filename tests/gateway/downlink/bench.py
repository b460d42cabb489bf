"""A hub without a broker or a network, that takes what a centre tells it and may restart."""

from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Any

import msgspec

from contract import Command, CommandResult, Configuration, ConfigurationReport, Downlink, decode
from contract.base import utc
from contract.downlink import digest_of
from gateway.assembly import make_watermark
from gateway.downlink.orders import Orders
from gateway.downlink.standing import Effective, Standing
from gateway.engine import OrderingEngine
from gateway.engine.gate import PauseGate
from gateway.engine_room import EngineRoom
from gateway.journal import Journal
from gateway.settings import Hub, Sensor, Settings
from tests.gateway.events import START
from tests.gateway.small_detectors import DETECTORS

SETTINGS = Settings(
    hub=Hub(id="hub-1", home="h1"),
    sensors=(
        Sensor(name="pir", kind="motion", place="bathroom"),
        Sensor(name="door", kind="opening", place="front_door"),
        Sensor(name="pendant", kind="button", place="pendant"),
    ),
)
_numbers = count(1)


class Bench:
    """The hub's part of the downlink over a real journal."""

    def __init__(self, path: Path, base: Settings = SETTINGS) -> None:
        self.base = base
        self.now = START + 0.0004  # what is dated to the millisecond lies before it
        self.boot = "boot-1"
        self.elapsed = 60.0  # since the machine started
        self.journal = Journal.open(path / "journal.sqlite", base.hub.id, base.hub.home)
        self.restart()

    def restart(self) -> None:
        """The process begins again; nothing but the file is left of it."""
        self.standing = Standing(self.base, self.journal, self.boot)
        self.begin()

    def begin(self) -> None:
        """The hub begins anew within its process."""
        self.effective: Effective = self.standing.begin(self.now, self.elapsed)
        settings, spells = self.effective.settings, self.standing.spells
        gate = PauseGate(spells.pauses, settings.hub.time_zone)
        self.room = EngineRoom(
            self.journal,
            lambda on_fault: OrderingEngine(
                settings.profile, DETECTORS, on_fault, gate, window_s=settings.lag_s, mends=True
            ),
            make_watermark(settings, self.journal),
            lambda: self.now,
        )
        self.orders = Orders(self.standing, self.effective, self.room, self.journal)
        self.orders.announce(self.now)
        self.standing.applied(self.effective, self.now)

    def run(self, seconds: float) -> None:
        """Lets time pass."""
        self.now += seconds
        self.elapsed += seconds
        self.tick()

    def tick(self) -> None:
        """What the hub does each second."""
        self.standing.prove(self.now, self.elapsed)
        if self.orders.tick(self.now, self.elapsed):
            self.begin()

    def learn(self) -> int:
        """Learns to the end what is to be learned anew; the steps that it took."""
        steps = 1
        while self.orders.learn(self.now):
            steps += 1
        return steps

    def take(self, downlink: Downlink) -> bool:
        """Takes an answer of the centre's, and begins anew where that is asked for."""
        anew = self.orders.take(downlink, self.now)
        if anew:
            self.begin()
        return anew

    def told(self, *commands: Command, **content: Any) -> Downlink:
        """An answer of the centre's; its clock is the hub's."""
        return Downlink(
            hub="hub-1",
            at=utc(self.now),
            configuration=configuration(**content) if content else None,
            commands=list(commands),
        )

    def command(self, kind: str, number: int = 0, **body: Any) -> Command:
        """A command that holds for an hour."""
        number = number or next(_numbers)
        return Command(
            id=f"c{number}",
            number=number,
            kind=kind,
            issued_at=utc(self.now),
            expires_at=utc(self.now + 3600),
            body=msgspec.Raw(msgspec.json.encode(body)),
        )

    def soon(self, seconds: float) -> datetime:
        return utc(self.now + seconds)

    def bodies(self, kind: str) -> list[bytes]:
        rows = self.journal.rows("select body from journal where kind = ? order by seq", kind)
        return [body for (body,) in rows]

    def results(self) -> list[tuple[str, str]]:
        """What was told of commands: of which, and how far it has come."""
        found = (decode(body, CommandResult) for body in self.bodies("command_result"))
        return [(one.command, one.state) for one in found]

    def last_word(self) -> str:
        return decode(self.bodies("command_result")[-1], CommandResult).text

    def reports(self) -> list[ConfigurationReport]:
        return [decode(body, ConfigurationReport) for body in self.bodies("configuration")]


def configuration(version: int = 1, **content: Any) -> Configuration:
    """One version, with its digest."""
    raw = msgspec.json.encode(content)
    return Configuration(version=version, digest=digest_of(raw), content=msgspec.Raw(raw))
