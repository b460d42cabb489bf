"""Takes a dataset of one organisation out, as a stream of bytes."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from api.audit.note import note
from api.clock import Clock
from api.exports import rows
from api.exports.datasets import DATASETS, Dataset
from api.exports.formats import FORMATS, PAGES, demand_parquet
from api.identity.people import Member
from api.identity.permissions import Permission
from api.people.consent import Purpose
from api.people.sharing import shared
from api.refusals import Invalid, NotFound
from api.store.database import Database
from api.store.reach import Reach, within

_LONDON = ZoneInfo("Europe/London")


class Taken(NamedTuple):
    """A table on its way out.

    Attributes:
        parts: Its bytes.
        left_out: How many homes of the organisation are not in it, for want of consent.
    """

    parts: AsyncIterator[bytes]
    left_out: int


class Exports:
    """Tables for others.

    Args:
        database: Where the rows are.
        clock: A day's counts are told once the day is over.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def take(
        self,
        by: Member,
        organisation: int,
        file: str,
        *,
        since: date | None = None,
        until: date | None = None,
        identified: bool = False,
    ) -> Taken:
        """One dataset of an organisation, noted before the first byte is given.

        Args:
            by: Who takes it.
            organisation: Whose rows.
            file: `events.csv`, `alerts.parquet` and so on.
            since: The first day, of London.
            until: The last one.
            identified: Also the columns that tell whose it is.

        Raises:
            NotAllowed: They may not.
            NotFound: They do not look after the organisation, or there is no such dataset.
            Invalid: The days will not do, or Parquet is not installed.
        """
        dataset, _ = parse(file)
        for permission in (Permission.EXPORT, dataset.permission):
            by.demand(permission)
        if identified:
            by.demand(Permission.IDENTIFY)
        if organisation not in by.organisations:
            raise NotFound(f"There is no organisation {organisation}.")
        session = f"{by.session}" if by.session else ""
        reach = within([organisation], actor=by.actor, session=session)
        return await self.within(
            reach, organisation, file, since=since, until=until, identified=identified
        )

    async def within(
        self,
        reach: Reach,
        organisation: int,
        file: str,
        *,
        since: date | None = None,
        until: date | None = None,
        identified: bool = False,
    ) -> Taken:
        """The same for whoever has that reach: the command of an administrator of the machine.

        By pseudonym it is taken for research; a table that names homes is a report. Homes that have
        not agreed to that are left out.
        """
        dataset, form = parse(file)
        if form == "parquet":
            demand_parquet()
        begins, ends = _midnight(since), _midnight(until, after=1)
        if begins and ends and begins >= ends:
            raise Invalid("The first day must not be behind the last one.")
        now = self._clock()
        asked = rows.Asked(None, begins, ends)
        if dataset.source is rows.COUNTS:
            asked = asked._replace(changed_until=now + timedelta(microseconds=1))
        purpose = Purpose.REPORTS if identified else Purpose.RESEARCH
        async with self._database.transaction(reach, long=True) as connection:
            agreed = await shared(connection, purpose, now, organisation=organisation)
            said = f"{file}{' identified' if identified else ''}"
            said += f", {agreed.left_out} homes left out" if agreed.left_out else ""
            await note(connection, now, "export.take", "organisation", organisation, detail=said)
        asked = asked._replace(homes=agreed.homes)
        pages = rows.pages(self._database, reach, dataset.source, asked, size=PAGES[form])
        parts = FORMATS[form](dataset.shown(identified=identified), pages)
        return Taken(parts, agreed.left_out)


def parse(file: str) -> tuple[Dataset, str]:
    """The dataset and the format that a file's name asks for.

    Raises:
        NotFound: There is none such; says which there are.
    """
    name, _, form = file.rpartition(".")
    if name not in DATASETS or form not in FORMATS:
        raise NotFound(
            f"There is no {file[:64]}; there are {', '.join(DATASETS)}, as .csv or .parquet."
        )
    return DATASETS[name], form


def _midnight(day: date | None, after: int = 0) -> datetime | None:
    if day is None:
        return None
    if not date(1971, 1, 1) <= day <= date(9000, 1, 1):
        raise Invalid("A day is from 1971 to 9000.")
    return datetime.combine(day + timedelta(days=after), time(), _LONDON).astimezone(UTC)
