"""Reading homes. Days are the person's local days, counted from hourly roll-ups."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import msgspec

from api.alerts.service import Alerts
from api.audit.note import HOME, note
from api.clock import Clock
from api.homes.views import Activity, Count, DayCounts, Days, HomeDetail, HomeLine, Hub, Sensor
from api.refusals import Invalid, NotFound
from api.store.database import Connection, Database
from api.store.queries import load
from api.store.reach import Reach

MAX_DAYS = 400
ROLLED_UP = "Europe/London"
"""The time zone whose days the database counts; others are summed from hours."""
MAX_LABEL = 80


@dataclass(frozen=True)
class _Sql:
    all: str
    one: str
    relabel: str
    hubs: str
    sensors: str
    days: str
    london_days: str
    activity: str


SQL = load(_Sql)


class Homes:
    """The homes of the centre."""

    def __init__(self, database: Database, clock: Clock, alerts: Alerts) -> None:
        self._database = database
        self._clock = clock
        self._alerts = alerts

    async def all(
        self, reach: Reach, *, after: str = "", limit: int = 500, alerts: bool = True
    ) -> list[HomeLine]:
        """Homes by name, from the one behind `after`; without `alerts` none is told of."""
        async with self._database.transaction(reach) as connection:
            found = await connection.fetch(SQL.all, after, limit)
            await note(connection, self._clock(), "homes.read", "homes")
        lines = [HomeLine(**row) for row in found]
        return lines if alerts else [msgspec.structs.replace(one, waiting=0) for one in lines]

    async def one(self, reach: Reach, home: str, *, alerts: bool = True) -> HomeDetail:
        """One home with its hubs, its sensors and, for who may see them, its newest alerts.

        Raises:
            NotFound: There is no such home.
        """
        async with self._database.transaction(reach) as connection:
            label, time_zone = await self._home(connection, home)
            hubs = await connection.fetch(SQL.hubs, home)
            sensors = await connection.fetch(SQL.sensors, home)
            await note(connection, self._clock(), "home.read", HOME, home)
        return HomeDetail(
            home=home,
            label=label,
            time_zone=time_zone,
            hubs=[_hub(dict(row)) for row in hubs],
            sensors=[Sensor(**row) for row in sensors],
            alerts=await self._alerts.of_home(reach, home) if alerts else [],
        )

    async def days(
        self, reach: Reach, home: str, count: int = 7, *, until: date | None = None
    ) -> Days:
        """The last `count` local days up to and including `until` (today).

        Raises:
            NotFound: There is no such home.
            Invalid: `count` is not from 1 to `MAX_DAYS`, or `until` is beyond the calendar.
        """
        if not 1 <= count <= MAX_DAYS:
            raise Invalid(f"days must be from 1 to {MAX_DAYS}, not {count}.")
        async with self._database.transaction(reach) as connection:
            _, time_zone = await self._home(connection, home)
            zone = ZoneInfo(time_zone)
            last = until or self._clock().astimezone(zone).date()
            days = _last(last, count)
            midnights = [_midnight(day, zone) for day in (*days, last + timedelta(days=1))]
            query = SQL.london_days if time_zone == ROLLED_UP else SQL.days
            found = await connection.fetch(query, home, midnights, midnights[-1])
            await note(connection, self._clock(), "home.days", HOME, home)
        counts: list[list[Count]] = [[] for _ in days]
        for row in found:
            counts[row["day"] - 1].append(
                Count(place=row["place"], kind=row["kind"], count=row["count"], total=row["total"])
            )
        return Days(
            home=home,
            time_zone=time_zone,
            days=[
                DayCounts(day=f"{day}", counts=count)
                for day, count in zip(days, counts, strict=True)
            ],
        )

    async def activity(self, reach: Reach, home: str, count: int = 7) -> list[Activity]:
        """What a person set off in the last `count` local days, in quarters of an hour.

        Raises:
            NotFound: There is no such home.
            Invalid: `count` is not from 1 to `MAX_DAYS`.
        """
        if not 1 <= count <= MAX_DAYS:
            raise Invalid(f"days must be from 1 to {MAX_DAYS}, not {count}.")
        async with self._database.transaction(reach) as connection:
            _, time_zone = await self._home(connection, home)
            zone = ZoneInfo(time_zone)
            first = _last(self._clock().astimezone(zone).date(), count)[0]
            found = await connection.fetch(SQL.activity, home, _midnight(first, zone))
            await note(connection, self._clock(), "home.activity", HOME, home)
        return [Activity(**row) for row in found]

    async def relabel(self, reach: Reach, home: str, label: str) -> None:
        """Sets what staff call a home, such as "Flat 12". Never a person's name.

        Raises:
            NotFound: There is no such home.
            Invalid: The label is too long or holds a control character.
        """
        text = label.strip()
        if len(text) > MAX_LABEL or not text.isprintable():
            raise Invalid(f"A label holds at most {MAX_LABEL} printable characters.")
        async with self._database.transaction(reach) as connection:
            if await connection.fetchval(SQL.relabel, home, text) is None:
                raise NotFound(f"There is no home {home}.")
            await note(connection, self._clock(), "home.relabel", HOME, home)

    @staticmethod
    async def _home(connection: Connection, home: str) -> tuple[str, str]:
        row = await connection.fetchrow(SQL.one, home)
        if row is None:
            raise NotFound(f"There is no home {home}.")
        return row["label"], row["time_zone"]


def _last(until: date, count: int) -> list[date]:
    if not date(1971, 1, 1) <= until <= date(9998, 12, 31):
        raise Invalid("until must be a day from 1971 to 9998.")
    return [until - timedelta(days=back) for back in reversed(range(count))]


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)


def _hub(row: dict[str, object]) -> Hub:
    health = row.pop("health")
    raw = msgspec.Raw(str(health).encode()) if health is not None else None
    return Hub(**row, health=raw)  # type: ignore[arg-type]  # the columns are the fields
