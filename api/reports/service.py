"""Makes a report: reads its rows in one look, reckons, leaves out what points at somebody."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import msgspec

from api.alerts.duties import Duties, Promised
from api.audit.note import note
from api.clock import Clock
from api.identity.people import Member
from api.identity.permissions import Permission
from api.people.away import away
from api.refusals import Invalid, NotFound
from api.reports import figures, withhold
from api.reports.views import CallFigures, Period, Report
from api.store.database import Database
from api.store.queries import load

MAX_DAYS = 366
ZONE = "Europe/London"
"""By whose clock a report's days and hours are told."""


@dataclass(frozen=True)
class _Sql:
    name: str
    alerts: str
    steps: str
    calls: str
    homes: str
    watched: str
    sensors: str


SQL = load(_Sql)


@dataclass(frozen=True)
class _Rows:
    """What a report is reckoned from."""

    alerts: Sequence[figures.Row]
    steps: Sequence[figures.Row]
    calls: Sequence[figures.Row]
    watched: Sequence[figures.Row]
    sensors: Sequence[figures.Row]


class Reports:
    """Reports of organisations.

    Args:
        database: Where everything is.
        clock: What is not over yet is reckoned up to now.
        duties: What was promised.
    """

    def __init__(self, database: Database, clock: Clock, duties: Duties) -> None:
        self._database = database
        self._clock = clock
        self._duties = duties

    async def of(
        self,
        by: Member,
        organisation: int,
        *,
        since: date | None = None,
        until: date | None = None,
        small_numbers: bool = False,
    ) -> Report:
        """One organisation's report; the last whole month if no day is given.

        Args:
            by: Who asks.
            organisation: Its number.
            since: The first local day.
            until: The last local day.
            small_numbers: Also what few homes stand behind, for who may see the alerts themselves.

        Raises:
            NotAllowed: They may not.
            NotFound: They do not look after it.
            Invalid: The period is none, too long, or in the future.
        """
        by.demand(Permission.READ_REPORTS)
        if small_numbers:
            by.demand(Permission.READ_ALERTS)
        now = self._clock()
        period = _period(since, until, now)
        begins, ends = _bounds(period, now)
        async with self._database.transaction(by.reach, long=True) as connection:
            name = await connection.fetchval(SQL.name, organisation)
            if name is None:
                raise NotFound(f"There is no organisation {organisation}.")
            homes = [row["home"] for row in await connection.fetch(SQL.homes, organisation)]
            gone = await away(connection, homes, begins, ends)
            spans = [(home, *one) for home, found in gone.items() for one in found]
            rows = _Rows(
                alerts=await connection.fetch(SQL.alerts, organisation, begins, ends),
                steps=await connection.fetch(SQL.steps, organisation, begins, ends, ZONE),
                calls=await connection.fetch(SQL.calls, organisation, begins, ends),
                watched=await connection.fetch(
                    SQL.watched,
                    organisation,
                    begins,
                    ends,
                    [home for home, _, _ in spans],
                    [since for _, since, _ in spans],
                    [until for _, _, until in spans],
                ),
                sensors=await connection.fetch(SQL.sensors, organisation, begins, ends),
            )
            await note(connection, now, "report.read", "organisation", organisation)
        promised = await self._duties.through(by.reach, organisation, begins, ends)
        # A year of a large organisation is reckoned beside what else is going on.
        made = await asyncio.to_thread(_reckon, rows, promised, now)
        whole = _midnight(period.until + timedelta(days=1)) <= now
        made = msgspec.structs.replace(
            made, organisation=organisation, name=name, period=period, made_at=now, whole=whole
        )
        return made if small_numbers else _withheld(made)


def _reckon(rows: _Rows, promised: Sequence[Promised], now: datetime) -> Report:
    months = sum(row["person_s"] for row in rows.watched) / figures.MONTH_S
    by_hour = figures.hours(rows.alerts, rows.steps, ZoneInfo(ZONE))
    of_homes = [row for row in rows.alerts if row["home"] is not None]
    return Report(
        organisation=0,
        name="",
        period=Period(since=now.date(), until=now.date(), time_zone=ZONE),
        made_at=now,
        whole=False,
        homes=sum(row["watched_s"] > 0 for row in rows.watched),
        person_months=months,
        small_numbers=True,
        answer_times=figures.answers(rows.alerts, promised, now),
        hours=by_hour,
        shifts=figures.shifts(by_hour),
        roles=withhold.roles(figures.roles(rows.steps)),
        conditions=figures.conditions(of_homes, months),
        outcomes=figures.outcomes(of_homes),
        calls=[CallFigures(**row) for row in rows.calls],
        uptime=figures.uptime(rows.watched, rows.sensors),
        others_alerts=len(rows.alerts) - len(of_homes),
    )


def _withheld(report: Report) -> Report:
    return msgspec.structs.replace(
        report,
        small_numbers=False,
        conditions=withhold.conditions(report.conditions),
        outcomes=withhold.outcomes(report.outcomes),
        calls=withhold.calls(report.calls),
    )


def _period(since: date | None, until: date | None, now: datetime) -> Period:
    today = now.astimezone(ZoneInfo(ZONE)).date()
    if until is None:
        until = today if since else today.replace(day=1) - timedelta(days=1)
    since = since or until.replace(day=1)
    if not date(2000, 1, 1) <= since <= until <= today:
        raise Invalid("A report's days go from 2000-01-01 to today, the first one first.")
    if (until - since).days >= MAX_DAYS:
        raise Invalid(f"A report has at most {MAX_DAYS} days.")
    return Period(since=since, until=until, time_zone=ZONE)


def _bounds(period: Period, now: datetime) -> tuple[datetime, datetime]:
    begins = _midnight(period.since)
    return begins, max(begins, min(now, _midnight(period.until + timedelta(days=1))))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(ZONE)).astimezone(UTC)
