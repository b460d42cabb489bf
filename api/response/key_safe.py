"""The code of a key safe: sealed, shown on a deliberate act alone, and each look is told."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Annotated, Any

import msgspec

from api.alerts.refusing import clock_face
from api.audit.note import HOME, note
from api.clock import Clock
from api.identity.people import Member
from api.identity.permissions import Permission
from api.refusals import Conflict, Forbidden, Invalid, NotAllowed, NotFound
from api.response.plans import found_home
from api.response.sql import SQL
from api.response.views import KeySafe, KeySafeLook, OpenedKeySafe
from api.store.columns import Version
from api.store.cover import Cover
from api.store.database import Connection, Database

SHOWN_FOR = timedelta(minutes=2)
"""How long a code may stand on a screen."""
LOOKS = 200


class PutKeySafe(msgspec.Struct, frozen=True, kw_only=True):
    """Where a key safe is, and its code; `version` is what was looked at, 0 where it was none."""

    version: Version = 0
    place: Annotated[str, msgspec.Meta(max_length=200)] = ""
    code: Annotated[str, msgspec.Meta(min_length=1, max_length=40)]


class LookRequest(msgspec.Struct, frozen=True, kw_only=True):
    """Why somebody needs the code now."""

    reason: Annotated[str, msgspec.Meta(max_length=1000)]


class KeySafes:
    """The key safes of homes.

    Args:
        database: Where they are.
        clock: The centre's.
        cover: Seals them.
    """

    def __init__(self, database: Database, clock: Clock, cover: Cover) -> None:
        self._database = database
        self._clock = clock
        self._cover = cover

    async def of_home(self, by: Member, home: str) -> KeySafe:
        """Whether a home has one; neither where nor its code.

        Raises:
            NotFound: There is no such home within reach.
        """
        async with self._database.transaction(by.reach) as connection:
            await found_home(connection, home)
            row = await connection.fetchrow(SQL.key_safe, home)
        if row is None:
            return KeySafe(home=home, there=False, version=0, changed_at=None)
        return KeySafe(home=home, there=True, version=row["version"], changed_at=row["changed_at"])

    async def put(self, by: Member, home: str, asked: PutKeySafe) -> KeySafe:
        """Sets where it is and its code.

        Raises:
            NotAllowed: The role does not allow it.
            NotFound: There is no such home within reach.
            Invalid: The centre has no key, or there is no code.
            Conflict: Somebody has set it since `asked.version`.
        """
        by.demand(Permission.SET_RESPONSE)
        if not asked.code.strip() or "\0" in asked.code + asked.place:
            raise Invalid("A key safe needs its code, without a NUL character.")
        kept = msgspec.json.encode({"place": asked.place.strip(), "code": asked.code.strip()})
        body = self._cover.secret(kept.decode(), place_of_safe(home))
        async with self._database.transaction(by.reach) as connection:
            await found_home(connection, home)
            now = self._clock()
            row = await connection.fetchrow(SQL.key_safe_put, home, body, by.id, now, asked.version)
            if row is None:
                raise _changed(await connection.fetchrow(SQL.key_safe, home))
            if asked.version and row["added"]:
                raise _changed(None)
            await note(connection, now, "key_safe.put", HOME, home)
        return KeySafe(home=home, there=True, version=row["version"], changed_at=now)

    async def remove(self, by: Member, home: str, version: int) -> None:
        """Forgets it.

        Raises:
            NotAllowed: The role does not allow it.
            NotFound: There is none within reach.
            Conflict: Somebody has set it since `version`, which was looked at.
        """
        by.demand(Permission.SET_RESPONSE)
        async with self._database.transaction(by.reach) as connection:
            if await connection.fetchval(SQL.key_safe_drop, home, version) is None:
                row = await connection.fetchrow(SQL.key_safe, home)
                if row is None:
                    raise NotFound(f"Home {home} has no key safe.")
                raise _changed(row)
            await note(connection, self._clock(), "key_safe.remove", HOME, home)

    async def look(self, by: Member, home: str, reason: str) -> OpenedKeySafe:
        """Shows the code, and tells supervisors that it was.

        Only while the viewer has an open alert of the home, or is a supervisor and there is one.

        Raises:
            NotAllowed: The role does not allow it, or it is a program that asks.
            NotFound: There is no such home, or key safe, within reach.
            Forbidden: They have no open alert of this home.
            Invalid: There is no reason.
        """
        by.demand(Permission.OPEN_KEY_SAFE)
        if by.token:
            raise NotAllowed("Only a person who is signed in may see a code, not a program.")
        why = reason.strip()
        if not why or "\0" in why:
            raise Invalid("Say why you need the code.")
        async with self._database.transaction(by.reach) as connection:
            await found_home(connection, home)
            row = await connection.fetchrow(SQL.key_safe, home)
            if row is None:
                raise NotFound(f"Home {home} has no key safe.")
            now = self._clock()
            alert = await self._alert(connection, by, home, now)
            opened = msgspec.json.decode(
                self._cover.opened(row["body"], place_of_safe(home)), type=dict[str, str]
            )
            hide_at = now + SHOWN_FOR
            await connection.execute(
                SQL.look_add, home, alert, by.id, now, hide_at,
                self._cover.words(why, place_of_looks(home)),
            )  # fmt: skip
            await connection.execute(SQL.touch, alert)  # so that a supervisor's queue is told
            await note(connection, now, "key_safe.look", HOME, home, detail=f"alert {alert}")
        return OpenedKeySafe(home=home, place=opened["place"], code=opened["code"], hide_at=hide_at)

    async def looks(self, by: Member) -> list[KeySafeLook]:
        """Who looked at which code, those that nobody has taken note of first.

        Raises:
            NotAllowed: The role does not allow it.
        """
        by.demand(Permission.SET_RESPONSE)
        async with self._database.transaction(by.reach) as connection:
            rows = await connection.fetch(SQL.looks, LOOKS)
            found = [self._shown(row) for row in rows]
            await note(connection, self._clock(), "key_safe.looks", "queue")
        return found

    async def unseen(self, by: Member) -> int:
        """How many looks no supervisor has taken note of; 0 for who is none."""
        if not by.may(Permission.SET_RESPONSE):
            return 0
        async with self._database.transaction(by.reach) as connection:
            count: int = await connection.fetchval(SQL.looks_unseen)
        return count

    async def take_note(self, by: Member, look: int) -> None:
        """Says that a supervisor has seen a look, not their own.

        Raises:
            NotAllowed: The role does not allow it.
            NotFound: There is no such look within reach.
            Conflict: It is one's own, or somebody has already.
        """
        by.demand(Permission.SET_RESPONSE)
        async with self._database.transaction(by.reach) as connection:
            now = self._clock()
            home = await connection.fetchval(SQL.look_seen, look, by.id, now)
            if home is None:
                row = await connection.fetchrow(SQL.look_of, look)
                if row is None:
                    raise NotFound(f"There is no look {look}.")
                whose = "Somebody has taken note of it." if row["seen_at"] else "It is your own."
                raise Conflict(whose)
            await note(connection, now, "key_safe.seen", HOME, home, detail=f"look {look}")

    @staticmethod
    async def _alert(connection: Connection, by: Member, home: str, now: datetime) -> int:
        rows = await connection.fetch(SQL.open_alerts, home, now)
        own = [row["id"] for row in rows if row["holder"] == by.id]
        if not own and by.may(Permission.SET_RESPONSE):
            own = [row["id"] for row in rows]
        if not own:
            raise Forbidden("Claim an open alert of this home first.")
        found: int = own[0]
        return found

    def _shown(self, row: Mapping[str, Any]) -> KeySafeLook:
        return KeySafeLook(
            look=row["look"], home=row["home"], label=row["label"], time_zone=row["time_zone"],
            alert=row["alert"], staff=row["staff"], by=row["display_name"], at=row["at"],
            reason=self._cover.opened(row["reason"], place_of_looks(row["home"])),
            seen_by=row["seen_name"] or "", seen_at=row["seen_at"],
        )  # fmt: skip


def _changed(row: Mapping[str, Any] | None) -> Conflict:
    if row is None:
        return Conflict("Somebody has removed this key safe since you looked. Look again.")
    who, at = row["changed_name"] or "Somebody", clock_face(row["changed_at"])
    return Conflict(f"{who} changed this key safe at {at}, after you looked at it. Look again.")


def place_of_safe(home: str) -> str:
    """What the key safe is sealed to."""
    return f"key-safe/{home}"


def place_of_looks(home: str) -> str:
    """What the reasons for looks at it are sealed to."""
    return f"key-safe-look/{home}"
