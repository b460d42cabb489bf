"""What is left to do for somebody: until which day, by whom, and what came of it."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import msgspec

from api.audit.note import HOME, note
from api.clock import Clock
from api.identity.people import Member
from api.identity.permissions import Permission, roles
from api.refusals import Conflict, Invalid, NotFound
from api.response.plans import found_home
from api.response.sql import SQL
from api.response.views import FollowUp
from api.store.columns import Version
from api.store.cover import Cover
from api.store.database import Connection, Database
from api.store.reach import CENTRE

MOST = 500
MAX_TEXT = 1000
FURTHEST = timedelta(days=366)
_ALWAYS = 100_000
"""Days ahead within which everything lies."""
_DOERS = roles(Permission.DO_FOLLOW_UPS)
_WITHIN = {"open": _ALWAYS, "due": 0, "overdue": -1}


class Done(StrEnum):
    """What came of a follow-up task."""

    DONE = "done"
    NOT_NEEDED = "not_needed"
    NO_CONTACT = "no_contact"
    NEW_CONCERN = "new_concern"


class AddFollowUp(msgspec.Struct, frozen=True, kw_only=True):
    """A task as somebody writes it down.

    Attributes:
        home: Whose.
        what: What is to be done.
        due_on: Until when, a local day of the home, today or later, within a year.
        alert: From which alert, if from any; of the same home.
        assignee: By username, who is to do it; nobody yet where left out.
    """

    home: str
    what: Annotated[str, msgspec.Meta(max_length=MAX_TEXT)]
    due_on: date
    alert: Annotated[int, msgspec.Meta(ge=1, le=2**53)] | None = None
    assignee: str = ""


class ChangeFollowUp(msgspec.Struct, frozen=True, kw_only=True):
    """Who is to do a task, and until when. `version` is what was looked at."""

    version: Version
    due_on: date
    assignee: str = ""


class EndFollowUp(msgspec.Struct, frozen=True, kw_only=True):
    """What came of a task. `version` is what was looked at."""

    version: Version
    outcome: Done
    note: Annotated[str, msgspec.Meta(max_length=MAX_TEXT)] = ""


class FollowUps:
    """The follow-up tasks of the centre.

    Args:
        database: Where they are.
        clock: Decides what is due.
        cover: Seals what they say.
    """

    def __init__(self, database: Database, clock: Clock, cover: Cover) -> None:
        self._database = database
        self._clock = clock
        self._cover = cover

    async def open(
        self, by: Member, *, mine: bool = False, when: str = "open", home: str | None = None
    ) -> list[FollowUp]:
        """Tasks that are not done, the first due first, at most `MOST`.

        Args:
            by: Who asks.
            mine: Only theirs.
            when: `open` for all of them, `due` today or before, `overdue` before today.
            home: Only those of one home.
        """
        now = self._clock()
        async with self._database.transaction(by.reach) as connection:
            rows = await connection.fetch(
                SQL.follow_ups, by.id if mine else None, home, _WITHIN[when], now, MOST
            )
            found = [self._shown(row) for row in rows]
            await note(connection, now, "follow_ups.read", "queue")
        return found

    async def add(self, by: Member, asked: AddFollowUp) -> FollowUp:
        """Adds a task.

        Raises:
            NotAllowed: The role does not allow it.
            NotFound: There is no such home or alert within reach.
            Invalid: It says nothing, the day is past or too far off, or nobody has that username.
        """
        by.demand(Permission.DO_FOLLOW_UPS)
        what = asked.what.strip()
        if not what or "\0" in what:
            raise Invalid("Say what is to be done.")
        async with self._database.transaction(by.reach) as connection:
            home = await found_home(connection, asked.home)
            await self._same_home(connection, asked)
        self._in_time(asked.due_on, home["time_zone"])
        assignee = await self._assignee(asked.assignee, home["organisation"])
        async with self._database.transaction(by.reach) as connection:
            now = self._clock()
            number = await connection.fetchval(
                SQL.follow_up_add, asked.home, asked.alert, asked.due_on, assignee,
                self._cover.words(what, place_of_tasks(asked.home)), by.id, now,
            )  # fmt: skip
            shown = await self._one(connection, number, now)
            await note(connection, now, "follow_up.add", HOME, asked.home, detail=f"{number}")
        return shown

    async def change(self, by: Member, number: int, asked: ChangeFollowUp) -> FollowUp:
        """Hands a task on, or gives it another day.

        Raises:
            NotAllowed, NotFound, Invalid: As :meth:`add`.
            Conflict: Somebody changed it since `asked.version`, or it is done.
        """
        by.demand(Permission.DO_FOLLOW_UPS)
        async with self._database.transaction(by.reach) as connection:
            row = await self._open_one(connection, number, asked.version)
            home = await found_home(connection, row["home"])
        if asked.due_on != row["due_on"]:
            self._in_time(asked.due_on, home["time_zone"])
        assignee = await self._assignee(asked.assignee, home["organisation"])
        async with self._database.transaction(by.reach) as connection:
            await self._open_one(connection, number, asked.version)
            now = self._clock()
            await connection.execute(SQL.follow_up_change, number, assignee, asked.due_on)
            shown = await self._one(connection, number, now)
            await note(connection, now, "follow_up.change", HOME, row["home"], detail=f"{number}")
        return shown

    async def end(self, by: Member, number: int, asked: EndFollowUp) -> FollowUp:
        """Says what came of a task.

        Raises:
            NotAllowed, NotFound, Conflict: As :meth:`change`.
            Invalid: The note cannot be kept.
        """
        by.demand(Permission.DO_FOLLOW_UPS)
        said = asked.note.strip()
        if "\0" in said:
            raise Invalid("A note cannot hold a NUL character.")
        async with self._database.transaction(by.reach) as connection:
            row = await self._open_one(connection, number, asked.version)
            now = self._clock()
            kept = self._cover.words(said, place_of_tasks(row["home"])) if said else None
            await connection.execute(SQL.follow_up_end, number, asked.outcome, kept, by.id, now)
            shown = await self._one(connection, number, now)
            detail = f"{number} {asked.outcome}"
            await note(connection, now, "follow_up.end", HOME, row["home"], detail=detail)
        return shown

    async def colleagues(self, by: Member, home: str) -> list[tuple[str, str]]:
        """Username and name of each who could do a task of a home.

        Raises:
            NotFound: There is no such home within reach.
        """
        async with self._database.transaction(by.reach) as connection:
            organisation = (await found_home(connection, home))["organisation"]
        async with self._database.transaction(CENTRE) as connection:
            rows = await connection.fetch(SQL.colleagues, organisation, _DOERS)
        return [(row["username"], row["name"]) for row in rows]

    @staticmethod
    async def _same_home(connection: Connection, asked: AddFollowUp) -> None:
        if asked.alert is None:
            return
        alert = await connection.fetchrow(SQL.alert, asked.alert)
        if alert is None or alert["home"] != asked.home:
            raise NotFound(f"Home {asked.home} has no alert {asked.alert}.")

    async def _assignee(self, username: str, organisation: int) -> int | None:
        if not username.strip():
            return None
        # Names of staff are read as the centre; whose home it is was settled before.
        async with self._database.transaction(CENTRE) as connection:
            found: int | None = await connection.fetchval(
                SQL.colleague, username.strip().lower(), organisation, _DOERS
            )
        if found is None:
            raise Invalid(
                "Name somebody, by username, who looks after this home and does such tasks."
            )
        return found

    @staticmethod
    async def _open_one(connection: Connection, number: int, version: int) -> Mapping[str, Any]:
        row: Mapping[str, Any] | None = await connection.fetchrow(SQL.follow_up_lock, number)
        if row is None:
            raise NotFound(f"There is no follow-up task {number}.")
        if row["ended_at"] is not None:
            raise Conflict("This task was ended. Load the list again.")
        if row["version"] != version:
            raise Conflict("Somebody changed this task after you looked at it. Look again.")
        return row

    async def _one(self, connection: Connection, number: int, now: datetime) -> FollowUp:
        return self._shown(await connection.fetchrow(SQL.follow_up_one, number, now))

    def _in_time(self, due_on: date, time_zone: str) -> None:
        today = self._clock().astimezone(ZoneInfo(time_zone)).date()
        if not today <= due_on <= today + FURTHEST:
            raise Invalid("The day must be today or later, within a year.")

    def _shown(self, row: Mapping[str, Any]) -> FollowUp:
        place = place_of_tasks(row["home"])
        return FollowUp(
            follow_up=row["follow_up"], version=row["version"], home=row["home"],
            label=row["label"], alert=row["alert"], due_on=row["due_on"],
            due=row["due_on"] <= row["today"], overdue=row["due_on"] < row["today"],
            assignee=row["username"] or "", assignee_name=row["assignee_name"] or "",
            what=self._cover.opened(row["what"], place), outcome=row["outcome"],
            note=self._cover.opened(row["note"], place), ended_at=row["ended_at"],
        )  # fmt: skip


def place_of_tasks(home: str) -> str:
    """What what is left to do in a home is sealed to."""
    return f"follow-up/{home}"
