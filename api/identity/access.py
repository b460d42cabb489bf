"""What lets somebody in: sessions of people and tokens of programs, listed and taken back."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Annotated, Any

import msgspec

from api.audit.note import SESSION, TOKEN, note
from api.clock import Clock
from api.identity.people import Member, Session
from api.identity.permissions import Permission, only
from api.identity.sql import SQL
from api.identity.tokens import new_token, token_hash
from api.refusals import Conflict, Invalid, NotAllowed, NotFound
from api.store.database import Database
from api.store.reach import CENTRE, for_all

PREFIX = "tct_"
"""Begins every token, so that one that got into a public place is found."""
LONGEST = 366
"""Days that a token is good for at most."""
MOST = 50
"""Tokens that one member of staff may have at a time."""
MOST_SHOWN = 1000
MAX_NAME = 80


class OpenSession(msgspec.Struct, frozen=True, kw_only=True):
    """A session that somebody is signed in with. `last_used_at` is right to the minute."""

    id: int
    staff: int
    username: str
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None = None
    signed_in_by: str = "password"


class TokenRequest(msgspec.Struct, frozen=True, kw_only=True):
    """A token that somebody wants for a program.

    Attributes:
        name: What it is for.
        scopes: Of :class:`api.identity.permissions.Permission`, none beyond one's own.
        days: How long it is good for, from 1 to 366.
    """

    name: str
    scopes: list[str]
    days: Annotated[int, msgspec.Meta(ge=1, le=LONGEST)] = 90


class Token(msgspec.Struct, frozen=True, kw_only=True):
    """A token, without its secret, of which the centre has only a hash."""

    id: int
    staff: int
    username: str
    name: str
    scopes: list[str]
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None = None
    last_used_at: datetime | None = None


class NewToken(msgspec.Struct, frozen=True, kw_only=True):
    """A new token. `token` is shown this once."""

    id: int
    token: str
    expires_at: datetime


class Access:
    """The sessions and tokens of staff.

    Args:
        required: Roles that may do nothing, also by a program, before they have a second factor.
    """

    def __init__(self, database: Database, clock: Clock, required: Sequence[str] = ()) -> None:
        self._database = database
        self._clock = clock
        self._required = list(required)

    async def sessions(self, by: Member, *, of_all: bool = False) -> list[OpenSession]:
        """One's own sessions, or with `of_all` those of everybody within one's organisations.

        Raises:
            NotAllowed: `of_all` is not for this role.
        """
        whose = _whose(by, of_all=of_all)
        async with self._database.transaction(for_all()) as connection:
            now = self._clock()
            rows = await connection.fetch(SQL.sessions, now, by.id, whose, MOST_SHOWN)
            if of_all:
                await note(connection, now, "sessions.read", SESSION, actor=by.actor)
        return [OpenSession(**row) for row in rows]

    async def end(self, session: int, by: Member) -> None:
        """Ends a session: one's own, or, for whom that is, of somebody in one's organisations.

        Raises:
            NotFound: There is none of that number that they could end.
        """
        whose = _whose(by, of_all=by.may(Permission.MANAGE_SESSIONS))
        async with self._database.transaction(for_all()) as connection:
            if await connection.fetchval(SQL.revoke_session, session, by.id, whose) is None:
                raise NotFound(f"There is no session {session}.")
            now = self._clock()
            await note(connection, now, "session.revoke", SESSION, session, actor=by.actor)

    async def add_token(self, asked: TokenRequest, by: Member) -> NewToken:
        """Makes a token that acts for `by` within its scopes.

        Raises:
            Invalid: Name, scopes or days will not do.
            NotAllowed: A scope is beyond what they may do themselves.
            Conflict: They have as many tokens as one may.
        """
        _check(asked, by)
        secret, now = f"{PREFIX}{new_token()}", self._clock()
        until = now + timedelta(days=asked.days)
        scopes = sorted(set(asked.scopes))
        async with self._database.transaction(for_all()) as connection:
            if await connection.fetchval(SQL.count_tokens, by.id, now) >= MOST:
                raise Conflict(f"You have {MOST} tokens. Revoke one first.")
            number = await connection.fetchval(
                SQL.add_token, by.id, asked.name.strip(), token_hash(secret), scopes, now, until,
                by.session,
            )  # fmt: skip
            said = " ".join(scopes)
            await note(connection, now, "token.add", TOKEN, number, detail=said, actor=by.actor)
        return NewToken(id=number, token=secret, expires_at=until)

    async def tokens(self, by: Member, *, of_all: bool = False) -> list[Token]:
        """One's own tokens, or with `of_all` those of everybody within one's organisations.

        Raises:
            NotAllowed: `of_all` is not for this role.
        """
        whose = _whose(by, of_all=of_all)
        async with self._database.transaction(for_all()) as connection:
            rows = await connection.fetch(SQL.tokens, by.id, whose, MOST_SHOWN)
            if of_all:
                await note(connection, self._clock(), "tokens.read", TOKEN, actor=by.actor)
        return [Token(**row) for row in rows]

    async def revoke(self, token: int, by: Member) -> None:
        """Takes a token back: one's own, or, for whom that is, of somebody in one's organisations.

        Raises:
            NotFound: There is none of that number that they could take back.
        """
        whose = _whose(by, of_all=by.may(Permission.MANAGE_SESSIONS))
        async with self._database.transaction(for_all()) as connection:
            now = self._clock()
            if await connection.fetchval(SQL.revoke_token, token, by.id, whose, now) is None:
                raise NotFound(f"There is no token {token}.")
            await note(connection, now, "token.revoke", TOKEN, token, actor=by.actor)

    async def by_token(self, secret: str) -> Session | None:
        """Whom a token acts for; None where it has ended, was taken back or never was."""
        if not secret.startswith(PREFIX):
            return None
        now = self._clock()
        async with self._database.transaction(CENTRE) as connection:
            row = await connection.fetchrow(SQL.token, token_hash(secret), now, self._required)
            if row is None:
                return None
            await connection.execute(SQL.use_token, row["token"], now)
        return _session(dict(row))


def _session(row: dict[str, Any]) -> Session:
    expires_at = row.pop("expires_at")
    return Session(user=_program(row), csrf="", expires_at=expires_at)


def _program(row: Mapping[str, Any]) -> Member:
    known = {"organisations": tuple(row["organisations"]), "scopes": tuple(row["scopes"])}
    return Member(**{**row, **known})


def _whose(by: Member, *, of_all: bool) -> list[int] | None:
    """The organisations of those whom `by` may manage; None for nobody but themselves."""
    if not of_all:
        return None
    by.demand(Permission.MANAGE_SESSIONS)
    return list(by.organisations)


def _check(asked: TokenRequest, by: Member) -> None:
    name = asked.name.strip()
    if not (0 < len(name) <= MAX_NAME and name.isprintable()):
        raise Invalid(f"name must have 1 to {MAX_NAME} printable characters.")
    if not 1 <= asked.days <= LONGEST:
        raise Invalid(f"days must be from 1 to {LONGEST}, not {asked.days}.")
    known = set(Permission)
    if not asked.scopes or not set(asked.scopes) <= known:
        raise Invalid(f"scopes must be some of {', '.join(Permission)}.")
    for scope in asked.scopes:
        if not by.may(Permission(scope)):
            raise NotAllowed(only(Permission(scope)))
