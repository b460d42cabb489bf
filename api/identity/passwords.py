"""Passwords, as Argon2id hashes with the library's recommended costs (RFC 9106)."""

import asyncio
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from api.refusals import Invalid

MIN_LENGTH = 12
MAX_LENGTH = 256

AT_ONCE = 2
"""Hashes worked out at the same time; each takes 64 MiB, so a crowd at the door must queue."""


def check_new(password: str) -> None:
    """Refuses a password too short to hold or too long to be meant.

    Raises:
        Invalid: With what is allowed.
    """
    if not MIN_LENGTH <= len(password) <= MAX_LENGTH:
        raise Invalid(f"A password must have from {MIN_LENGTH} to {MAX_LENGTH} characters.")


class Passwords:
    """Makes and checks hashes away from the event loop."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher()
        self._free = asyncio.Semaphore(AT_ONCE)

    async def hash(self, password: str) -> str:
        """The hash to store."""
        async with self._free:
            return await asyncio.to_thread(self._hasher.hash, password)

    async def matches(self, stored: str | None, password: str) -> bool:
        """Whether `password` is the one behind `stored`.

        Where nobody of that name exists (`stored` is None) it works as long and says no, so that
        the time taken does not tell which names exist.
        """
        if len(password) > MAX_LENGTH:
            return False
        async with self._free:
            return await asyncio.to_thread(self._verify, stored, password)

    def outdated(self, stored: str) -> bool:
        """Whether `stored` was made with weaker costs than today's."""
        return self._hasher.check_needs_rehash(stored)

    def _verify(self, stored: str | None, password: str) -> bool:
        try:
            self._hasher.verify(stored or _decoy(self._hasher), password)
        except (VerificationError, InvalidHashError):
            return False
        return stored is not None


@cache
def _decoy(hasher: PasswordHasher) -> str:
    return hasher.hash("nobody has this password")
