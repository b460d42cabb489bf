"""Lets a hub in: its token against the key it is known by, and turns away what was let go."""

from collections.abc import Mapping
from typing import Any

from api.audit.note import HUB, note
from api.clock import Clock
from api.downlink.sql import SQL as DOWNLINK
from api.hubs import tokens
from api.hubs.sql import SQL
from api.refusals import Forbidden, Gone, NotSignedIn
from api.store.database import Connection, Database
from api.store.reach import CENTRE, of_home

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
            Forbidden: The token is another hub's, or its hub was let go.
            Gone: Its home was erased; it is to forget everything.
        """
        if not authorization.lower().startswith(_SCHEME):
            raise NotSignedIn("Send the hub's token: Authorization: Bearer ...")
        token = authorization[len(_SCHEME) :].strip()
        sender = tokens.issuer(token)
        known = await self._known(sender, token)
        tokens.check(token, known["public_key"], self._clock())
        if sender != hub:
            raise Forbidden(f"The token is of {sender}, which cannot speak for {hub}.")
        if known["revoked_at"] is not None:
            raise turned_away(known)
        if known["succeeds"]:
            await self._retire_predecessor(hub, known["home"])
        home: str = known["home"]
        return home

    async def _retire_predecessor(self, hub: str, home: str) -> None:
        """Turns the hub away that `hub`, which speaks for the first time, was to follow.

        Whatever the old one has under way holds its row: it is stored before this, or not at all.
        """
        now = self._clock()
        async with self._database.transaction(of_home(home)) as connection:
            old = await connection.fetchval(SQL.retire_predecessor, hub, now)
            if old is None:  # another request of this hub was quicker
                return
            await connection.execute(SQL.end_silence, old, now)
            await connection.execute(DOWNLINK.tell_hub, old)
            said = f"by {hub}"
            await note(connection, now, "hub.replace", HUB, old, detail=said, actor=f"hub:{hub}")

    async def _known(self, hub: str, token: str) -> Mapping[str, Any]:
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
        found: Mapping[str, Any] = row
        return found

    async def _forget(self, hub: str, token: str, key: bytes) -> None:
        """Tells a hub whose home was erased, once it has proved to be that hub."""
        now = self._clock()
        tokens.check(token, key, now)
        async with self._database.transaction(CENTRE) as connection:
            await connection.execute(SQL.told_to_forget, hub, now)
        raise Gone("This hub's home was erased. Forget everything of it.", forget=True)


def turned_away(known: Mapping[str, Any]) -> Forbidden:
    """What a hub is told that was let go; `revoked` is for programs."""
    when, why = f"{known['revoked_at']:%Y-%m-%d %H:%M} UTC", known["revoked_why"]
    said = {
        "revoked": f"This hub was revoked on {when}. Ask the centre before it is claimed anew.",
        "replaced": f"Another hub took this one's place on {when}. Switch this one off.",
    }
    return Forbidden(said[why], revoked=why)


async def refuse_retired(connection: Connection, hub: str) -> None:
    """Goes on unless `hub` was let go since it was let in, such as while it waited.

    Raises:
        Forbidden: It was.
    """
    row = await connection.fetchrow(SQL.retired, hub)
    if row is not None:
        raise turned_away(row)
