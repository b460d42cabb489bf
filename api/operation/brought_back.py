"""What a database brought back from a back-up must not go on with as if nothing had happened since.

Who was let go after it was made would be in again, what was good once would be good again, and what
was delivered would go out a second time. Nobody can tell these from the others, so all of them end.
"""

from datetime import datetime
from typing import NamedTuple

from api.store.database import Connection

WAITED = "it waited when a back-up was made that was restored, and may have been sent since"

_PUT_ASIDE = f"""
update outbox
set state = 'dead', ended_at = $1, lease = null, lease_until = null, reason = '{WAITED}'
where state = 'waiting'
"""  # noqa: S608 - our own words
# An invitation that has run out goes on to tell that somebody has not come yet.
_INVITATIONS = "update invitation set expires_at = $1 where expires_at > $1"
_CODES = "update hub set claim_expires_at = $1 where public_key is null and claim_expires_at > $1"
_STEPS = (
    ("sessions ended", "session", "delete from session"),
    ("challenges of passkeys dropped", "passkey_challenge", "delete from passkey_challenge"),
    (
        "tokens revoked",
        "api_token",
        "update api_token set revoked_at = $1 where revoked_at is null",
    ),
    ("invitations ended", "invitation", _INVITATIONS),
    ("claim codes ended", "hub", _CODES),
    ("", "outbox", "delete from outbox where subject = 'heartbeat' and state = 'waiting'"),
    ("messages put aside", "outbox", _PUT_ASIDE),
)
"""What is said of it, its table, and the statement; `$1` is the moment."""

DO_AGAIN = (
    "staff.disable", "staff.change", "staff.invite", "password.change", "second_factor.reset",
    "second_factor.off", "passkey.remove", "hub.revoke", "hub.replace", "hub.key",
    "consent.withdrawn", "consent.given", "home.erase", "resident.erase",
)  # fmt: skip
"""Entries of the audit log by which somebody took something back: docs/operations.md on each."""


class Ended(NamedTuple):
    """How much of one kind ended."""

    what: str
    rows: int


async def shut(connection: Connection, now: datetime) -> list[Ended]:
    """Ends what could come in or go out by what is no longer so, all of it or nothing.

    Args:
        connection: As the owner of the tables, which may be of an earlier version; nobody serves.
        now: When.
    """
    found: list[Ended] = []
    async with connection.transaction():
        for what, table, sql in _STEPS:
            if await connection.fetchval("select to_regclass($1) is null", table):
                continue
            done = await connection.execute(sql, *([now] if "$1" in sql else []))
            if what:
                found.append(Ended(what, int(done.rpartition(" ")[2])))
    return found
