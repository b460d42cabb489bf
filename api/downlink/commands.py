"""Commands to hubs: issued once, told until the hub has them, done once, answered."""

import re
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import msgspec

from api.audit.note import HUB, note
from api.clock import Clock
from api.downlink.sql import SQL
from api.downlink.views import CommandDetail, CommandLine, Step
from api.identity.people import Member
from api.identity.permissions import Permission, only
from api.refusals import Conflict, Invalid, NotAllowed, NotFound
from api.store.database import Connection, Database
from api.store.reach import Reach
from contract import CommandKind, ContractError, decode, encode
from contract.base import Part
from contract.downlink import (
    BODIES,
    LONGEST_ABSENCE_S,
    LONGEST_PAUSE_S,
    Away,
    DryRun,
    Pause,
)

MOST_STEPS = 2000
SOON = timedelta(minutes=15)
"""What somebody waits for in the home is not begun later than this."""
LATER = timedelta(days=1)
LATEST = timedelta(days=30)
_ENDS: dict[str, timedelta] = {
    CommandKind.RESUME: timedelta(seconds=LONGEST_PAUSE_S),
    CommandKind.BACK: timedelta(seconds=LONGEST_ABSENCE_S),
    CommandKind.DRY_RUN: timedelta(hours=1),
}
"""What ends something is told for as long as that may last; a dry run is answered by then."""
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,127}")
_WAITED_FOR = frozenset({CommandKind.TEST, CommandKind.WALK_TEST, CommandKind.PAUSE})
_BY_ANYBODY = {Pause: timedelta(days=1), Away: timedelta(days=31)}
"""For how long anybody on the desk may leave a home unwatched; longer needs who answers for it."""
_LONGEST = {Pause: timedelta(seconds=LONGEST_PAUSE_S), Away: timedelta(seconds=LONGEST_ABSENCE_S)}


class IssueRequest(msgspec.Struct, frozen=True, kw_only=True):
    """What a hub is to do.

    Attributes:
        kind: One of :class:`contract.CommandKind`.
        body: What the kind needs, such as `{"until": ...}` for `pause`.
        id: The sender's own name for it: up to 128 letters, digits, `.`, `_`, `:` and `-`. The same
            name again is the same command.
        expires_at: From then on it is not begun; by default in 15 minutes for what somebody waits
            for, for `resume` and `back` when the longest pause or absence is over, for a
            dry run in an hour, else in a day.
    """

    kind: str
    body: dict[str, Any] = {}
    id: str | None = None
    expires_at: datetime | None = None


class Commands:
    """The commands of the centre's hubs."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def issue(self, hub: str, asked: IssueRequest, by: Member) -> CommandLine:
        """Has a hub told to do something.

        Raises:
            NotAllowed: The role does not allow it.
            Invalid: There is no such command, or its body or end will not do.
            NotFound: There is no such hub, or nobody has claimed it.
            Conflict: The id is another command's.
        """
        by.demand(Permission.SEND_COMMANDS)
        now = self._clock()
        name = _name(asked)
        body = _body(asked, now, by)
        expires_at = _end(asked, now)
        async with self._database.transaction(by.reach) as connection:
            if await connection.fetchrow(SQL.lock_hub, hub) is None:
                raise NotFound(f"There is no hub {hub} that could do it.")
            number = await connection.fetchval(SQL.next_number, hub)
            added = await connection.fetchval(
                SQL.add_command, name, hub, number, asked.kind, body.decode(), now, by.id,
                expires_at,
            )  # fmt: skip
            row = await connection.fetchrow(SQL.command, name)
            if row is None:  # it is one of another organisation, of which nothing is told
                raise Conflict(f"The id {name} is another command's.")
            line = line_of(row, now)
            if added is None:
                return _again(line, hub, asked, body)
            await connection.execute(SQL.tell_hub, hub)
            await note(connection, now, "command.issue", HUB, hub, detail=f"{asked.kind} {number}")
            return line

    async def of_hub(self, reach: Reach, hub: str, *, limit: int = 50) -> list[CommandLine]:
        """A hub's commands, the newest first."""
        async with self._database.transaction(reach) as connection:
            rows = await connection.fetch(SQL.commands, hub, limit)
            if rows:
                await note(connection, self._clock(), "commands.read", HUB, hub)
        return [line_of(row, self._clock()) for row in rows]

    async def not_over(self, reach: Reach, hub: str, *, limit: int = 100) -> list[CommandLine]:
        """A hub's commands that go on, or may for all that is known, the newest first."""
        async with self._database.transaction(reach) as connection:
            rows = await connection.fetch(SQL.not_over, hub, limit)
            if rows:
                await note(connection, self._clock(), "commands.read", HUB, hub)
        return [line_of(row, self._clock()) for row in rows]

    async def one(self, reach: Reach, hub: str, command: str) -> CommandDetail:
        """One command, with the activations of its walk test.

        Raises:
            NotFound: The hub has no such command.
        """
        async with self._database.transaction(reach) as connection:
            row = await connection.fetchrow(SQL.command, command)
            if row is None or row["hub"] != hub:
                raise NotFound(f"Hub {hub} has no command {command}.")
            steps = await _steps(connection, hub, command)
            await note(connection, self._clock(), "command.read", HUB, hub)
            return CommandDetail(command=line_of(row, self._clock()), steps=steps)


async def tell(
    connection: Connection,
    hub: str,
    kind: CommandKind,
    body: Part,
    *,
    by: int,
    now: datetime,
    until: datetime,
) -> str | None:
    """Has a hub told something in a transaction that goes on; the command's id.

    None where there is no such hub, or nobody has claimed it. `by` is who answers for it.
    """
    if await connection.fetchrow(SQL.lock_hub, hub) is None:
        return None
    name = secrets.token_hex(16)
    number = await connection.fetchval(SQL.next_number, hub)
    await connection.execute(
        SQL.add_command, name, hub, number, kind, encode(body).decode(), now, by, until
    )
    await connection.execute(SQL.tell_hub, hub)
    return name


async def _steps(connection: Connection, hub: str, command: str) -> list[Step]:
    return [Step(**row) for row in await connection.fetch(SQL.steps, command, hub, MOST_STEPS)]


def _name(asked: IssueRequest) -> str:
    """What the command is called, also in its address."""
    if asked.id is None:
        return secrets.token_hex(16)
    if _ID.fullmatch(asked.id) is None:
        raise Invalid(
            "id must be 1 to 128 letters, digits, '.', '_', ':' and '-', the first one a letter or "
            "a digit."
        )
    return asked.id


def _body(asked: IssueRequest, now: datetime, by: Member) -> bytes:
    """The body as it goes to the hub."""
    form = BODIES.get(asked.kind)
    if form is None:
        raise Invalid(f"{asked.kind!r} is no command; allowed are {', '.join(CommandKind)}.")
    try:
        body: Part = decode(msgspec.json.encode(asked.body), form)
    except ContractError as error:
        raise Invalid(f"{error}.") from error
    if unknown := body.unknown or (isinstance(body, DryRun) and body.change.unknown):
        raise Invalid(f"{asked.kind} knows no {min(unknown)}.")
    if isinstance(body, DryRun) and (others := asked.body["change"].keys() - {"budget"}):
        raise Invalid(f"A dry run tries budget alone, and not {min(others)}.")  # nothing shows more
    if isinstance(body, Pause | Away):
        _check_until(asked.kind, body.until, now, _LONGEST[type(body)])
    _check_role(asked.kind, body, now, by)
    return encode(body)


def _check_role(kind: str, body: Part, now: datetime, by: Member) -> None:
    """What leaves a home unwatched for long, or unlearns it, is not for everybody.

    Nor is a dry run, which is for who may make the change.
    """
    if kind == CommandKind.DRY_RUN:
        by.demand(Permission.PUT_CONFIGURATION)
    if by.may(Permission.SEND_LONG):
        return
    if kind == CommandKind.RELEARN:
        raise NotAllowed(only(Permission.SEND_LONG))
    if isinstance(body, Pause | Away) and body.until > now + (most := _BY_ANYBODY[type(body)]):
        days = "a day" if most.days == 1 else f"{most.days} days"
        raise NotAllowed(f"A {kind} of over {days} is for a supervisor or an administrator to set.")


def _check_until(kind: str, until: datetime, now: datetime, longest: timedelta) -> None:
    try:
        fits = now < until <= now + longest
    except OverflowError:  # the ends of the calendar, brought to UTC
        fits = False
    if not fits:
        raise Invalid(f"until of {kind} must be after now and within {longest.days} days.")


def _end(asked: IssueRequest, now: datetime) -> datetime:
    if asked.expires_at is None:
        return now + (SOON if asked.kind in _WAITED_FOR else _ENDS.get(asked.kind, LATER))
    if asked.expires_at.tzinfo is None:
        raise Invalid("expires_at needs its offset from UTC.")
    _check_until("the command", asked.expires_at, now, LATEST)
    return asked.expires_at


def _again(before: CommandLine, hub: str, asked: IssueRequest, body: bytes) -> CommandLine:
    if (before.hub, before.kind) != (hub, asked.kind):
        raise Conflict(f"The id {before.id} is another command's.")
    same_end = asked.expires_at in {None, before.expires_at}
    if bytes(before.body) != body or not same_end:
        raise Conflict(
            f"The id {before.id} is taken by a {before.kind} that says something else; nothing was "
            "changed. Send it under an id of its own."
        )
    return before


def line_of(row: Mapping[str, Any], now: datetime) -> CommandLine:
    """A row of `command` as staff see it."""
    fields = dict(row)
    if fields["state"] == "waiting" and fields["expires_at"] <= now:
        # One that was sent may have arrived, and the hub's word of it may be on its way.
        fields["state"] = "unanswered" if fields["sent_at"] else "expired"
    return CommandLine(**{**fields, "body": msgspec.Raw(fields["body"].encode())})
