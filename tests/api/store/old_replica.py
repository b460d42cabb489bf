"""What a replica of an earlier version does most, by the named queries of that version alone."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg

from api.store.cover import OPEN

HOME, HUB, EPOCH = "h1", "hub-1", "e1"
ANN = 1
NOW = datetime(2026, 3, 11, tzinfo=UTC)
OUTCOME = "test"
_REACH = """
select set_config('telecare.reach', '{1}', true), set_config('role', 'telecare_organisation', true)
"""


class OldReplica:
    """A replica of the version before, in the midst of an upgrade.

    Args:
        connection: To a database whose schema is newer than the replica.
        state: The newest migration that the replica knows.
        queries: Its named queries.
    """

    def __init__(self, connection: asyncpg.Connection, state: str, queries: dict[str, str]) -> None:
        self._connection = connection
        self._apart = state >= "0008"
        self.queries = queries

    async def reach(self) -> None:
        """As it begins each transaction: since there are organisations, bound to its own."""
        if self._apart:
            await self._connection.execute(_REACH)

    async def ask(self, name: str, *arguments: Any) -> Any:
        """One query; the first column of its first row."""
        return await self._connection.fetchval(self.queries[name], *arguments)

    async def takes_in_event(self, seq: int) -> None:
        """One movement in the hall."""
        one = (seq, NOW, "pir", "motion", "hall", 1.0, None, "measured", "{}")
        await self.ask("hubs_add_events", HOME, 1, *_columns(one))

    async def takes_in_alert(self, ref: str, severity: str = "advisory", version: int = 1) -> None:
        """What the hub says of an alert, before it is a report of some journal."""
        whose: tuple[Any, ...] = (HOME, NOW)
        if "report_journal" in self.queries["hubs_upsert_alerts"]:
            whose = (*whose, 1)
        said = (ref, "help_button", "", severity, 0.5, "T.", "A.", NOW, NOW, None, version, "{}")
        await self.ask("hubs_upsert_alerts", *whose, *_columns(said))

    async def takes_in_batch(self, ref: str, first: int, version: int = 1) -> None:
        """A whole batch, with one record of each kind, the alert's an urgent one.

        Args:
            ref: How its hub calls the alert.
            first: The number of the first of six records.
            version: Of the alert.
        """
        journal = await self.ask("hubs_lock_journal", HUB, EPOCH)
        await self.takes_in_event(first)
        assessed = (first + 1, NOW, "help_button", "", "alerting", 0.9, "{}")
        await self.ask("hubs_add_assessments", HOME, journal, *_columns(assessed))
        await self.takes_in_alert(ref, "urgent", version)
        report = (first + 2, ref, version, NOW, "{}")
        await self.ask("hubs_add_reports", HOME, journal, *_columns(report))
        await self.ask("hubs_add_health", HUB, journal, *_columns((first + 3, NOW, "{}")))
        await self.ask("hubs_newest_health", HUB, NOW, "{}")
        await self.ask("hubs_add_others", journal, NOW, *_columns((first + 4, "news", "{}")))
        odd = (first + 5, "event", "unreadable", b"{")
        await self.ask("hubs_add_refused", journal, NOW, *_columns(odd))
        kept = [asyncpg.Range(1, 1001), asyncpg.Range(first, first + 6)]
        await self.ask("hubs_receive", journal, kept)
        new = [True] if "$3" in self.queries["hubs_seen"] else []
        await self.ask("hubs_seen", HUB, NOW, *new)

    async def claims(self, alert: int) -> None:
        """Ann takes an alert."""
        await self._step(alert, "claim", "raised", "claimed")

    async def notes(self, alert: int) -> None:
        """Ann writes down what she heard."""
        await self._step(alert, "note", "claimed", "claimed", note="She is well.")

    async def resolves(self, alert: int) -> None:
        """Ann is done with it."""
        await self._step(alert, "resolve", "claimed", "resolved", outcome=OUTCOME)

    async def _step(
        self,
        alert: int,
        action: str,
        before: str,
        after: str,
        *,
        outcome: str | None = None,
        note: str = "",
    ) -> None:
        assert await self.ask("alerts_lock", alert) is not None, "the alert is within reach"
        if "alerts_put" in self.queries:
            version = await self._put(alert, after, outcome)
        else:
            version = await self._first_ways(alert, action, outcome)
        words = "words" in self.queries["alerts_remember"]
        kept = (OPEN + note.encode() if note else None) if words else note
        entry = (alert, version, NOW, ANN, action, before, after, outcome, kept)
        await self.ask("alerts_remember", *entry)
        if "audit_note" in self.queries:
            about = (f"alert.{action}", "alert", str(alert), outcome or "", f"staff:{ANN}")
            await self.ask("audit_note", NOW, *about)

    async def _put(self, alert: int, after: str, outcome: str | None) -> int:
        held = after == "claimed"
        version: int = await self.ask(
            "alerts_put", alert, after, ANN if held else None, NOW,
            NOW + timedelta(minutes=10) if held else None,
            None, None, None, None, None, None,
            None if "words" in self.queries["alerts_put"] else "", None, 1, 0, None,
            None if held else ANN, None if held else NOW, outcome,
        )  # fmt: skip
        return version

    async def _first_ways(self, alert: int, action: str, outcome: str | None) -> int:
        """Before there was one table of the life of an alert each step had a query of its own."""
        until = NOW + timedelta(minutes=10)
        version: int
        if action == "claim":
            version = await self.ask("alerts_claim", alert, ANN, NOW, until)
        elif action == "note":
            version = await self.ask("alerts_renew", alert, until)
        else:
            version = await self.ask("alerts_resolve", alert, ANN, NOW, outcome)
        return version


def _columns(row: Sequence[Any]) -> list[list[Any]]:
    """One row, as the arrays that a query unnests."""
    return [[value] for value in row]
