"""Which settings the hub is to run with: its file, the centre's configuration, what lasts now.

A version is on trial until the hub has run with it for a while. One with which it cannot begin, or
again and again does not stay up, is taken back, and the last good one counts again. A power cut, or
an end in good order, is not its fault.
"""

import logging
import sqlite3
from typing import NamedTuple

import msgspec

from contract import Applied, Condition, ConfigurationReport, HomeSettings, decode, utc
from gateway.downlink.book import KNOWN_VERSIONS, Damaged, DownlinkBook, Kept
from gateway.downlink.overlay import Overlaid, overlay
from gateway.downlink.spells import Spells
from gateway.engine.alert_book import Key
from gateway.journal import Journal
from gateway.settings import Settings
from gateway.watch.own_alerts import OwnAlerts

STARTS = 3
"""A version on trial is begun with so often."""
PROBATION_S = 60.0
"""Once the hub has run with it for so long, a version is good."""

_MEMORY = Key(Condition.HUB_MEMORY, "centre")
_PROMPT = (
    "Ask again for a pause or a time away that is to go on; consider replacing the hub's memory "
    "card."
)
_log = logging.getLogger(__name__)


class Effective(NamedTuple):
    """What to run with.

    Attributes:
        settings: All of it.
        version: Of the centre's configuration; None for the file alone.
    """

    settings: Settings
    version: int | None


class Peeked(NamedTuple):
    """What the hub would run with, as one sees it beside it.

    Attributes:
        settings: All of it.
        version: Of the centre's configuration; None for the file alone.
        parts: Of the settings, those that it gives.
        removed: Devices of help buttons that it says were taken away.
    """

    settings: Settings
    version: int | None = None
    parts: frozenset[str] = frozenset()
    removed: frozenset[str] = frozenset()


class Standing:
    """The hub's settings as they stand.

    Args:
        base: Its own file.
        journal: Open.
        boot: Names the machine's present start.
    """

    def __init__(self, base: Settings, journal: Journal, boot: str = "") -> None:
        self._boot = boot
        self._journal = journal
        self.base = base
        self.book = DownlinkBook(journal)
        self.spells = Spells(self.book, base.hub.id, base.hub.home)
        self._on_trial: int | None = None
        self._trial_since = 0.0

    def begin(self, now: float, elapsed: float) -> Effective:
        """What to run with from now on.

        Args:
            now: The hub's clock.
            elapsed: A clock that only runs forward, in seconds.
        """
        try:
            self.mend(now)
        except sqlite3.OperationalError as error:  # as on a full disk; it is not used all the same
            _log.warning("what of the centre's word is damaged cannot be told yet: %s", error)
        self.spells.load()
        settings, kept = self._chosen(now)
        if kept is not None and kept.state == "trial" and kept.version != self._on_trial:
            self._on_trial, self._trial_since = kept.version, elapsed
            # Once for each process.
            self.book.note_starts(kept.version, self._starts(kept) + 1, self._boot, now)
        version = None if kept is None else kept.version
        return Effective(self._with_spells(settings), version)

    def mend(self, now: float) -> bool:
        """Lets go what is not as it was kept, and tells the centre so; whether there was any.

        Raises:
            sqlite3.OperationalError: It cannot be noted, as on a full disk.
        """
        damaged = self.book.damaged()
        if not any(damaged):
            return False
        said = _said(damaged)
        _log.error("%s", said)
        OwnAlerts(self._journal).raised(_MEMORY, said, _PROMPT, now)
        told = [
            self.report(one, Applied.REVERTED, "what was kept of it is damaged", (), now)
            for one in damaged.versions
            if one.state in {"trial", "good"} and one.version in KNOWN_VERSIONS
        ]
        self.book.forget(damaged, told, now)
        self.spells.load()
        return True

    def _with_spells(self, settings: Settings) -> Settings:
        context = (*settings.context, *self.spells.known(settings.hub.time_zone))
        return msgspec.structs.replace(settings, context=context)

    def peek(self) -> Peeked:
        """What the hub would run with, beside a running one: nothing is written."""
        for kept in self.book.usable():
            laid = _laid(self.base, kept)
            if laid.settings is not None:
                settings = self._with_spells(laid.settings)
                return Peeked(settings, kept.version, laid.parts, laid.removed)
        return Peeked(self._with_spells(self.base))

    def applied(self, effective: Effective, now: float) -> None:
        """The hub runs with it: the centre is told, once."""
        kept = self._kept(effective.version)
        if kept is not None and kept.state == "trial" and not kept.applied:
            found = _laid(self.base, kept)
            report = self.report(kept, Applied.APPLIED, "", found.ignored, now)
            self.book.note_applied(kept.version, [report], now)

    def prove(self, now: float, elapsed: float) -> None:
        """Takes a version for good once the hub has run with it for a while."""
        if self._on_trial is None or elapsed - self._trial_since < PROBATION_S:
            return
        kept = self._kept(self._on_trial)
        self._on_trial = None
        if kept is not None and kept.state == "trial":
            self.book.mark(kept.version, "good", [], now)

    def failed(self, effective: Effective, why: str, now: float) -> bool:
        """The hub could not begin with it; whether there is something to go back to."""
        kept = self._kept(effective.version)
        if kept is None:
            return False
        self._take_back(kept, why, now)
        return True

    def report(
        self, kept: Kept, state: Applied, reason: str, ignored: tuple[str, ...], now: float
    ) -> ConfigurationReport:
        """What to tell the centre of a version."""
        return ConfigurationReport(
            hub=self.base.hub.id,
            home=self.base.hub.home,
            at=utc(now),
            version=kept.version,
            digest=kept.digest,
            state=state,
            reason=reason,
            ignored=list(ignored),
        )

    def _chosen(self, now: float) -> tuple[Settings, Kept | None]:
        for kept in self.book.usable():
            again = kept.version != self._on_trial
            if kept.state == "trial" and again and self._starts(kept) >= STARTS:
                self._take_back(kept, f"the hub did not stay up with it {STARTS} times", now)
                continue
            found = _laid(self.base, kept)
            if found.settings is not None:
                return found.settings, kept
            self._take_back(kept, found.reason, now)
        return self.base, None

    def _take_back(self, kept: Kept, why: str, now: float) -> None:
        _log.error("version %d of the configuration is taken back: %s", kept.version, why)
        report = self.report(kept, Applied.REVERTED, why, (), now)
        self.book.mark(kept.version, "reverted", [report], now)

    def ended(self, now: float) -> None:
        """The hub ends in good order, or for a reason that is not the configuration's."""
        kept = self._kept(self._on_trial)
        if kept is not None and kept.state == "trial":
            self.book.note_starts(kept.version, max(self._starts(kept) - 1, 0), self._boot, now)

    def _starts(self, kept: Kept) -> int:
        """How often the hub began with it and did not stay up, since the machine started."""
        return kept.starts if kept.boot == self._boot else 0

    def _kept(self, version: int | None) -> Kept | None:
        return next((one for one in self.book.usable() if one.version == version), None)


def _said(damaged: Damaged) -> str:
    lost = []
    if spells := len(damaged.spells):
        lost.append(f"{spells} of the pauses, times away and tests, which are over or forgotten")
    if versions := len(damaged.versions):
        lost.append(f"{versions} of the versions of its configuration, which it asks for anew")
    said = "Some of what the centre had told this hub could not be read any more"
    return f"{said}: {'; '.join(lost)}."


def _laid(base: Settings, kept: Kept) -> Overlaid:
    """What was taken reads still; an older software may have come back that reads it otherwise."""
    try:
        return overlay(base, decode(kept.content, HomeSettings))
    except ValueError as error:
        return Overlaid(None, str(error))
