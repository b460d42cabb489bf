"""The second factor of staff: set up, asked for at signing in, replaced by a recovery code once."""

import hashlib
import re
import secrets
from base64 import b32encode
from datetime import datetime
from typing import Any

import msgspec

from api.audit.note import STAFF, note
from api.clock import Clock
from api.identity import totp
from api.identity.people import Member
from api.identity.sql import SQL
from api.identity.throttle import CODE, Throttle
from api.refusals import Conflict, Invalid, NotFound, NotSignedIn
from api.store.database import Connection, Database
from api.store.reach import CENTRE, for_all
from api.store.sealed import Seal, Unsealable

RECOVERY_CODES = 10
_RECOVERY_BYTES = 10  # 16 letters of base32, 80 bits: nobody guesses them from their hash


class CodeNeeded(NotSignedIn):
    """The password was right; the code of the second factor is needed, or was wrong."""


class Begun(msgspec.Struct, frozen=True, kw_only=True):
    """A second factor that waits for its first code; `secret` is for typing, `uri` for a link."""

    secret: str
    uri: str


class Recovery(msgspec.Struct, frozen=True, kw_only=True):
    """Codes for the day on which the app is lost, each good once. They are shown this once."""

    codes: list[str]


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """How somebody's second factor stands: `off`, `begun` or `on`, and the recovery codes left."""

    state: str
    recovery_codes: int = 0


class SecondFactors:
    """The second factors of staff."""

    def __init__(
        self, database: Database, clock: Clock, throttle: Throttle, seal: Seal | None
    ) -> None:
        self._database = database
        self._clock = clock
        self._throttle = throttle
        self._seal = seal

    async def standing(self, by: Member) -> Standing:
        """How one's own stands."""
        async with self._database.transaction(CENTRE) as connection:
            row = await connection.fetchrow(SQL.factor, by.id)
            left = await connection.fetchval(SQL.recovery_left, by.id)
        if row is None:
            return Standing(state="off")
        return Standing(state="on" if row["confirmed_at"] else "begun", recovery_codes=left)

    async def begin(self, by: Member) -> Begun:
        """Makes a secret, which counts once a code of it was given; one begun before is dropped.

        Raises:
            Conflict: There is one already, or the centre has no key to keep it with.
        """
        if self._seal is None:
            raise Conflict("This centre has no key for it: its operator must set secret_key_file.")
        secret = secrets.token_bytes(totp.SECRET_BYTES)
        sealed = self._seal.close(secret, place_of_factor(by.id))
        async with self._database.transaction(for_all()) as connection:
            begun = await connection.fetchval(SQL.begin_factor, by.id, sealed, self._clock())
            if begun is None:
                raise Conflict("There is a second factor already. Remove it first.")
            await self._note(connection, "second_factor.begin", by.id, by.actor)
        return Begun(secret=totp.written(secret), uri=totp.address(secret, by.username))

    async def confirm(self, by: Member, code: str) -> Recovery:
        """Puts the second factor in force, once its first code shows that the app has it.

        Raises:
            Invalid: The code is wrong.
            NotFound: None was begun.
            TooMany: Too many wrong codes.
        """
        await self._throttle.attempt(CODE, f"{by.id}")
        codes = [_new_recovery() for _ in range(RECOVERY_CODES)]
        async with self._database.transaction(for_all()) as connection:
            row = await connection.fetchrow(SQL.lock_factor, by.id)
            if row is None or row["confirmed_at"] is not None:
                raise NotFound("No second factor waits for its first code.")
            if not await self._spend_code(connection, by.id, row, code):
                raise Invalid("That code is not the one that the app shows now.")
            await connection.execute(SQL.confirm_factor, by.id, self._clock())
            await connection.execute(SQL.add_recovery, by.id, [_hash(one) for one in codes])
            await self._note(connection, "second_factor.on", by.id, by.actor)
        await self._throttle.forgive(CODE, f"{by.id}")
        return Recovery(codes=codes)

    async def remove(self, by: Member, code: str) -> None:
        """Takes one's own second factor off; needs a code, so that an open desk does not do.

        Raises:
            Invalid: The code is wrong, or there is none to take off.
            TooMany: Too many wrong codes.
        """
        await self._throttle.attempt(CODE, f"{by.id}")
        async with self._database.transaction(for_all()) as connection:
            if not await self._spend(connection, by.id, code):
                raise Invalid("That code is not the one that the app shows now.")
            await connection.execute(SQL.drop_factor, by.id)
            await self._note(connection, "second_factor.off", by.id, by.actor)
        await self._throttle.forgive(CODE, f"{by.id}")

    async def check(self, staff: int, code: str) -> None:
        """At signing in, with the password right: goes on where no code is needed or it is right.

        Raises:
            CodeNeeded: It is missing or wrong.
            TooMany: Too many wrong codes.
        """
        async with self._database.transaction(CENTRE) as connection:
            row = await connection.fetchrow(SQL.factor, staff)
            passkey = await connection.fetchval(SQL.has_passkey, staff)
        if row is None or row["confirmed_at"] is None:
            if passkey:
                raise CodeNeeded("Sign in with your passkey.", second_factor=True, passkey=True)
            return
        if not code.strip():
            raise CodeNeeded("Give the code of your second factor, too.", second_factor=True)
        await self._throttle.attempt(CODE, f"{staff}")
        async with self._database.transaction(for_all()) as connection:
            right = await self._spend(connection, staff, code)
            if not right:
                await self._note(connection, "second_factor.refused", staff, "nobody")
        if not right:
            raise CodeNeeded("That code is wrong or was used before.", second_factor=True)
        await self._throttle.forgive(CODE, f"{staff}")

    async def prove(self, by: Member, code: str) -> None:
        """Before what cannot be undone: goes on only with a code of one's own second factor.

        Raises:
            Conflict: They have none.
            Invalid: The code is wrong, or was used before.
            TooMany: Too many wrong codes.
        """
        if (await self.standing(by)).state != "on":
            raise Conflict("Set up your second factor first: /second-factor.")
        await self._throttle.attempt(CODE, f"{by.id}")
        async with self._database.transaction(for_all()) as connection:
            right = await self._spend(connection, by.id, code)
        if not right:
            raise Invalid("That code is wrong or was used before.")
        await self._throttle.forgive(CODE, f"{by.id}")

    async def _spend(self, connection: Connection, staff: int, code: str) -> bool:
        """Takes a code of the app or a recovery code, so that neither is taken again."""
        row = await connection.fetchrow(SQL.lock_factor, staff)
        if row is None or row["confirmed_at"] is None:
            return False
        if await self._spend_code(connection, staff, row, code):
            return True
        hashed, now = _hash(code), self._clock()
        used = await connection.fetchval(SQL.use_recovery, staff, hashed, now)
        return used is not None

    async def _spend_code(self, connection: Connection, staff: int, row: Any, code: str) -> bool:
        if self._seal is None:
            raise Unsealable("this replica has no secret key, so it cannot open what is sealed")
        secret = self._seal.open(row["secret"], place_of_factor(staff))
        typed = re.sub(r"\s", "", code)
        step = totp.matching_step(secret, typed, self._clock(), row["last_step"])
        if step is None:
            return False
        await connection.execute(SQL.spend_step, staff, step)
        return True

    async def _note(self, connection: Connection, action: str, staff: int, actor: str) -> None:
        at: datetime = self._clock()
        await note(connection, at, action, STAFF, staff, actor=actor)


async def drop_all(connection: Connection, staff: int) -> bool:
    """Takes app, recovery codes and passkeys off; whether there were any."""
    had: bool = await connection.fetchval(SQL.has_second_factor, staff)
    await connection.execute(SQL.drop_factor, staff)
    await connection.execute(SQL.drop_passkeys, staff)
    return had


def place_of_factor(staff: int) -> str:
    """What the secret of somebody's app is sealed to."""
    return f"second factor of staff {staff}"


def _new_recovery() -> str:
    """Four groups of four letters and digits."""
    text = b32encode(secrets.token_bytes(_RECOVERY_BYTES)).decode().lower()
    return "-".join(text[start : start + 4] for start in range(0, len(text), 4))


def _hash(code: str) -> bytes:
    return hashlib.sha256(re.sub(r"[\s-]", "", code).lower().encode()).digest()
