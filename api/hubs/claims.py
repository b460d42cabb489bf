"""How a hub joins: staff add it and get a one-time code; the hub claims the place with its key."""

import asyncio
import re
import secrets
from base64 import urlsafe_b64decode
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec

from api.audit.note import HUB, note
from api.clock import Clock
from api.hubs.codes import code_hash, new_code, plain_of, read_code
from api.hubs.sql import SQL
from api.identity.throttle import CLAIM_ADDRESS, Throttle
from api.refusals import Conflict, Invalid, NotFound
from api.store.database import Connection, Database
from api.store.reach import CENTRE, for_all
from api.store.zones import check_zone

CODE_LIFETIME = timedelta(days=7)
KEY_BYTES = 32

_HOME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}")
_MAX_LABEL = 80


class ClaimRequest(msgspec.Struct, frozen=True, kw_only=True):
    """What a hub posts to `/v1/claims`.

    Attributes:
        code: As printed by `telecare-api add-hub`.
        public_key: The hub's raw Ed25519 public key, 32 bytes in base64url without padding.
    """

    code: str
    public_key: str


class Claimed(msgspec.Struct, frozen=True, kw_only=True):
    """The place a hub has taken."""

    hub: str
    home: str


@dataclass(frozen=True)
class Invitation:
    """A place for a hub. The code is shown once; the centre keeps only its hash."""

    hub: str
    home: str
    code: str
    expires_at: datetime


class Claims:
    """Adds hubs and lets devices claim them.

    Args:
        database: Where they are.
        clock: The centre's.
        throttle: Against guessing.
        claimed: Told of each home in which a hub was claimed, in the same transaction.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        throttle: Throttle,
        claimed: Callable[[Connection, str], Awaitable[object]] | None = None,
    ) -> None:
        self._database = database
        self._clock = clock
        self._throttle = throttle
        self._claimed = claimed

    async def add_hub(
        self,
        home: str,
        *,
        organisation: int,
        label: str = "",
        time_zone: str = "Europe/London",
        lifetime: timedelta = CODE_LIFETIME,
    ) -> Invitation:
        """Adds a hub to a home, and the home where it is new.

        Args:
            home: Pseudonymous identifier. It goes to the hub; a person's name must not be in it.
            organisation: Whose home it is.
            label: What staff call the home, such as "Flat 12"; replaces an earlier one if given.
            time_zone: IANA name; counts for a home that is new.
            lifetime: How long the code can be used.

        Raises:
            Invalid: The identifier, label or time zone will not do; says what is allowed.
            Conflict: The home is another organisation's.
        """
        check_home(home, label)
        code = new_code(secrets.choice)
        plain = plain_of(code)
        hub = f"hub-{secrets.token_hex(5)}"
        expires_at = self._clock() + lifetime
        hashed = await asyncio.to_thread(code_hash, plain)
        async with self._database.transaction(CENTRE) as connection:
            await check_zone(connection, time_zone)
            about = (home, label.strip(), time_zone, organisation)
            if await connection.fetchval(SQL.add_home, *about) is None:
                raise Conflict(f"Home {home} is another organisation's.")
            await connection.execute(SQL.add_hub, hub, home, hashed, expires_at, None)
            await note(connection, self._clock(), "hub.add", HUB, hub)
        return Invitation(hub, home, code, expires_at)

    async def claim(self, request: ClaimRequest, address: str) -> tuple[Claimed, bool]:
        """Takes the place a code stands for; also whether it is newly taken.

        The same code with the same key may be claimed again: the first answer may have been lost.

        Raises:
            Invalid: The key is not a key.
            NotFound: The code is mistyped, unknown or expired.
            Conflict: Another key has taken the place.
            TooMany: Too many wrong codes from this address.
        """
        key = read_key(request.public_key)
        await self._throttle.attempt(CLAIM_ADDRESS, address)
        plain = read_code(request.code)
        if plain is None:
            raise NotFound("That is not a claim code; compare it with the one that was given.")
        hashed = await asyncio.to_thread(code_hash, plain)
        claimed = await self._take(hashed, key)
        await self._throttle.forgive(CLAIM_ADDRESS, address)
        return claimed

    async def _take(self, hashed: bytes, key: bytes) -> tuple[Claimed, bool]:
        now = self._clock()
        async with self._database.transaction(for_all()) as connection:
            row = await connection.fetchrow(SQL.lock_claim, hashed)
            if row is None:
                raise NotFound("That claim code is unknown. Ask the centre for a new one.")
            place = Claimed(hub=row["hub"], home=row["home"])
            if row["public_key"] == key:
                return place, False
            if row["public_key"] is not None:
                raise Conflict("That claim code has been used by another hub.")
            if row["claim_expires_at"] <= now:
                raise NotFound("That claim code has expired. Ask the centre for a new one.")
            await connection.execute(SQL.claim, place.hub, key, now)
            if self._claimed is not None:
                await self._claimed(connection, place.home)
            await note(connection, now, "hub.claim", HUB, place.hub, actor=f"hub:{place.hub}")
        return place, True


def read_key(text: str) -> bytes:
    """A raw Ed25519 public key from base64url without padding.

    Raises:
        Invalid: It is none.
    """
    try:
        key = urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
    except ValueError:  # binascii.Error and UnicodeEncodeError are of this kind
        key = b""
    if len(key) != KEY_BYTES:
        raise Invalid("public_key must be 32 bytes of Ed25519 in base64url without padding.")
    return key


def check_home(home: str, label: str) -> None:
    """Goes on where a home may be called so.

    Raises:
        Invalid: Says what is allowed.
    """
    if not _HOME.fullmatch(home):
        raise Invalid(
            f"A home's identifier has from 1 to 128 letters, digits, dots, dashes and underscores "
            f"and starts with a letter or digit; {home!r} does not."
        )
    if len(label.strip()) > _MAX_LABEL or not label.isprintable():
        raise Invalid(f"A label holds at most {_MAX_LABEL} printable characters.")
