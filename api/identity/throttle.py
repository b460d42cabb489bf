"""Brakes on guessing: so many attempts in a window, then a wait.

An attempt is counted before it is looked at, so a thousand at once are not a thousand guesses.
"""

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from math import ceil

from api.clock import Clock
from api.identity.sql import SQL
from api.refusals import TooMany
from api.store.database import Database
from api.store.reach import CENTRE


@dataclass(frozen=True)
class Limit:
    """At most `attempts` in `window`, for each key of what is `named`."""

    named: str
    attempts: int
    window: timedelta

    def key(self, *parts: str) -> bytes:
        """What the database keeps of who tried: a hash, no name and no address."""
        return hashlib.sha256("\n".join((self.named, *parts)).encode()).digest()


SIGN_IN = Limit("sign-in", 5, timedelta(minutes=15))
"""By username and address: somebody guessing one person's password."""
SIGN_IN_ADDRESS = Limit("sign-in-address", 50, timedelta(minutes=15))
"""By address: somebody trying one password on everybody. Who is right costs none of it, for a whole
office at the change of shift has one address."""
BEEN_HERE = Limit("been-here", 2**31 - 2, timedelta(days=30))
"""By username and address: who has been in from here gets in though others have used it up."""
UNGUESSABLE_ADDRESS = Limit("unguessable-address", 400, timedelta(minutes=15))
"""By address: passkeys and a provider's codes, which nobody guesses. The brake is for programs that
run wild."""
CODE = Limit("second-factor", 10, timedelta(minutes=15))
"""By member of staff, from wherever: somebody who has the password and guesses the code."""
CLAIM_ADDRESS = Limit("claim-address", 20, timedelta(minutes=15))
"""By address: somebody guessing claim codes."""


class Throttle:
    """Counts attempts, over all replicas, in the database."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def attempt(self, limit: Limit, *who: str) -> None:
        """Counts one attempt.

        Raises:
            TooMany: The window's attempts are used up; says how long to wait.
        """
        now = self._clock()
        async with self._database.transaction(CENTRE) as connection:
            row = await connection.fetchrow(SQL.attempt, limit.key(*who), now, now + limit.window)
        if row["attempts"] > limit.attempts:
            wait = max(1, ceil((row["ends_at"] - now).total_seconds()))
            minutes = ceil(wait / 60)
            raise TooMany(f"Too many attempts. Try again in {minutes} min.", wait)

    async def forgive(self, limit: Limit, *who: str) -> None:
        """Forgets the attempts of somebody who turned out to be right."""
        async with self._database.transaction(CENTRE) as connection:
            await connection.execute(SQL.forgive, limit.key(*who))

    async def give_back(self, limit: Limit, *who: str) -> None:
        """Takes back the one attempt of somebody who turned out to be right."""
        async with self._database.transaction(CENTRE) as connection:
            await connection.execute(SQL.give_back, limit.key(*who))

    async def counts(self, limit: Limit, *who: str) -> bool:
        """Whether there was an attempt within the window."""
        async with self._database.transaction(CENTRE) as connection:
            found: bool = await connection.fetchval(SQL.attempted, limit.key(*who), self._clock())
        return found

    async def forget(self) -> None:
        """Drops windows that have ended."""
        async with self._database.transaction(CENTRE) as connection:
            await connection.execute(SQL.forget, self._clock())
