"""What the hub of this machine runs with, as seen beside it: its file, its centre, a pause."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from typing import NamedTuple
from zoneinfo import ZoneInfo

from contract import CommandKind, SensorHealth
from gateway.downlink.spells import Spells
from gateway.downlink.standing import Peeked, Standing
from gateway.engine.gate import spoken
from gateway.journal import Journal, JournalError
from gateway.journal.lasting import Spell
from gateway.normaliser import Normaliser
from gateway.settings import Files, Settings
from gateway.toml_file import Step


class Beside(NamedTuple):
    """What holds for the hub now, whether or not it runs.

    Attributes:
        effective: Its settings, with what the centre gives of them.
        spells: What the centre asked for that lasts; None where no journal tells.
        why: Why the file alone is shown although there may be more; empty where all is known.
    """

    effective: Peeked
    spells: Spells | None = None
    why: str = ""

    @property
    def settings(self) -> Settings:
        """What the hub runs with."""
        return self.effective.settings

    def pause(self, now: float) -> Spell | None:
        """The pause that lasts at `now`, in epoch seconds."""
        found = None if self.spells is None else self.spells.now(CommandKind.PAUSE)
        return found if found is not None and now < found.until else None

    def sensors(self, journal: Journal) -> list[SensorHealth]:
        """How each sensor fares, as a heartbeat may tell it."""
        fitted = Normaliser(self.settings.hub.home, self.settings.sensors)
        fitted.thaw(journal.devices())
        health = fitted.health()
        return health if self.spells is None else self.spells.masked(health)

    def remarks(self, now: float) -> Iterator[str]:
        """What whoever looks at this hub has to know first."""
        if self.effective.version is not None:
            parts = ", ".join(sorted(self.effective.parts)) or "nothing"
            yield f"configuration {self.effective.version} of the centre sets {parts}"
        if off := self.settings.hub.off:
            yield f"not watched for in this home: {', '.join(off)}"
        if pause := self.pause(now):
            yield f"recording is paused until {self.clock(pause.until)}"
        if self.why:
            yield f"what the centre has set cannot be told: {self.why}"

    def source(self, keys: tuple[Step, ...]) -> str:
        """Where a value comes from that stands neither in the file nor in the environment."""
        table, *rest = keys
        part = rest[0] if table == "hub" and rest else table
        if table == "context" and rest and isinstance(rest[0], int) and rest[0] >= self.own_context:
            return "centre, a pause or time away"
        if part in self.effective.parts:
            return f"centre, version {self.effective.version}"
        return ""

    @property
    def own_context(self) -> int:
        """How many entries of `[[context]]` are settings; the others are what lasts or lasted."""
        zone = self.settings.hub.time_zone
        spells = () if self.spells is None else self.spells.known(zone)
        return len(self.settings.context) - len(spells)

    def clock(self, t: float) -> str:
        """A time in epoch seconds by the home's clock."""
        return spoken(t, ZoneInfo(self.settings.hub.time_zone))


def beside(settings: Settings, journal: Journal) -> Beside:
    """What holds for a hub.

    Args:
        settings: Its own file.
        journal: Its own, open; nothing is written to it.
    """
    standing = Standing(settings, journal)
    return Beside(standing.peek(), standing.spells)


def what_holds(settings: Settings, files: Files) -> Beside:
    """The same of a hub whose journal may not be there; then its file alone holds."""
    try:
        if not files.journal.exists():
            return Beside(Peeked(settings))
        with closing(Journal.open_read_only(files.journal)) as journal:
            return beside(settings, journal)
    except (JournalError, OSError, sqlite3.DatabaseError, ValueError) as error:
        return Beside(Peeked(settings), why=str(error))


def check_own(settings: Settings, files: Files) -> None:
    """Sees that a journal is this hub's, where there is one; what cannot be read tells so itself.

    Raises:
        JournalError: It is of another hub or home.
    """
    try:
        if not files.journal.exists():
            return
        with closing(Journal.open_read_only(files.journal)) as journal:
            found = journal.identity
    except (JournalError, OSError, sqlite3.DatabaseError, TypeError):
        return
    mine = (settings.hub.id, settings.hub.home)
    if (found.hub, found.home) != mine:
        raise JournalError(
            f"{files.journal}: is the journal of hub {found.hub!r} in home {found.home!r}, but the "
            f"settings say {mine[0]!r} in {mine[1]!r}; name the settings of that hub"
        )
