"""Notes in the audit log what a transaction read or did, as part of that transaction.

Who does it, in which session and under which correlation id comes from the transaction's reach
(:mod:`api.store.reach`). Note as the last statement: the chain stays locked until the commit.
"""

from datetime import datetime

from api.audit.sql import SQL
from api.operation import story
from api.store.database import Connection

HOME, ALERT, HUB, STAFF, SESSION, TOKEN = "home", "alert", "hub", "staff", "session", "token"
ORGANISATION = "organisation"
CENTRE = "centre"
"""Kinds of subject. What is of an organisation, or of its homes, goes to that one's chain."""
COMMAND = "command"
"""Who works at the centre's machine, as entries name them."""


async def note(
    connection: Connection,
    at: datetime,
    action: str,
    kind: str,
    subject: object = "",
    *,
    detail: str = "",
    actor: str = "",
) -> None:
    """Adds one entry to the chain of the subject's organisation.

    Args:
        connection: In the transaction of what is noted.
        at: When.
        action: What was done, as `alert.claim`.
        kind: What it was done to.
        subject: Which; an identifier, never a name or an address.
        detail: More, of words that the centre itself chose: an outcome, a role, a version.
        actor: Where the reach does not tell: who, as `staff:7`.
    """
    await connection.execute(SQL.note, at, action, kind, f"{subject}", detail, actor)
    story.noted(action, kind, subject)
