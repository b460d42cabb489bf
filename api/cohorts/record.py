"""What is on record of a person, as far as lists of people to call need it.

It comes from whoever implements :class:`Records`; :class:`FromPeople` reads what the centre has on
record of a home's people, and where that is nothing what staff put into its configuration.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple, Protocol
from zoneinfo import ZoneInfo

import msgspec

from api.people.composing import local_day, records_of
from api.people.risk import together, unread
from api.store.database import Connection

_BANDS: dict[str, tuple[int, int | None]] = {
    "under_65": (0, 64),
    "65_to_79": (65, 79),
    "80_or_more": (80, None),
}
_FLAGS = ("earlier_uti", "catheter", "dementia", "earlier_falls", "fluid_limit")
_GONE = {"hospital", "away"}
_LONDON = ZoneInfo("Europe/London")


_SETTINGS = """
select h.home, c.content->'risk' as risk, c.content->'context' as context
from home h
cross join lateral (
    select content from configuration c where c.home = h.home order by c.version desc limit 1
) c
where h.home = any ($1::text[])
"""
_PROFILES = """
select r.home, r.age, p.profile
from resident r
left join lateral (
    select profile::text from risk_profile p
    where p.resident = r.resident order by p.version desc limit 1
) p on true
where r.home = any ($1::text[])
"""
# Those that have begun, with when they ended or will: one that was called off before is none.
_ABSENCES = """
select s.home, s.kind, h.time_zone, least(s.until, s.ended_at) as ended
from spell s
join home h on h.home = s.home
where s.home = any ($1::text[]) and s.kind <> 'pause' and s.starts_at <= $2
    and (s.ended_at is null or s.ended_at > s.starts_at)
"""


class Record(NamedTuple):
    """What is on record of one person.

    Attributes:
        age: The band of years, both ends included; None at its end where it is open.
        flags: What is on record, in the words of the hub's risk profile.
        discharged: The day on which they last came home from hospital.
        gone: Whether they are away or in hospital today.
        unread: What is on record besides, by its name, and cannot be read by this version.
    """

    age: tuple[int, int | None] | None
    flags: frozenset[str]
    discharged: date | None
    gone: bool
    unread: frozenset[str] = frozenset()


class Records(Protocol):
    """Whoever knows what is on record."""

    async def of(
        self, connection: Connection, homes: Sequence[str], now: datetime
    ) -> dict[str, Record]:
        """By home, of these; one of which nothing is on record is not there."""
        ...


class FromConfiguration:
    """`risk` and `context` of each home's newest configuration."""

    async def of(
        self, connection: Connection, homes: Sequence[str], now: datetime
    ) -> dict[str, Record]:
        """By home."""
        rows = await connection.fetch(_SETTINGS, homes)
        today = now.astimezone(_LONDON).date()
        return {row["home"]: _read(row["risk"], row["context"], today) for row in rows}


class FromPeople:
    """The risk profiles of a home's people and their absences, over what `otherwise` says.

    A profile on record stands in the place of another; stays in hospital and absences add to those
    that are known otherwise, the latest discharge counts.
    """

    def __init__(self, otherwise: Records) -> None:
        self._otherwise = otherwise

    async def of(
        self, connection: Connection, homes: Sequence[str], now: datetime
    ) -> dict[str, Record]:
        """By home."""
        found = await self._otherwise.of(connection, homes, now)
        people: dict[str, list[Any]] = defaultdict(list)
        absences: dict[str, list[Any]] = defaultdict(list)
        for row in await connection.fetch(_PROFILES, homes):
            people[row["home"]].append(row)
        for row in await connection.fetch(_ABSENCES, homes, now):
            absences[row["home"]].append(row)
        for home, rows in people.items():
            records = records_of(rows)
            if (risk := together([one.known for one in records])) is not None:
                known = found.get(home, _NOTHING)._replace(unread=frozenset(unread(records)))
                found[home] = _profiled(known, risk)
        for home, rows in absences.items():
            found[home] = _stayed(found.get(home, _NOTHING), rows, now)
        return found


_NOTHING = Record(age=None, flags=frozenset(), discharged=None, gone=False)


def _profiled(known: Record, risk: Mapping[str, Any]) -> Record:
    flags = frozenset(flag for flag in _FLAGS if risk.get(flag))
    return known._replace(age=_BANDS.get(f"{risk.get('age')}"), flags=flags)


def _stayed(known: Record, rows: Sequence[Any], now: datetime) -> Record:
    days = [
        local_day(row["ended"], row["time_zone"])
        for row in rows
        if row["kind"] == "hospital" and row["ended"] <= now
    ]
    days += [known.discharged] if known.discharged else []
    gone = known.gone or any(row["ended"] > now for row in rows)
    return known._replace(discharged=max(days, default=None), gone=gone)


def _read(risk: str | None, context: str | None, today: date) -> Record:
    known: dict[str, Any] = (msgspec.json.decode(risk) if risk else None) or {}
    situations: list[dict[str, Any]] = (msgspec.json.decode(context) if context else None) or []
    over = [
        _day(one["until"])
        for one in situations
        if one.get("situation") == "hospital" and one.get("until")
    ]
    return Record(
        age=_BANDS.get(str(known.get("age"))),
        flags=frozenset(flag for flag in _FLAGS if known.get(flag)),
        discharged=max((day for day in over if day < today), default=None),
        gone=any(_lasts(one, today) for one in situations if one.get("situation") in _GONE),
    )


def _lasts(situation: dict[str, Any], today: date) -> bool:
    until = situation.get("until")
    return _day(situation["since"]) <= today and (until is None or today <= _day(until))


def _day(text: str) -> date:
    return date.fromisoformat(text)
