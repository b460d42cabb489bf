"""Who works here: invited, changed, let go. Each step is one transaction on locked rows of staff.

Nobody gives more than they have, changes themselves, or lets go who alone could let others in.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from api.audit.note import ALERT, STAFF, note
from api.clock import Clock
from api.identity.fresh import check_fresh
from api.identity.new_passwords import GOOD_FOR, invite
from api.identity.passwords import Passwords
from api.identity.people import Member
from api.identity.permissions import ALLOWED, Permission, Role, allowed, only
from api.identity.second_factor import drop_all
from api.identity.service import check_role, known_name, known_username
from api.identity.sql import SQL
from api.identity.staff_views import (
    OPERATOR,
    Grasp,
    Invitation,
    NewStaff,
    StaffChange,
    StaffMember,
    reach,
    within,
)
from api.identity.tokens import new_token
from api.refusals import Conflict, NotAllowed, NotFound, NotSignedIn
from api.store.database import Connection, Database
from api.store.reach import for_all

MOST_SHOWN = 1000
"""Members of staff that are listed at once."""
PAGE = "/invitation"
"""Where an invitation leads; its secret stands behind `#`, which no browser sends anywhere."""


class Leaving(Protocol):
    """Takes back what somebody holds."""

    async def hold(self, connection: Connection, staff: int) -> None:
        """Locks it."""
        ...

    async def give_back(
        self, connection: Connection, staff: int, kept: Sequence[int]
    ) -> list[tuple[int, str]]:
        """Gives back what is not of these organisations; alerts, each with what was done."""
        ...


class Administration:
    """The centre's staff, for its administrators; `by` is None for whoever runs the centre.

    Args:
        public_url: By which address browsers reach the centre; empty for the one they use.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        passwords: Passwords,
        leaving: Leaving,
        public_url: str = "",
    ) -> None:
        self._database = database
        self._clock = clock
        self._passwords = passwords
        self._leaving = leaving
        self._public_url = public_url.rstrip("/")

    async def all(self, by: Member | None) -> list[StaffMember]:
        """Everybody within reach, those who were let go last.

        Raises:
            NotAllowed: It is not for this role.
        """
        async with self._database.transaction(for_all()) as connection:
            me = await self._me(connection, by)
            rows = await connection.fetch(SQL.shown, None, *me.columns, MOST_SHOWN)
            await note(connection, self._clock(), "staff.read", STAFF, actor=_actor(by))
        return [StaffMember(**row) for row in rows]

    async def one(self, staff: int, by: Member | None) -> StaffMember:
        """One of them.

        Raises:
            NotAllowed: It is not for this role.
            NotFound: There is nobody of that number within reach.
        """
        async with self._database.transaction(for_all()) as connection:
            found = await self._found(connection, await self._me(connection, by), staff)
            await note(connection, self._clock(), "staff.read", STAFF, staff, actor=_actor(by))
        return found

    async def number(self, username: str) -> int:
        """Whose name it is, for whoever runs the centre.

        Raises:
            NotFound: Nobody's.
        """
        async with self._database.transaction(for_all()) as connection:
            found: int | None = await connection.fetchval(SQL.number, username.strip().lower())
        if found is None:
            raise NotFound(f"There is no user {username}.")
        return found

    async def add(self, asked: NewStaff, by: Member | None, origin: str = "") -> Invitation:
        """Adds somebody, who chooses their password by the link.

        Args:
            asked: Whom.
            by: Who adds them.
            origin: By which address they reach the centre, where the settings do not say.

        Raises:
            Invalid: The username, name, role or organisations will not do; says what is allowed.
            NotAllowed: It is not for this role, or more than they have themselves.
            Conflict: The username is taken, or they signed in too long ago.
        """
        username, name = known_username(asked.username), known_name(asked.name)
        check_role(asked.role)
        unknown = await self._passwords.hash(new_token())
        async with self._database.transaction(for_all()) as connection:
            now = self._clock()
            me = await self._me(connection, by, fresh=now)
            whose = within(asked, me)
            number = await connection.fetchval(
                SQL.add, username, name, asked.role, unknown, asked.everywhere
            )
            if number is None:
                raise Conflict(f"There is already a user {username}.")
            await connection.execute(SQL.join, number, whose)
            secret = await invite(connection, number, unknown, now)
            await note(
                connection, now, "staff.add", STAFF, number, detail=asked.role, actor=_actor(by)
            )
        return self._invitation(number, username, secret, now, origin)

    async def invite(self, staff: int, by: Member | None, origin: str = "") -> Invitation:
        """Gives them a new link; their password and the link before open nothing from now on.

        Raises:
            NotAllowed, NotFound: As :meth:`one`.
            Conflict: It is oneself, they come in by the provider or were let go, or whoever asks
                signed in too long ago.
        """
        unknown = await self._passwords.hash(new_token())
        async with self._database.transaction(for_all()) as connection:
            now = self._clock()
            _, about = await self._about(connection, staff, by, fresh=now)
            if about.by_provider:
                raise Conflict("They come in by the provider, and have no password here.")
            if about.disabled_at is not None:
                raise Conflict("They were let go. Let them back in first.")
            secret = await invite(connection, staff, unknown, now)
            await note(connection, now, "staff.invite", STAFF, staff, actor=_actor(by))
        return self._invitation(staff, about.username, secret, now, origin)

    async def change(self, staff: int, asked: StaffChange, by: Member | None) -> StaffMember:
        """Gives somebody another name, role or reach, from their next request on.

        Raises:
            Invalid: The name, role or organisations will not do.
            NotAllowed: It is not for this role, or more than they have themselves.
            NotFound: There is nobody of that number within reach.
            Conflict: It is oneself, the provider says what they are, they were changed meanwhile,
                nobody would be left, or whoever asks signed in too long ago.
        """
        name = known_name(asked.name)
        check_role(asked.role)
        async with self._database.transaction(for_all()) as connection:
            now = self._clock()
            me, about = await self._about(connection, staff, by, fresh=now)
            if about.by_provider:
                raise Conflict(
                    "They come in by the provider, whose groups say what they are here at each "
                    "sign-in: change it there."
                )
            if about.version != asked.version:
                raise Conflict("They were changed meanwhile. Look again.", version=about.version)
            whose = within(asked, me)
            await connection.execute(SQL.alter, staff, name, asked.role, asked.everywhere)
            await connection.execute(SQL.leave_all, staff)
            await connection.execute(SQL.join, staff, whose)
            await self._chief_left(connection, about)
            after = await self._found(connection, OPERATOR, staff)
            handles = Permission.HANDLE_ALERTS in ALLOWED[Role(asked.role)]
            given = await self._leaving.give_back(
                connection, staff, after.organisations if handles else []
            )
            said = f"{about.role} to {asked.role}, {reach(about)} to {reach(after)}"
            await self._note(connection, "staff.change", staff, by, given, detail=said)
        return after

    async def disable(self, staff: int, by: Member | None) -> StaffMember:
        """Lets somebody go: from now on nothing lets them in, and what they held is the others'.

        Done twice it does no harm.

        Raises:
            NotAllowed, NotFound: As :meth:`one`.
            Conflict: It is oneself, or nobody would be left who could let others in.
        """
        async with self._database.transaction(for_all()) as connection:
            _, about = await self._about(connection, staff, by)
            if about.disabled_at is not None:
                return about
            now = self._clock()
            await connection.execute(SQL.disable, staff, now)
            await connection.execute(SQL.end_sessions, staff)
            await connection.execute(SQL.revoke_tokens, staff, now)
            await connection.execute(SQL.drop_challenges, staff)
            await self._chief_left(connection, about)
            await connection.execute(SQL.drop_invitation, staff)
            given = await self._leaving.give_back(connection, staff, [])
            after = await self._found(connection, OPERATOR, staff)
            await self._note(connection, "staff.disable", staff, by, given)
        return after

    async def enable(self, staff: int, by: Member | None) -> StaffMember:
        """Lets somebody back in, with the password and the second factor that they had.

        Raises:
            NotAllowed, NotFound: As :meth:`one`.
            Conflict: It is oneself, or whoever asks signed in too long ago.
        """
        async with self._database.transaction(for_all()) as connection:
            _, about = await self._about(connection, staff, by, fresh=self._clock())
            if about.disabled_at is None:
                return about
            await connection.execute(SQL.enable, staff)
            after = await self._found(connection, OPERATOR, staff)
            await self._note(connection, "staff.enable", staff, by, [])
        return after

    async def reset_second_factor(self, staff: int, by: Member | None) -> None:
        """Takes app, recovery codes and passkeys off, and ends what they are signed in with.

        Raises:
            NotAllowed, NotFound: As :meth:`one`.
            Conflict: It is oneself, they have none, or whoever asks signed in too long ago.
        """
        async with self._database.transaction(for_all()) as connection:
            await self._about(connection, staff, by, fresh=self._clock())
            if not await drop_all(connection, staff):
                raise Conflict("They have no second factor.")
            await connection.execute(SQL.show_anew, staff)
            await connection.execute(SQL.drop_challenges, staff)
            await connection.execute(SQL.end_sessions, staff)
            await self._note(connection, "second_factor.reset", staff, by, [])

    async def _about(
        self, connection: Connection, staff: int, by: Member | None, fresh: datetime | None = None
    ) -> tuple[Grasp, StaffMember]:
        """Whom it is about, with every row locked that must not change meanwhile."""
        if by is not None:
            by.demand(Permission.MANAGE_STAFF)
        await self._leaving.hold(connection, staff)
        await connection.fetch(SQL.lock_staff, [staff, by.id] if by else [staff])
        await connection.fetch(SQL.lock_one, staff)
        me = await self._me(connection, by, fresh)
        about = await self._found(connection, me, staff)
        if by is not None and by.id == staff:
            raise Conflict("That is yourself: ask another administrator.")
        return me, about

    @staticmethod
    async def _me(
        connection: Connection, by: Member | None, fresh: datetime | None = None
    ) -> Grasp:
        """How far whoever acts reaches now, for it may just have been changed."""
        if by is None:
            return OPERATOR
        by.demand(Permission.MANAGE_STAFF)
        row = await connection.fetchrow(SQL.shown, by.id, *OPERATOR.columns, 1)
        if row is None or row["disabled_at"] is not None:
            raise NotSignedIn("Sign in again.")
        if Permission.MANAGE_STAFF not in allowed(row["role"]):
            raise NotAllowed(only(Permission.MANAGE_STAFF))
        if fresh is not None:
            await check_fresh(connection, by, fresh)
        return Grasp(frozenset(row["organisations"]), everywhere=row["everywhere"])

    @staticmethod
    async def _found(connection: Connection, me: Grasp, staff: int) -> StaffMember:
        row = await connection.fetchrow(SQL.shown, staff, *me.columns, 1)
        if row is None:
            raise NotFound(f"There is no member of staff {staff}.")
        return StaffMember(**row)

    @staticmethod
    async def _chief_left(connection: Connection, about: StaffMember) -> None:
        """Looks, after a change, if anybody can still let others in where `about` could before."""
        chief = about.role == Role.ADMINISTRATOR and about.everywhere
        could = chief and about.disabled_at is None and about.invited_until is None
        if could and not await connection.fetchval(SQL.chiefs):
            raise Conflict(
                "They are the last administrator who looks after every organisation. "
                "Make another one first."
            )

    async def _note(
        self,
        connection: Connection,
        action: str,
        staff: int,
        by: Member | None,
        given: Sequence[tuple[int, str]],
        *,
        detail: str = "",
    ) -> None:
        now, actor = self._clock(), _actor(by)
        await note(connection, now, action, STAFF, staff, detail=detail, actor=actor)
        for alert, step in given:
            await note(connection, now, step, ALERT, alert, actor=actor)

    def _invitation(
        self, staff: int, username: str, secret: str, now: datetime, origin: str
    ) -> Invitation:
        link = f"{self._public_url or origin}{PAGE}#{secret}"
        return Invitation(staff=staff, username=username, link=link, expires_at=now + GOOD_FOR)


def _actor(by: Member | None) -> str:
    return by.actor if by else ""
