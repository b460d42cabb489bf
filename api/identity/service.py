"""Signing staff in and out."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from api.audit.note import SESSION, STAFF, note
from api.clock import Clock
from api.identity.passwords import Passwords, check_new
from api.identity.people import Member, Session
from api.identity.permissions import Role
from api.identity.second_factor import SecondFactors
from api.identity.sql import SQL
from api.identity.throttle import BEEN_HERE, SIGN_IN, SIGN_IN_ADDRESS, Throttle
from api.identity.tokens import csrf_token, new_token, token_hash
from api.refusals import Conflict, Invalid, NotSignedIn
from api.store.database import Connection, Database
from api.store.reach import CENTRE, for_all

_USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
_MAX_NAME = 80

PASSWORD, OIDC, PASSKEY = "password", "oidc", "passkey"
"""What somebody signed in with."""


@dataclass(frozen=True)
class SignedIn:
    """A new session; `token` goes into the browser's cookie and nowhere else."""

    token: str
    session: Session


class Staff:
    """The centre's staff and their sessions.

    Args:
        lifetime: How long a session lasts from signing in.
        second_factors: Whose codes are asked for.
        required: Roles that may do nothing before they have a second factor.
    """

    def __init__(  # noqa: PLR0917 - what the world is made of
        self,
        database: Database,
        clock: Clock,
        throttle: Throttle,
        passwords: Passwords,
        lifetime: timedelta,
        second_factors: SecondFactors,
        required: Sequence[str] = (),
    ) -> None:
        self._second_factors = second_factors
        self._required = list(required)
        self._database = database
        self._clock = clock
        self._throttle = throttle
        self._passwords = passwords
        self._lifetime = lifetime

    async def add(
        self,
        username: str,
        password: str,
        *,
        name: str = "",
        role: str = Role.OPERATOR,
        organisations: Sequence[int] | None = None,
    ) -> Member:
        """Adds a member of staff.

        Args:
            username: What they sign in with.
            password: The same.
            name: As others see them; the username if left out.
            role: What they are trusted with.
            organisations: Whose homes they look after; None for all, those to come as well.

        Raises:
            Invalid: The username, name, role or password will not do; says what is allowed.
            Conflict: The username is taken.
        """
        username = known_username(username)
        shown = known_name(name or username)
        check_role(role)
        check_new(password)
        hashed = await self._passwords.hash(password)
        async with self._database.transaction(CENTRE) as connection:
            everywhere = organisations is None
            added = await connection.fetchval(SQL.add, username, shown, role, hashed, everywhere)
            if added is None:
                raise Conflict(f"There is already a user {username}.")
            await connection.execute(SQL.join, added, list(organisations or ()))
            member = member_of(await connection.fetchrow(SQL.member, added))
            await note(connection, self._clock(), "staff.add", STAFF, added, detail=role)
            return member

    async def sign_in(
        self,
        username: str,
        password: str,
        address: str,
        *,
        code: str = "",
        old_token: str | None = None,
    ) -> SignedIn:
        """Opens a session under a fresh token; the one of `old_token`, if any, ends.

        `code` is of the second factor, for those who have one.

        Raises:
            NotSignedIn: Name or password is wrong; which of them is not told.
            CodeNeeded: They are right, and the code is missing or wrong.
            TooMany: Too many wrong attempts by this address; says how long to wait.
        """
        known = username.strip().lower()
        at_home = await self._throttle.counts(BEEN_HERE, known, address)
        if not at_home:
            await self._throttle.attempt(SIGN_IN_ADDRESS, address)
        await self._throttle.attempt(SIGN_IN, known, address)
        user = await self._check(known, password)
        if not at_home:  # also where the code is still missing: the password was not guessed
            await self._throttle.give_back(SIGN_IN_ADDRESS, address)
        await self._second_factors.check(user.id, code)
        await self._throttle.forgive(SIGN_IN, known, address)
        await self._throttle.attempt(BEEN_HERE, known, address)
        return await self.open(user, old_token)

    async def session(self, token: str) -> Session | None:
        """The session behind a cookie's token; None where it ended, expired or never was."""
        async with self._database.transaction(CENTRE) as connection:
            row = await connection.fetchrow(
                SQL.session, token_hash(token), self._clock(), self._required
            )
            if row is not None:
                await connection.execute(SQL.use_session, token_hash(token), self._clock())
        if row is None:
            return None
        found = dict(row)
        expires_at = found.pop("expires_at")
        return Session(user=member_of(found), csrf=csrf_token(token), expires_at=expires_at)

    async def sign_out(self, token: str) -> str:
        """Ends a session, and says what it was opened by. Ending one twice does no harm."""
        async with self._database.transaction(for_all()) as connection:
            return await self._end(connection, token)

    async def forget_expired(self) -> None:
        """Drops sessions and counts of attempts whose time is over."""
        async with self._database.transaction(CENTRE) as connection:
            await connection.execute(SQL.forget_sessions, self._clock())
            await connection.execute(SQL.forget_challenges, self._clock())
        await self._throttle.forget()

    async def _check(self, username: str, password: str) -> Member:
        known = username if _USERNAME.fullmatch(username) else ""
        async with self._database.transaction(CENTRE) as connection:
            row = await connection.fetchrow(SQL.by_username, known)
        found = dict(row) if row else {}
        stored = found.pop("password_hash", None)
        if not await self._passwords.matches(stored, password):
            await self._refused(found.get("id"))
            raise NotSignedIn("That username and password do not match.")
        user = member_of(found)
        if self._passwords.outdated(stored):
            hashed = await self._passwords.hash(password)
            async with self._database.transaction(CENTRE) as connection:
                await connection.execute(SQL.set_password, user.id, hashed, user.version)
        return user

    async def open(
        self, user: Member, old_token: str | None, *, by: str = PASSWORD, strong: bool = False
    ) -> SignedIn:
        """Opens a session for somebody who has shown who they are.

        Args:
            user: Who.
            old_token: Of the session that ends with this, if any.
            by: What they showed it with.
            strong: Whether that was as good as a second factor.

        Raises:
            NotSignedIn: They were let go, or let in otherwise, in this very moment.
        """
        token, now = new_token(), self._clock()
        expires_at = now + self._lifetime
        async with self._database.transaction(for_all()) as connection:
            if await connection.fetchval(SQL.arrive, user.id, user.version, now) is None:
                raise NotSignedIn("Sign in again.")
            if old_token:
                await self._end(connection, old_token)
            number = await connection.fetchval(
                SQL.open_session, token_hash(token), user.id, now, expires_at, by, strong
            )
            await note(
                connection, now, "session.open", SESSION, number, detail=by, actor=user.actor
            )
        session = await self.session(token)
        if session is None:  # taken back in this very moment
            raise NotSignedIn("Sign in again.")
        return SignedIn(token, session)

    async def _end(self, connection: Connection, token: str) -> str:
        ended = await connection.fetchrow(SQL.end_session, token_hash(token))
        if ended is None:
            return ""
        actor = f"staff:{ended['staff']}"
        await note(connection, self._clock(), "session.end", SESSION, ended["id"], actor=actor)
        by: str = ended["signed_in_by"]
        return by

    async def _refused(self, known: int | None) -> None:
        """Notes a wrong password; of a name that nobody has, only that there was one."""
        async with self._database.transaction(for_all()) as connection:
            await note(
                connection, self._clock(), "session.refused", STAFF, known or "", actor="nobody"
            )


def member_of(row: Mapping[str, Any]) -> Member:
    """A member of staff from a row of the view of that name."""
    return Member(**{**row, "organisations": tuple(row["organisations"])})


def check_role(role: str) -> None:
    """Refuses what is no role.

    Raises:
        Invalid: With those that there are.
    """
    if role not in set(Role):
        raise Invalid(f"The role must be one of {', '.join(Role)}, not {role}.")


def known_username(username: str) -> str:
    """A username as it is kept.

    Raises:
        Invalid: With what is allowed.
    """
    known = username.strip().lower()
    if not _USERNAME.fullmatch(known):
        raise Invalid(
            "A username has from 1 to 64 of the letters a to z, digits, dots, dashes and "
            "underscores, and starts with a letter or digit."
        )
    return known


def known_name(name: str) -> str:
    """A name as others see it.

    Raises:
        Invalid: With what is allowed.
    """
    shown = name.strip()
    if not (0 < len(shown) <= _MAX_NAME and shown.isprintable()):
        raise Invalid(f"A name shown to others has from 1 to {_MAX_NAME} printable characters.")
    return shown
