"""Who looks after every organisation, those to come as well: what is the centre's own is theirs."""

from api.identity.people import Member
from api.identity.sql import SQL
from api.store.database import Connection


async def everywhere(connection: Connection, by: Member) -> bool:
    """Whether somebody looks after every organisation now; the transaction is the centre's."""
    return bool(await connection.fetchval(SQL.everywhere, by.id))
