"""Passkeys of staff (WebAuthn): made on their own device, and good as both factors at once.

The device shows that somebody is there and that it is them (user verification is asked for), and
signs a challenge for this centre's name alone, so that no other page can have it.
"""

import hashlib
from base64 import urlsafe_b64decode
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import msgspec
import webauthn
from webauthn.helpers import options_to_json_dict
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    CredentialDeviceType,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from api.audit.note import STAFF, note
from api.clock import Clock
from api.identity.fresh import check_fresh
from api.identity.people import Member
from api.identity.service import PASSKEY, SignedIn, Staff, member_of
from api.identity.sql import SQL
from api.identity.throttle import UNGUESSABLE_ADDRESS, Throttle
from api.refusals import Conflict, Invalid, NotFound, NotSignedIn
from api.store.database import Database
from api.store.reach import CENTRE, for_all

MOST = 20
"""Passkeys that one member of staff may have."""
MAX_NAME = 80
GOOD_FOR = timedelta(minutes=5)
"""A challenge; people look for their key, or unlock their phone."""
_WRONG = (WebAuthnException, ValueError, TypeError, KeyError, AttributeError, IndexError)
"""What the library raises of nonsense; not all of it is its own."""


class Passkey(msgspec.Struct, frozen=True, kw_only=True):
    """A passkey.

    Attributes:
        name: As its owner calls it.
        synced: Whether its device keeps it on others, too.
    """

    id: int
    name: str
    synced: bool
    added_at: datetime
    last_used_at: datetime | None = None


class NewPasskey(msgspec.Struct, frozen=True, kw_only=True):
    """What a browser made of the options: `PublicKeyCredential.toJSON()`, and a name for it."""

    name: str
    credential: dict[str, Any]


class PasskeyName(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody calls a passkey of theirs."""

    name: str


class PasskeySignIn(msgspec.Struct, frozen=True, kw_only=True):
    """What a browser made of the options: `PublicKeyCredential.toJSON()`."""

    credential: dict[str, Any]


class PasskeyOptions(msgspec.Struct, frozen=True, kw_only=True):
    """For `navigator.credentials`; its binary parts are base64url."""

    public_key: dict[str, Any]


class Passkeys:
    """The passkeys of staff.

    Args:
        public_url: By which address browsers reach the centre; empty for the one they use.
    """

    def __init__(
        self, database: Database, clock: Clock, throttle: Throttle, staff: Staff, public_url: str
    ) -> None:
        self._database = database
        self._clock = clock
        self._throttle = throttle
        self._staff = staff
        self._public_url = public_url.rstrip("/")

    async def all(self, by: Member) -> list[Passkey]:
        """One's own, the newest first."""
        async with self._database.transaction(CENTRE) as connection:
            return [Passkey(**row) for row in await connection.fetch(SQL.passkeys, by.id)]

    async def begin(self, by: Member, origin: str) -> PasskeyOptions:
        """What a browser needs to make one.

        Raises:
            Conflict: They signed in too long ago, have as many as one may, or come in by the
                provider alone.
        """
        async with self._database.transaction(CENTRE) as connection:
            await check_fresh(connection, by, self._clock())
            own = await connection.fetchrow(SQL.own, by.id)
            if own is not None and own["by_provider"]:
                raise Conflict(
                    "You come in by the provider, and a passkey would open nothing here."
                )
            known = await connection.fetch(SQL.credentials, by.id)
            if len(known) >= MOST:
                raise Conflict(f"You have {MOST} passkeys. Remove one first.")
            made = webauthn.generate_registration_options(
                rp_id=_host(self._origin(origin)),
                rp_name="telecare",
                user_id=_handle(by.id),
                user_name=by.username,
                user_display_name=by.name,
                exclude_credentials=[
                    PublicKeyCredentialDescriptor(id=row["credential"]) for row in known
                ],
                authenticator_selection=AuthenticatorSelectionCriteria(
                    resident_key=ResidentKeyRequirement.REQUIRED,
                    user_verification=UserVerificationRequirement.REQUIRED,
                ),
            )
            until = self._clock() + GOOD_FOR
            await connection.execute(SQL.add_challenge, made.challenge, by.id, until)
        return PasskeyOptions(public_key=options_to_json_dict(made))

    async def add(self, asked: NewPasskey, by: Member, origin: str) -> Passkey:
        """Takes one in; from then on the password alone signs them in no more.

        Raises:
            Invalid: The name will not do, or it was not made as it was asked for.
            Conflict: They signed in too long ago, or it is known already.
        """
        name = _name(asked.name)
        origin = self._origin(origin)
        challenge = _challenge(asked.credential)
        now = self._clock()
        async with self._database.transaction(for_all()) as connection:
            await check_fresh(connection, by, now)
            if await connection.fetchval(SQL.spend_challenge, challenge, by.id, now) is None:
                raise Invalid("That took too long, or was done before. Try again.")
            try:
                made = webauthn.verify_registration_response(
                    credential=asked.credential,
                    expected_challenge=challenge,
                    expected_rp_id=_host(origin),
                    expected_origin=origin,
                    require_user_verification=True,
                )
            except _WRONG as error:
                raise Invalid(f"That passkey cannot be taken: {error}.") from error
            synced = made.credential_device_type is CredentialDeviceType.MULTI_DEVICE
            row = await connection.fetchrow(
                SQL.add_passkey, by.id, made.credential_id, made.credential_public_key,
                made.sign_count, name, synced, now,
            )  # fmt: skip
            if row is None:
                raise Conflict("That passkey is known already.")
            number = row["id"]
            await note(
                connection, now, "passkey.add", STAFF, by.id, detail=f"{number}", actor=by.actor
            )
        return Passkey(**row)

    async def rename(self, passkey: int, name: str, by: Member) -> None:
        """Gives one of one's own another name.

        Raises:
            Invalid: The name will not do.
            NotFound: They have no such.
        """
        plain = _name(name)
        async with self._database.transaction(for_all()) as connection:
            if await connection.fetchval(SQL.rename_passkey, passkey, by.id, plain) is None:
                raise NotFound(f"You have no passkey {passkey}.")
            said, now = f"{passkey}", self._clock()
            await note(connection, now, "passkey.name", STAFF, by.id, detail=said, actor=by.actor)

    async def remove(self, passkey: int, by: Member) -> None:
        """Removes one of one's own.

        Raises:
            NotFound: They have no such.
            Conflict: They signed in too long ago.
        """
        async with self._database.transaction(for_all()) as connection:
            await check_fresh(connection, by, self._clock())
            if await connection.fetchval(SQL.remove_passkey, passkey, by.id) is None:
                raise NotFound(f"You have no passkey {passkey}.")
            said, now = f"{passkey}", self._clock()
            await note(connection, now, "passkey.remove", STAFF, by.id, detail=said, actor=by.actor)

    async def begin_sign_in(self, origin: str, address: str) -> PasskeyOptions:
        """What a browser needs to show one; whose, the device tells.

        Raises:
            TooMany: Too many tries from this address.
        """
        await self._throttle.attempt(UNGUESSABLE_ADDRESS, address)
        made = webauthn.generate_authentication_options(
            rp_id=_host(self._origin(origin)),
            user_verification=UserVerificationRequirement.REQUIRED,
        )
        async with self._database.transaction(CENTRE) as connection:
            until = self._clock() + GOOD_FOR
            await connection.execute(SQL.add_challenge, made.challenge, None, until)
        return PasskeyOptions(public_key=options_to_json_dict(made))

    async def sign_in(
        self, asked: PasskeySignIn, origin: str, address: str, old_token: str | None = None
    ) -> SignedIn:
        """Opens a session for whoever has the passkey.

        Raises:
            NotSignedIn: It is nobody's here, or not shown as it was asked for.
            TooMany: Too many tries from this address.
        """
        await self._throttle.attempt(UNGUESSABLE_ADDRESS, address)
        try:
            member = await self._verified(asked.credential, self._origin(origin))
        except Invalid as error:
            async with self._database.transaction(for_all()) as connection:
                now, said = self._clock(), PASSKEY
                await note(connection, now, "session.refused", STAFF, detail=said, actor="nobody")
            raise NotSignedIn(f"{error}") from error
        return await self._staff.open(member, old_token, by=PASSKEY, strong=True)

    async def _verified(self, credential: dict[str, Any], origin: str) -> Member:
        challenge, now = _challenge(credential), self._clock()
        async with self._database.transaction(CENTRE) as connection:
            # Spent whatever comes of it: it is good for one try.
            fresh = await connection.fetchval(SQL.spend_challenge, challenge, None, now)
        if fresh is None:
            raise Invalid("That took too long, or was done before. Try again.")
        async with self._database.transaction(CENTRE) as connection:
            row = await connection.fetchrow(SQL.lock_passkey, _decoded(credential.get("rawId")))
            if row is None:
                raise Invalid("That passkey is nobody's here.")
            try:
                shown = webauthn.verify_authentication_response(
                    credential=credential,
                    expected_challenge=challenge,
                    expected_rp_id=_host(origin),
                    expected_origin=origin,
                    credential_public_key=row["public_key"],
                    credential_current_sign_count=row["sign_count"],
                    require_user_verification=True,
                )
            except _WRONG as error:
                raise Invalid("That passkey was not shown as it was asked for.") from error
            await connection.execute(SQL.use_passkey, row["id"], shown.new_sign_count, now)
            return member_of(await connection.fetchrow(SQL.member, row["staff"]))

    def _origin(self, asked: str) -> str:
        return self._public_url or asked


def _host(origin: str) -> str:
    return urlsplit(origin).hostname or ""


def _handle(staff: int) -> bytes:
    """What a device keeps of whose it is: no name, and nothing that tells one."""
    return hashlib.sha256(f"telecare staff {staff}".encode()).digest()


def _name(text: str) -> str:
    name = text.strip()
    if not (0 < len(name) <= MAX_NAME and name.isprintable()):
        raise Invalid(f"A passkey's name has 1 to {MAX_NAME} printable characters.")
    return name


def _challenge(credential: dict[str, Any]) -> bytes:
    """The challenge that a browser says it had signed; whether it was, is seen later."""
    response = credential.get("response")
    said = response.get("clientDataJSON") if isinstance(response, dict) else None
    try:
        data = msgspec.json.decode(_decoded(said))
    except (msgspec.DecodeError, RecursionError) as error:
        raise Invalid("That is not what a browser makes of a passkey.") from error
    return _decoded(data.get("challenge") if isinstance(data, dict) else None)


def _decoded(text: Any) -> bytes:
    if not isinstance(text, str):
        raise Invalid("That is not what a browser makes of a passkey.")
    try:
        return urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
    except ValueError as error:
        raise Invalid("That is not what a browser makes of a passkey.") from error
