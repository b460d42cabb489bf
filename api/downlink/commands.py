"""Commands to hubs: issued once, told until the hub has them, done once, answered."""

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import msgspec

from api.clock import Clock
from api.downlink.sql import SQL
from api.downlink.views import CommandDetail, CommandLine, Step
from api.identity.people import Role, User
from api.refusals import Conflict, Forbidden, Invalid, NotFound
from api.store.database import Connection, Database
from contract import CommandKind, ContractError, decode, encode
from contract.base import Name, Part
from contract.downlink import (
    BODIES,
    LONGEST_ABSENCE_S,
    LONGEST_PAUSE_S,
    Away,
    Pause,
)

MOST_STEPS = 2000
SOON = timedelta(minutes=15)
"""What somebody waits for in the home is not begun later than this."""
LATER = timedelta(days=1)
LATEST = timedelta(days=30)
_WAITED_FOR = frozenset({CommandKind.TEST, CommandKind.WALK_TEST, CommandKind.PAUSE})
_BY_ANYBODY = {Pause: timedelta(days=1), Away: timedelta(days=31)}
"""For how long anybody on the desk may leave a home unwatched; longer needs who answers for it."""
_ANSWERS = frozenset({Role.SUPERVISOR, Role.ADMINISTRATOR})
_LONGEST = {Pause: timedelta(seconds=LONGEST_PAUSE_S), Away: timedelta(seconds=LONGEST_ABSENCE_S)}


class IssueRequest(msgspec.Struct, frozen=True, kw_only=True):
    """What a hub is to do.

    Attributes:
        kind: One of :class:`contract.CommandKind`.
        body: What the kind needs, such as `{"until": ...}` for `pause`.
        id: The sender's own name for it. The same name again is the same command.
        expires_at: From then on it is not begun; by default in 15 minutes for what somebody waits
            for, else in a day.
    """

    kind: str
    body: dict[str, Any] = {}
    id: Name | None = None
    expires_at: datetime | None = None


class Commands:
    """The commands of the centre's hubs."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def issue(self, hub: str, asked: IssueRequest, by: User) -> CommandLine:
        """Has a hub told to do something.

        Raises:
            Forbidden: The role does not allow it.
            Invalid: There is no such command, or its body or end will not do.
            NotFound: There is no such hub, or nobody has claimed it.
            Conflict: The id is another command's.
        """
        now = self._clock()
        body = _body(asked, now, by)
        expires_at = _end(asked, now)
        name = asked.id or secrets.token_hex(16)
        async with self._database.transaction() as connection:
            if await connection.fetchrow(SQL.lock_hub, hub) is None:
                raise NotFound(f"There is no hub {hub} that could do it.")
            before = await connection.fetchrow(SQL.command, name)
            if before is not None:
                return _again(_line(before, now), hub, asked.kind)
            number = await connection.fetchval(SQL.next_number, hub)
            await connection.execute(
                SQL.add_command, name, hub, number, asked.kind, body.decode(), now, by.id,
                expires_at,
            )  # fmt: skip
            await connection.execute(SQL.tell_hub, hub)
            return _line(await connection.fetchrow(SQL.command, name), now)

    async def of_hub(self, hub: str, *, limit: int = 50) -> list[CommandLine]:
        """A hub's commands, the newest first."""
        async with self._database.connection() as connection:
            rows = await connection.fetch(SQL.commands, hub, limit)
        return [_line(row, self._clock()) for row in rows]

    async def one(self, hub: str, command: str) -> CommandDetail:
        """One command, with the activations of its walk test.

        Raises:
            NotFound: The hub has no such command.
        """
        async with self._database.connection() as connection:
            row = await connection.fetchrow(SQL.command, command)
            if row is None or row["hub"] != hub:
                raise NotFound(f"Hub {hub} has no command {command}.")
            return CommandDetail(
                command=_line(row, self._clock()), steps=await _steps(connection, hub, command)
            )


async def _steps(connection: Connection, hub: str, command: str) -> list[Step]:
    return [Step(**row) for row in await connection.fetch(SQL.steps, command, hub, MOST_STEPS)]


def _body(asked: IssueRequest, now: datetime, by: User) -> bytes:
    """The body as it goes to the hub."""
    form = BODIES.get(asked.kind)
    if form is None:
        raise Invalid(f"{asked.kind!r} is no command; allowed are {', '.join(CommandKind)}.")
    try:
        body: Part = decode(msgspec.json.encode(asked.body), form)
    except ContractError as error:
        raise Invalid(f"{error}.") from error
    if body.unknown:
        raise Invalid(f"{asked.kind} knows no {min(body.unknown)}.")
    if isinstance(body, Pause | Away):
        _check_until(asked.kind, body.until, now, _LONGEST[type(body)])
    _check_role(asked.kind, body, now, by)
    return encode(body)


def _check_role(kind: str, body: Part, now: datetime, by: User) -> None:
    """What leaves a home unwatched for long, or unlearns it, is not for everybody."""
    if by.role in _ANSWERS:
        return
    if kind == CommandKind.RELEARN:
        raise Forbidden("Only a supervisor or an administrator may have a hub learn anew.")
    if isinstance(body, Pause | Away) and body.until > now + (most := _BY_ANYBODY[type(body)]):
        days = "a day" if most.days == 1 else f"{most.days} days"
        raise Forbidden(f"A {kind} of over {days} is for a supervisor or an administrator to set.")


def _check_until(kind: str, until: datetime, now: datetime, longest: timedelta) -> None:
    try:
        fits = now < until <= now + longest
    except OverflowError:  # the ends of the calendar, brought to UTC
        fits = False
    if not fits:
        raise Invalid(f"until of {kind} must be after now and within {longest.days} days.")


def _end(asked: IssueRequest, now: datetime) -> datetime:
    if asked.expires_at is None:
        return now + (SOON if asked.kind in _WAITED_FOR else LATER)
    if asked.expires_at.tzinfo is None:
        raise Invalid("expires_at needs its offset from UTC.")
    _check_until("the command", asked.expires_at, now, LATEST)
    return asked.expires_at


def _again(before: CommandLine, hub: str, kind: str) -> CommandLine:
    if (before.hub, before.kind) != (hub, kind):
        raise Conflict(f"The id {before.id} is another command's.")
    return before


def _line(row: Mapping[str, Any], now: datetime) -> CommandLine:
    fields = dict(row)
    if fields["state"] == "waiting" and fields["expires_at"] <= now:
        fields["state"] = "expired"
    return CommandLine(**{**fields, "body": msgspec.Raw(fields["body"].encode())})
