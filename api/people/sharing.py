"""Which homes may be shared for a purpose: asked by whatever hands data of many homes to others."""

from datetime import datetime
from typing import NamedTuple

from api.people.consent import Purpose
from api.people.sql import SQL
from api.store.database import Connection


class Shared(NamedTuple):
    """What may be shared within reach.

    Attributes:
        homes: Those whose people have all agreed.
        left_out: How many homes are not among them.
    """

    homes: list[str]
    left_out: int


async def shared(
    connection: Connection,
    purpose: Purpose,
    now: datetime,
    *,
    organisation: int | None = None,
    home: str | None = None,
) -> Shared:
    """The homes within the transaction's reach that may be shared for a purpose.

    Args:
        connection: In a transaction that names its reach.
        purpose: For what.
        now: On whose local day each home is asked.
        organisation: Of one organisation alone.
        home: One home alone.
    """
    rows = await connection.fetch(SQL.sharing, purpose, now, organisation, home)
    agreed = [row["home"] for row in rows if row["agreed"]]
    return Shared(agreed, len(rows) - len(agreed))
