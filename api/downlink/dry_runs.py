"""Dry runs: what a change would have made of a home's last days, as its hubs find and tell it."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import msgspec

from api.audit.note import HUB, note
from api.clock import Clock
from api.downlink.commands import Commands, IssueRequest, line_of
from api.downlink.configurations import Configurations
from api.downlink.sql import SQL
from api.downlink.views import CommandLine
from api.identity.people import Member
from api.identity.permissions import Permission
from api.refusals import Conflict, Invalid
from api.store.database import Database
from contract import CommandKind, CommandResult, decode
from contract.downlink import MAX_WOULD, DryRun, DryRunAnswer, Under

OLDEST = timedelta(days=1)
"""An answer that comes later than this after it was asked for tells of another time."""
_KNOWN = frozenset(Under)


class DryRunLine(msgspec.Struct, frozen=True, kw_only=True):
    """The newest dry run of a hub.

    Attributes:
        command: What was asked, and what became of it.
        asked: The change, and of how many days.
        answer: What the hub found; None before it has, and where it could not.
        last_seen_at: When the hub last told the centre anything new.
    """

    command: CommandLine
    asked: DryRun
    answer: DryRunAnswer | None
    last_seen_at: datetime | None


class DryRuns:
    """The dry runs of homes."""

    def __init__(
        self, database: Database, clock: Clock, commands: Commands, configurations: Configurations
    ) -> None:
        self._database = database
        self._clock = clock
        self._commands = commands
        self._configurations = configurations

    async def ask(self, home: str, budget: Mapping[str, float | None], by: Member) -> None:
        """Asks a home's hubs what other numbers of false alerts would have made of 30 days.

        Args:
            home: Which.
            budget: As :meth:`api.downlink.configurations.Configurations.put_budget`.
            by: Who asks: a supervisor or administrator.

        Raises:
            NotAllowed, NotFound: As :meth:`Commands.issue`.
            Invalid: No home can bear it, or no hub could work it out.
            Conflict: A hub of the home is still at one.
        """
        if any(line.command.state == "waiting" for line in await self.newest(home, by)):
            raise Conflict("The hub is at another one still. Wait for its answer, and ask again.")
        now = await self._configurations.of(by.reach, home)
        said = {**((now.settings.budget if now.settings else None) or {}), **budget}
        borne = {word: value for word, value in said.items() if value is not None}
        async with self._database.transaction(by.reach) as connection:
            hubs = await connection.fetch(SQL.standings, [home])
        if not hubs:
            raise Invalid("This home has no hub that could work it out.")
        for hub in hubs:
            asked = IssueRequest(kind=CommandKind.DRY_RUN, body={"change": {"budget": borne}})
            await self._commands.issue(hub["hub"], asked, by)

    async def newest(self, home: str, by: Member) -> list[DryRunLine]:
        """The newest dry run of each hub of a home.

        Raises:
            NotAllowed: The role does not allow it: it tells of alerts.
        """
        by.demand(Permission.READ_ALERTS)
        async with self._database.transaction(by.reach) as connection:
            rows = await connection.fetch(SQL.dry_runs, home)
            for row in rows:
                await note(connection, self._clock(), "commands.read", HUB, row["hub"])
        return [_line(dict(row), self._clock()) for row in rows]


def _line(row: dict[str, Any], now: datetime) -> DryRunLine:
    seen, answer = row.pop("last_seen_at"), row.pop("answer")
    return DryRunLine(
        command=line_of(row, now),
        asked=decode(row["body"].encode(), DryRun),
        answer=decode(answer.encode(), DryRunAnswer) if answer else None,
        last_seen_at=seen,
    )


def wrong(result: CommandResult, asked: Mapping[str, Any] | None, now: datetime) -> str:
    """Why what a hub found cannot be shown, in a sentence; empty where it can, or it found nothing.

    Args:
        result: What the hub tells.
        asked: `kind`, `body` and `issued_at` of the hub's command, if it has any of that name.
        now: The centre's clock.
    """
    answer = result.answer
    if answer is None:
        return ""
    if asked is None or asked["kind"] != CommandKind.DRY_RUN:
        return "It answers a dry run that nobody asked this hub for."
    if now - asked["issued_at"] > OLDEST:
        return "Its answer came more than a day after it was asked for. Ask again."
    days = timedelta(days=decode(asked["body"].encode(), DryRun).days)
    return _wrong_days(answer, days, now) or _wrong_alerts(answer)


def _wrong_days(answer: DryRunAnswer, days: timedelta, now: datetime) -> str:
    if not answer.heard_since <= answer.until or not answer.since <= answer.until:
        return "Its answer tells of days that end before they begin."
    if answer.until > now + OLDEST or answer.until - answer.since > days + OLDEST:
        return "Its answer tells of other days than it was asked for."
    return ""


def _wrong_alerts(answer: DryRunAnswer) -> str:
    known = [one.under for one in answer.alerts if one.under in _KNOWN]
    changed = sum(one != Under.NOW for one in known)
    before = sum(one != Under.CHANGED for one in known)
    whole = len(known) == len(answer.alerts) < MAX_WOULD
    fits = changed <= answer.changed and before <= answer.now
    if whole:
        fits = (changed, before) == (answer.changed, answer.now)
    if not fits or any(
        not answer.since <= one.at <= answer.until + OLDEST for one in answer.alerts
    ):
        return "Its answer tells of other alerts than it counts."
    return ""
