"""The numbers under which those who live in a home are reached: kept once, with the resident."""

from typing import NamedTuple

from api.people.sealing import Sealing
from api.people.sql import SQL
from api.store.database import Connection


class Own(NamedTuple):
    """What somebody is called, and their number."""

    called: str
    phone: str


async def own_numbers(connection: Connection, home: str, sealing: Sealing) -> list[Own]:
    """Those of whom a number is on record, in the order in which they were put on record.

    The transaction must be within reach, and note what it shows.
    """
    rows = await connection.fetch(SQL.residents, home)
    found = (sealing.open_identity(f"{row['resident']}", row["sealed"]) for row in rows)
    return [Own(one.called, one.phone) for one in found if one is not None and one.phone]
