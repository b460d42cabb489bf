"""How long ago somebody signed in: who finds a desk open must not make it their own for good."""

from datetime import datetime, timedelta

from api.identity.people import Member
from api.identity.sql import SQL
from api.refusals import Conflict
from api.store.database import Connection

FRESH = timedelta(minutes=15)
"""Since signing in, for whatever lets somebody in from then on."""


async def check_fresh(connection: Connection, by: Member, now: datetime) -> None:
    """Goes on only in a session that was opened a moment ago.

    Raises:
        Conflict: It was opened too long ago, or there is none.
    """
    opened = await connection.fetchval(SQL.session_opened, by.session)
    if opened is None or now - opened > FRESH:
        raise Conflict("It is a while since you signed in. Sign out and in again first.")
