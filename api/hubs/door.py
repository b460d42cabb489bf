"""Lets a hub in: its token against the key it claimed its place with."""

from api.clock import Clock
from api.hubs import tokens
from api.hubs.sql import SQL
from api.refusals import Forbidden, Gone, NotSignedIn
from api.store.database import Database
from api.store.reach import CENTRE

_SCHEME = "bearer "


class Door:
    """Knows the hubs' keys."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def home_of(self, hub: str, authorization: str) -> str:
        """The home of the hub that asks, once it has proved to be `hub`.

        Args:
            hub: Who the address of the request is about.
            authorization: The request's header.

        Raises:
            NotSignedIn: The token is missing, not good, or of a hub nobody knows.
            Forbidden: The token is another hub's.
            Gone: Its home was erased; it is to forget everything.
        """
        if not authorization.lower().startswith(_SCHEME):
            raise NotSignedIn("Send the hub's token: Authorization: Bearer ...")
        token = authorization[len(_SCHEME) :].strip()
        sender = tokens.issuer(token)
        home, key = await self._known(sender, token)
        tokens.check(token, key, self._clock())
        if sender != hub:
            raise Forbidden(f"The token is of {sender}, which cannot speak for {hub}.")
        return home

    async def _known(self, hub: str, token: str) -> tuple[str, bytes]:
        row = erased = None
        if "\0" not in hub:
            async with self._database.transaction(CENTRE) as connection:
                row = await connection.fetchrow(SQL.hub, hub)
                if row is None:
                    erased = await connection.fetchval(SQL.erased, hub)
        if erased is not None:
            await self._forget(hub, token, erased)
        if row is None:
            raise NotSignedIn("The token is of a hub that has not claimed a place here.")
        return row["home"], row["public_key"]

    async def _forget(self, hub: str, token: str, key: bytes) -> None:
        """Tells a hub whose home was erased, once it has proved to be that hub."""
        now = self._clock()
        tokens.check(token, key, now)
        async with self._database.transaction(CENTRE) as connection:
            await connection.execute(SQL.told_to_forget, hub, now)
        raise Gone("This hub's home was erased. Forget everything of it.", forget=True)
