"""A hub changes its key: the old one vouches for the new one, and from then on opens nothing."""

from base64 import urlsafe_b64decode

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from api.audit.note import HUB, note
from api.clock import Clock
from api.hubs.claims import read_key
from api.hubs.sql import SQL
from api.refusals import Forbidden, Invalid, NotFound
from api.store.database import Database
from api.store.reach import for_all
from contract.keys import key_statement


class KeyRequest(msgspec.Struct, frozen=True, kw_only=True):
    """A new key that a hub wants to be known by.

    Attributes:
        public_key: The new raw Ed25519 public key, 32 bytes in base64url without padding.
        by_old: The present key's signature of :func:`contract.keys.key_statement`, in base64url.
        by_new: The new key's signature of the same.
    """

    public_key: str
    by_old: str
    by_new: str


class Keyed(msgspec.Struct, frozen=True, kw_only=True):
    """The key that a hub is known by from now on."""

    hub: str
    public_key: str


class Keys:
    """The hubs' keys, as they change."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def rotate(self, hub: str, asked: KeyRequest) -> Keyed:
        """Takes a hub's new key in place of the old; the hub has proved to be `hub`.

        The same key again is no change: the first answer may have been lost.

        Raises:
            Invalid: The key is none, or a signature cannot be read.
            Forbidden: A signature is of another key, or says something else.
        """
        key, said = read_key(asked.public_key), key_statement(hub, asked.public_key)
        _check(key, asked.by_new, said, "by_new")
        now = self._clock()
        async with self._database.transaction(for_all()) as connection:
            row = await connection.fetchrow(SQL.lock_hub, hub)
            if row is None or row["public_key"] is None or row["revoked_at"] is not None:
                raise NotFound(f"There is no hub {hub} at work.")
            if row["public_key"] != key:
                _check(row["public_key"], asked.by_old, said, "by_old")
                await connection.execute(SQL.rotate, hub, key, now)
                await note(connection, now, "hub.key", HUB, hub, actor=f"hub:{hub}")
        return Keyed(hub=hub, public_key=asked.public_key)


def _check(key: bytes, signature: str, said: bytes, name: str) -> None:
    try:
        raw = urlsafe_b64decode(signature.encode("ascii") + b"=" * (-len(signature) % 4))
    except ValueError as error:
        raise Invalid(f"{name} must be a signature in base64url without padding.") from error
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(raw, said)
    except (InvalidSignature, ValueError) as error:
        raise Forbidden(f"{name} is not this key's signature of the change.") from error
