"""A new password, chosen by whose it is: with the present one, or with a link sent to them."""

from datetime import datetime, timedelta

import msgspec

from api.audit.note import STAFF, note
from api.clock import Clock
from api.identity.fresh import check_fresh
from api.identity.passwords import Passwords, check_new
from api.identity.people import Member
from api.identity.service import SignedIn, Staff
from api.identity.sql import SQL
from api.identity.throttle import SIGN_IN, SIGN_IN_ADDRESS, UNGUESSABLE_ADDRESS, Throttle
from api.identity.tokens import new_token, same, token_hash
from api.refusals import Conflict, Invalid, NotFound, NotSignedIn
from api.store.database import Connection, Database
from api.store.reach import CENTRE, for_all

GOOD_FOR = timedelta(hours=72)
"""An invitation: from a Friday to the Monday after."""
_NO_MORE = "This invitation has been used, replaced or has run out. Ask for a new one."


class PasswordChange(msgspec.Struct, frozen=True, kw_only=True):
    """The present password, and the one that is to take its place."""

    present: str
    password: str


class PasswordChoice(msgspec.Struct, frozen=True, kw_only=True):
    """The password that somebody wants; `invitation` is what stands behind `#` in their link."""

    invitation: str
    password: str


class NewPasswords:
    """How a password comes to be another."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        throttle: Throttle,
        passwords: Passwords,
        staff: Staff,
    ) -> None:
        self._database = database
        self._clock = clock
        self._throttle = throttle
        self._passwords = passwords
        self._staff = staff

    async def held(self, by: Member) -> bool:
        """Whether they have a password here, and do not come in by the provider."""
        async with self._database.transaction(CENTRE) as connection:
            own = await connection.fetchrow(SQL.own, by.id)
        return own is not None and not own["by_provider"]

    async def change(self, asked: PasswordChange, by: Member, address: str) -> SignedIn:
        """Changes one's own. All other sessions end; this one goes on under a fresh token.

        Raises:
            Invalid: The present one is wrong, or the new one will not do.
            Conflict: They come in by the provider, signed in too long ago, or changed meanwhile.
            TooMany: Too many wrong attempts, counted together with those at the sign-in.
        """
        check_new(asked.password)
        if same(asked.present, asked.password):
            raise Invalid("Choose a password that is not the present one.")
        async with self._database.transaction(CENTRE) as connection:
            await check_fresh(connection, by, self._clock())
            own = await connection.fetchrow(SQL.own, by.id)
        if own is None:
            raise NotSignedIn("Sign in again.")
        if own["by_provider"]:
            raise Conflict("You come in by your organisation's sign-in: change the password there.")
        await self._throttle.attempt(SIGN_IN_ADDRESS, address)
        await self._throttle.attempt(SIGN_IN, by.username, address)
        if not await self._passwords.matches(own["password_hash"], asked.present):
            await self._wrong(by)
            raise Invalid("The present password is not right.")
        await self._throttle.give_back(SIGN_IN_ADDRESS, address)
        hashed, token = await self._passwords.hash(asked.password), new_token()
        async with self._database.transaction(for_all()) as connection:
            changed = await connection.fetchval(SQL.change_password, by.id, hashed, own["version"])
            renewed = await connection.fetchval(SQL.renew_session, by.session, token_hash(token))
            if changed is None or renewed is None:
                raise Conflict("Your account was changed meanwhile. Sign in again.")
            await connection.execute(SQL.end_other_sessions, by.id, by.session)
            await connection.execute(SQL.drop_invitation, by.id)
            now = self._clock()
            await note(connection, now, "password.change", STAFF, by.id, actor=by.actor)
        await self._throttle.forgive(SIGN_IN, by.username, address)
        session = await self._staff.session(token)
        if session is None:  # let go in this very moment
            raise NotSignedIn("Sign in again.")
        return SignedIn(token, session)

    async def choose(self, asked: PasswordChoice, address: str) -> None:
        """Sets the password of whoever was sent the link, which is then good no more.

        They are not signed in by it: who has a second factor is asked for it as always.

        Raises:
            Invalid: The password will not do.
            NotFound: The link was used, replaced, has run out, or never was.
            TooMany: Too many tries from this address.
        """
        await self._throttle.attempt(UNGUESSABLE_ADDRESS, address)
        check_new(asked.password)
        secret = token_hash(asked.invitation.strip())
        async with self._database.transaction(CENTRE) as connection:
            staff = await connection.fetchval(SQL.invited, secret, self._clock())
        if staff is None:
            raise NotFound(_NO_MORE)
        hashed = await self._passwords.hash(asked.password)
        async with self._database.transaction(for_all()) as connection:
            now = self._clock()
            username = await connection.fetchval(SQL.choose_password, staff, hashed)
            spent = await connection.fetchval(SQL.spend_invitation, staff, secret, now)
            if username is None or spent is None:  # somebody was quicker
                raise NotFound(_NO_MORE)
            await connection.execute(SQL.end_sessions, staff)
            await note(connection, now, "password.choose", STAFF, staff, actor=f"staff:{staff}")
        await self._throttle.forgive(SIGN_IN, username, address)

    async def _wrong(self, by: Member) -> None:
        async with self._database.transaction(for_all()) as connection:
            now = self._clock()
            await note(connection, now, "password.refused", STAFF, by.id, actor=by.actor)


async def invite(connection: Connection, staff: int, unknown: str, now: datetime) -> str:
    """Makes a link's secret for somebody; what let them in with a password does so no more.

    Args:
        connection: With the row of staff locked.
        staff: Whom.
        unknown: The hash of a password that nobody knows, theirs until they have chosen one.
        now: It is good for `GOOD_FOR` from then on.
    """
    secret = new_token()
    await connection.execute(SQL.set_unknown_password, staff, unknown)
    await connection.execute(SQL.end_sessions, staff)
    await connection.execute(SQL.invite, staff, token_hash(secret), now + GOOD_FOR)
    return secret
