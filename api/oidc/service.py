"""Signs staff in by the provider's word, and keeps who they are here as the provider says."""

import logging
import secrets
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

import httpx
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
from joserfc.jwk import KeySet

from api.audit.note import ALERT, STAFF, note
from api.clock import Clock
from api.identity.administration import Leaving
from api.identity.passwords import Passwords
from api.identity.people import Member
from api.identity.permissions import Permission, allowed
from api.identity.service import OIDC, SignedIn, Staff, member_of
from api.identity.sql import SQL
from api.identity.throttle import UNGUESSABLE_ADDRESS, Throttle
from api.identity.tokens import same
from api.oidc.attempt import Attempt
from api.oidc.believing import UnknownKey, believe, believe_logout
from api.oidc.mapping import Person, person
from api.oidc.refusing import NotLetIn, Why
from api.oidc.settings import Provider
from api.oidc.wire import Wire
from api.organisations.service import Organisations
from api.refusals import Conflict, NotFound
from api.store.database import Connection, Database
from api.store.reach import for_all

T = TypeVar("T")

log = logging.getLogger(__name__)

_SCOPE = "openid profile email"


class Federation:
    """Signing in by a provider.

    Args:
        required: Roles that need a second factor, for which the provider must then have asked.
    """

    def __init__(  # noqa: PLR0917 - what the world is made of
        self,
        database: Database,
        clock: Clock,
        throttle: Throttle,
        passwords: Passwords,
        staff: Staff,
        organisations: Organisations,
        leaving: Leaving,
        provider: Provider,
        wire: Wire,
        required: Sequence[str] = (),
    ) -> None:
        self._database = database
        self._clock = clock
        self._throttle = throttle
        self._passwords = passwords
        self._staff = staff
        self._organisations = organisations
        self._leaving = leaving
        self.provider = provider
        self._wire = wire
        self._required = frozenset(required)

    async def address(self, attempt: Attempt) -> str:
        """Where the browser goes to sign in.

        Raises:
            NotLetIn: The provider does not answer.
        """
        metadata = await self._wire.metadata()
        found: str = prepare_grant_uri(
            metadata["authorization_endpoint"],
            self.provider.client,
            "code",
            redirect_uri=self.provider.redirect_uri,
            scope=_SCOPE,
            state=attempt.state,
            nonce=attempt.nonce,
            code_challenge=attempt.challenge,
            code_challenge_method="S256",
        )
        return found

    async def end_address(self) -> str | None:
        """Where one signs out of the provider as well (RP-Initiated Logout 1.0); None for nowhere.

        Raises:
            NotLetIn: The provider does not answer.
        """
        end = (await self._wire.metadata()).get("end_session_endpoint")
        if not isinstance(end, str):
            return None
        back = f"{self.provider.here}/sign-in"
        fields = {"client_id": self.provider.client, "post_logout_redirect_uri": back}
        return str(httpx.URL(end).copy_merge_params(fields))

    async def link(self, username: str, subject: str) -> None:
        """Has somebody who is here already come in by the provider from now on, and by that alone.

        What they had open ends: the provider has not let them in there.

        Raises:
            NotFound: Nobody here has that name.
            Conflict: The provider's name for them is somebody's already.
        """
        hashed = await self._passwords.hash(secrets.token_urlsafe(32))
        async with self._database.transaction(for_all()) as connection:
            row = await connection.fetchrow(SQL.by_username, username.strip().lower())
            if row is None:
                raise NotFound(f"There is no user {username}.")
            number, now, issuer = row["id"], self._clock(), self.provider.issuer
            if await connection.fetchval(SQL.by_identity, issuer, subject) is not None:
                raise Conflict(f"{subject} is somebody's already.")
            await connection.execute(SQL.add_identity, issuer, subject, number, now)
            await connection.execute(SQL.set_unknown_password, number, hashed)
            await connection.execute(SQL.drop_invitation, number)
            ended = await connection.execute(SQL.end_sessions, number)
            said = f"{ended.removeprefix('DELETE ')} sessions ended"
            await note(connection, now, "staff.link", STAFF, number, detail=said)

    async def finish(
        self,
        answer: Mapping[str, str],
        attempt: Attempt | None,
        address: str,
        old_token: str | None = None,
    ) -> SignedIn:
        """Opens a session for whoever the provider's answer is about.

        Args:
            answer: What came back in the address.
            attempt: The one of this browser; None where it has none.
            address: Where it came from.
            old_token: Of the session that ends with this, if any.

        Raises:
            NotLetIn: They are not let in; it is noted why.
            TooMany: Too many wrong tries from this address.
        """
        await self._throttle.attempt(UNGUESSABLE_ADDRESS, address)
        try:
            who = await self._person(await self._claims(answer, attempt))
            self._strong_enough(who)
            member = await self._known(who)
        except NotLetIn as error:
            log.warning("somebody was not let in by the provider's word: %s", error)
            await self._refused(error.why)
            raise
        return await self._staff.open(member, old_token, by=OIDC, strong=who.strong)

    async def _person(self, claims: Mapping[str, Any]) -> Person:
        """Who it is; somebody who is nothing here any more has what they left open here ended."""
        try:
            return person(claims, self.provider)
        except NotLetIn as error:
            if error.why in {Why.NO_ROLE, Why.NO_ORGANISATION}:
                await self._shut_out(claims["sub"])
            raise

    async def _shut_out(self, subject: str) -> None:
        async with self._database.transaction(for_all()) as connection:
            number = await connection.fetchval(SQL.by_identity, self.provider.issuer, subject)
            if number is None:
                return
            now = self._clock()
            await self._hold(connection, number)
            await connection.execute(SQL.show_anew, number)
            await connection.execute(SQL.end_sessions, number)
            await connection.execute(SQL.revoke_tokens, number, now)
            given = await self._leaving.give_back(connection, number, [])
            await note(connection, now, "staff.shut_out", STAFF, number)
            await _note_steps(connection, now, given, f"staff:{number}")

    def _strong_enough(self, who: Person) -> None:
        if who.role in self._required and not who.strong:
            raise NotLetIn(Why.WEAK, f"the provider asked {who.role} for no second factor")

    async def _claims(self, answer: Mapping[str, str], attempt: Attempt | None) -> dict[str, Any]:
        if attempt is None or not same(answer.get("state", ""), attempt.state):
            raise NotLetIn(Why.EXPIRED, "the answer is not to a question of this browser")
        if answer.get("iss", self.provider.issuer) != self.provider.issuer:  # RFC 9207
            raise NotLetIn(Why.NONSENSE, "the answer is another provider's")
        if "error" in answer:
            why = Why.DENIED if answer["error"] == "access_denied" else Why.NONSENSE
            raise NotLetIn(why, f"the provider says {answer['error'][:80]!r}")
        if not answer.get("code"):
            raise NotLetIn(Why.NONSENSE, "the answer has no code")
        tokens = await self._wire.redeem(answer["code"], attempt.verifier)
        access = str(tokens.get("access_token") or "")
        claims = dict(await self._believed(tokens.get("id_token"), attempt.nonce, access))
        asked = (self.provider.username_claim, self.provider.groups_claim)
        if access and not all(name in claims for name in asked):
            more = await self._wire.userinfo(access)
            if more and more.get("sub") != claims["sub"]:
                raise NotLetIn(Why.NONSENSE, "userinfo is of somebody else")
            claims = {**more, **claims}
        return claims

    async def _believed(self, token: Any, nonce: str, access: str) -> Mapping[str, Any]:
        whose = {"issuer": self.provider.issuer, "client": self.provider.client}
        return await self._with_keys(
            lambda keys: believe(
                token, keys, **whose, nonce=nonce, access_token=access, now=self._clock()
            )
        )

    async def _with_keys(self, judge: Callable[[KeySet], T]) -> T:
        """Judges by the keys that are known, and where they are not enough by those of now."""
        try:
            return judge(await self._wire.keys())
        except UnknownKey:
            return judge(await self._wire.keys(anew=True))

    async def _known(self, who: Person) -> Member:
        """Whoever it is, as the provider has them now; added where they are new."""
        whose = await self._whose(who)
        hashed = await self._passwords.hash(secrets.token_urlsafe(32))  # that nobody knows
        async with self._database.transaction(for_all()) as connection:
            number = await connection.fetchval(SQL.by_identity, self.provider.issuer, who.subject)
            if number is None:
                number = await self._add(connection, who, hashed, whose)
            await self._hold(connection, number)
            was = member_of(await connection.fetchrow(SQL.member, number))
            row = await connection.fetchrow(
                SQL.as_provider_says, number, who.name, who.role, whose is None
            )
            if row is None:
                raise NotLetIn(Why.DISABLED, f"staff:{number} is disabled")
            await connection.execute(SQL.leave_all, number)
            await connection.execute(SQL.join, number, whose or [])
            return await self._changed(connection, was)

    async def _hold(self, connection: Connection, number: int) -> None:
        """Locks what they hold and then who they are, as whoever changes staff here does."""
        await self._leaving.hold(connection, number)
        await connection.fetch(SQL.lock_one, number)

    async def _changed(self, connection: Connection, was: Member) -> Member:
        """Whoever it is now; of what they had open nothing goes on with more than they have left.

        What is shown to them on any page that is open is asked for anew.
        """
        number, now = was.id, self._clock()
        member = member_of(await connection.fetchrow(SQL.member, number))
        if (was.role, set(was.organisations)) == (member.role, set(member.organisations)):
            return member
        await connection.execute(SQL.show_anew, number)
        if not (
            allowed(was.role) <= allowed(member.role)
            and set(was.organisations) <= set(member.organisations)
        ):
            await connection.execute(SQL.end_sessions, number)
        handles = Permission.HANDLE_ALERTS in allowed(member.role)
        kept = member.organisations if handles else ()
        given = await self._leaving.give_back(connection, number, kept)
        await note(
            connection, now, "staff.role", STAFF, number, detail=_said(was, member),
            actor=member.actor,
        )  # fmt: skip
        await _note_steps(connection, now, given, member.actor)
        return member_of(await connection.fetchrow(SQL.member, number))

    async def _add(
        self, connection: Connection, who: Person, hashed: str, whose: list[int] | None
    ) -> int:
        everywhere = whose is None
        number: int | None = await connection.fetchval(
            SQL.add, who.username, who.name, who.role, hashed, everywhere
        )
        if number is None:
            raise NotLetIn(Why.TAKEN, f"the username {who.username} is somebody else's")
        at = self._clock()
        await connection.execute(SQL.add_identity, self.provider.issuer, who.subject, number, at)
        await connection.execute(SQL.join, number, whose or [])
        return number

    async def _whose(self, who: Person) -> list[int] | None:
        if who.organisations is None:
            return None
        try:
            found = await self._organisations.named(who.organisations)
        except NotFound as error:
            raise NotLetIn(Why.NO_ORGANISATION, f"{error}") from error
        return [one.organisation for one in found]

    async def signed_out(self, token: str) -> None:
        """Ends what somebody opened here by the provider, who says that they signed out there.

        Raises:
            NotLetIn: The token is not to be believed.
        """
        whose = {"issuer": self.provider.issuer, "client": self.provider.client}
        subject = await self._with_keys(
            lambda keys: believe_logout(token, keys, **whose, now=self._clock())
        )
        async with self._database.transaction(for_all()) as connection:
            number = await connection.fetchval(SQL.by_identity, self.provider.issuer, subject)
            if number is not None:
                await connection.execute(SQL.end_sessions_by, number, OIDC)
                now, actor = self._clock(), f"staff:{number}"
                await note(connection, now, "session.end", STAFF, number, detail=OIDC, actor=actor)

    async def _refused(self, why: Why) -> None:
        async with self._database.transaction(for_all()) as connection:
            now = self._clock()
            said = f"oidc {why}"
            await note(connection, now, "session.refused", STAFF, detail=said, actor="nobody")


def _said(was: Member, now: Member) -> str:
    """What changed of somebody, in numbers and no names."""
    role = f"{was.role} to {now.role}" if was.role != now.role else ""
    before, after = (" ".join(map(str, sorted(one.organisations))) for one in (was, now))
    whose = f"organisations {before} to {after}" if before != after else ""
    return ", ".join(filter(None, (role, whose)))


async def _note_steps(
    connection: Connection, now: datetime, given: Sequence[tuple[int, str]], actor: str
) -> None:
    for alert, step in given:
        await note(connection, now, step, ALERT, alert, actor=actor)
