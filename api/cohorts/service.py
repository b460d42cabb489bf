"""Makes lists of people to call, and keeps what came of the calls."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import msgspec

from api.audit.note import HOME, note
from api.clock import Clock
from api.cohorts.criteria import BASELINE_DAYS, NIGHTS, Criteria, Facts, Verdict, given, judge
from api.cohorts.record import Record, Records
from api.cohorts.views import Cohort, CohortCall, ContactList, Listed, NewCohort, NewContact
from api.identity.people import Member
from api.identity.permissions import Permission
from api.refusals import Conflict, Invalid, NotFound
from api.store.cover import Cover, kept_in
from api.store.database import Connection, Database
from api.store.queries import load

LONDON = ZoneInfo("Europe/London")
"""By whose days the database counts."""
MOST = 500
"""People on a list at most."""
RECENT = 50
"""Calls that are shown beside a list."""
_TRY_AGAIN = timedelta(hours=12)
"""Somebody who did not answer is listed again then."""


@dataclass(frozen=True)
class _Sql:
    all: str
    one: str
    add: str
    remove: str
    homes: str
    temperatures: str
    counts: str
    raised: str
    bathrooms: str
    nights: str
    unshared: str
    contacts: str
    lasts: str
    lock: str
    called: str


SQL = load(_Sql)


class _Known(NamedTuple):
    """What the queries found of all homes of an organisation, by home."""

    records: Mapping[str, Record]
    celsius: Mapping[str, float]
    raised: Mapping[str, dict[str, datetime]]
    counts: Mapping[str, dict[date, float]]
    nights: Mapping[str, dict[date, int]]


class Cohorts:
    """The saved filters of organisations.

    Args:
        database: Where everything is.
        clock: What "the last days" are.
        records: Who knows what is on record of a person.
        cover: Seals notes of calls.
    """

    def __init__(self, database: Database, clock: Clock, records: Records, cover: Cover) -> None:
        self._database = database
        self._clock = clock
        self._records = records
        self._cover = cover

    async def all(self, by: Member) -> list[Cohort]:
        """The filters within reach."""
        by.demand(Permission.READ_COHORTS)
        async with self._database.transaction(by.reach) as connection:
            return [_cohort(row) for row in await connection.fetch(SQL.all)]

    async def add(self, by: Member, organisation: int, asked: NewCohort) -> Cohort:
        """Saves a filter.

        Raises:
            NotAllowed: They may not.
            NotFound: They do not look after the organisation.
            Invalid: It asks for nothing, or the name will not do.
            Conflict: There is one of that name.
        """
        by.demand(Permission.SET_COHORTS)
        if organisation not in by.organisations:
            raise NotFound(f"There is no organisation {organisation}.")
        name = asked.name.strip()
        if not (name and name.isprintable()):
            raise Invalid("A cohort's name has 1 to 80 printable characters.")
        if not given(asked.criteria):
            raise Invalid("A cohort asks for one thing at least; else everybody would be on it.")
        if any("\0" in one for one in asked.criteria.alerts):
            raise Invalid("The name of a condition has no NUL character.")
        async with self._database.transaction(by.reach) as connection:
            number = await connection.fetchval(
                SQL.add, organisation, name, msgspec.json.encode(asked.criteria).decode(),
                asked.quiet_days, by.id,
            )  # fmt: skip
            if number is None:
                raise Conflict(f"There is already a cohort {name}.")
            await note(connection, self._clock(), "cohort.add", "cohort", number)
        return Cohort(
            cohort=number, organisation=organisation, name=name, criteria=asked.criteria,
            quiet_days=asked.quiet_days,
        )  # fmt: skip

    async def remove(self, by: Member, cohort: int) -> None:
        """Removes a filter; the calls that came of it stay on record.

        Raises:
            NotAllowed: They may not.
            NotFound: There is none of that number.
        """
        by.demand(Permission.SET_COHORTS)
        async with self._database.transaction(by.reach) as connection:
            if await connection.fetchval(SQL.remove, cohort) is None:
                raise NotFound(f"There is no cohort {cohort}.")
            await note(connection, self._clock(), "cohort.remove", "cohort", cohort)

    async def people(self, by: Member, cohort: int) -> ContactList:
        """Whom to call now, and why.

        Raises:
            NotAllowed: They may not see it.
            NotFound: There is no cohort of that number.
        """
        by.demand(Permission.READ_COHORTS)
        async with self._database.transaction(by.reach) as connection:
            made = await self._people(connection, cohort)
            await note(connection, self._clock(), "cohort.read", "cohort", cohort)
        return made

    async def called(self, by: Member, cohort: int, asked: NewContact) -> ContactList:
        """Keeps what came of a call; the list as it is then.

        Raises:
            NotAllowed: They may not.
            NotFound: There is no such cohort, or the home is not on its list and never was.
            Conflict: Somebody else has called meanwhile; says who, and what came of it.
            Invalid: The note cannot be kept.
        """
        by.demand(Permission.CONTACT_COHORTS)
        if "\0" in asked.note or "\0" in asked.home:
            raise Invalid("A text must not hold a NUL character.")
        now = self._clock()
        async with self._database.transaction(by.reach) as connection:
            await connection.execute(SQL.lock, cohort % 2**31)
            before = await self._people(connection, cohort)
            listed = next((one for one in before.people if one.home == asked.home), None)
            if listed is None:
                _not_listed(before, asked)
                raise NotFound(f"Home {asked.home} is not on this list.")
            _check_seen(listed.last, asked)
            quiet = timedelta(days=before.cohort.quiet_days)
            until = now + (_TRY_AGAIN if asked.outcome == "no_answer" else quiet)
            text = asked.note.strip()
            words = self._cover.words(text, place_of_calls(asked.home)) if text else None
            await connection.execute(
                SQL.called, cohort, asked.home, now, by.id, asked.outcome, words, listed.why, until,
            )  # fmt: skip
            made = await self._people(connection, cohort)
            await note(connection, now, "cohort.called", HOME, asked.home, detail=asked.outcome)
        return made

    async def _people(self, connection: Connection, number: int) -> ContactList:
        row = await connection.fetchrow(SQL.one, number)
        if row is None:
            raise NotFound(f"There is no cohort {number}.")
        cohort, now = _cohort(row), self._clock()
        known = await self._known(connection, cohort, now)
        homes = await connection.fetch(SQL.homes, cohort.organisation)
        # The reach of a care professional holds those alone whose people agreed.
        unshared: int = await connection.fetchval(SQL.unshared, cohort.organisation)
        lasts = {row["home"]: self._call(row) for row in await connection.fetch(SQL.lasts, number)}
        calls = await connection.fetch(SQL.contacts, number, RECENT)
        recent = [self._call(row) for row in calls]
        people: list[Listed] = []
        unknown: Counter[str] = Counter()
        quiet = gone = 0
        for home in homes:
            name = home["home"]
            record, last = known.records.get(name), lasts.get(name)
            if record is not None and record.gone:
                gone += 1
                continue
            verdict = _judged(cohort.criteria, known, name, now, home["time_zone"])
            if verdict.belongs is None:
                unknown[verdict.missing] += 1
            elif verdict.belongs and last is not None and last.until > now:
                quiet += 1
            elif verdict.belongs:
                people.append(Listed(home=name, label=home["label"], why=verdict.why, last=last))
        return ContactList(
            cohort=cohort, made_at=now, people=people[:MOST], quiet=quiet, gone=gone,
            unknown=dict(unknown), unshared=unshared, recent=recent,
        )  # fmt: skip

    def _call(self, row: Mapping[str, Any]) -> CohortCall:
        fields = dict(row)
        kept = kept_in(fields["note"], fields.pop("words"))
        fields["note"] = self._cover.shown(kept, place_of_calls(row["home"]))
        return CohortCall(**fields)

    async def _known(self, connection: Connection, cohort: Cohort, now: datetime) -> _Known:
        """Asks for what the filter needs, and no more."""
        wanted, whose = cohort.criteria, cohort.organisation
        today = now.astimezone(LONDON).date()
        celsius: dict[str, float] = {}
        raised: dict[str, dict[str, datetime]] = defaultdict(dict)
        counts: dict[str, dict[date, float]] = defaultdict(dict)
        nights: dict[str, dict[date, int]] = {}
        if wanted.colder_than_c is not None or wanted.warmer_than_c is not None:
            since = _midnight(today - timedelta(days=wanted.temperature_days - 1))
            for row in await connection.fetch(SQL.temperatures, whose, since, now):
                celsius[row["home"]] = row["celsius"]
        if wanted.alerts:
            since = now - timedelta(days=wanted.alert_days)
            for row in await connection.fetch(SQL.raised, whose, since, wanted.alerts):
                raised[row["home"]][row["condition"]] = row["at"]
        if wanted.trend:
            since = _midnight(today - timedelta(days=BASELINE_DAYS + wanted.trend.days))
            rows = await connection.fetch(
                SQL.counts, whose, since, _midnight(today), wanted.trend.measure
            )
            for row in rows:
                counts[row["home"]][row["day"]] = row["used"]
        if wanted.night_trips is not None:
            nights = await _nights(connection, whose, now)
        records = await self._records.of(connection, whose, now)
        return _Known(records, celsius, raised, counts, nights)


def place_of_calls(home: str) -> str:
    """What the notes of calls to a home are sealed to."""
    return f"cohort/{home}"


async def _nights(connection: Connection, whose: int, now: datetime) -> dict[str, dict[date, int]]:
    since = now - timedelta(days=NIGHTS)
    seen: dict[str, dict[date, int]] = {
        row["home"]: {} for row in await connection.fetch(SQL.bathrooms, whose, since)
    }
    for row in await connection.fetch(SQL.nights, whose, since, now):
        seen.setdefault(row["home"], {})[row["night"]] = row["trips"]
    return seen


def _judged(wanted: Criteria, known: _Known, home: str, now: datetime, zone: str) -> Verdict:
    facts = Facts(
        record=known.records.get(home),
        celsius=known.celsius.get(home),
        raised=known.raised.get(home, {}),
        counts=known.counts.get(home, {}),
        nights=known.nights.get(home),
        today=now.astimezone(ZoneInfo(zone)).date(),
    )
    return judge(wanted, facts)


def _not_listed(before: ContactList, asked: NewContact) -> None:
    last = next((one for one in before.recent if one.home == asked.home), None)
    if last is not None and last.until > before.made_at:
        raise _called_by(last)


def _check_seen(last: CohortCall | None, asked: NewContact) -> None:
    if last is not None and asked.seen_at is not None and last.at > asked.seen_at:
        raise _called_by(last)


def _called_by(last: CohortCall) -> Conflict:
    return Conflict(
        f"{last.by} has already called: {last.outcome.replace('_', ' ')}.",
        by=last.by, outcome=last.outcome, at=last.at,
    )  # fmt: skip


def _cohort(row: Mapping[str, Any]) -> Cohort:
    criteria = msgspec.json.decode(row["criteria"], type=Criteria)
    return Cohort(**{**row, "criteria": criteria})


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), LONDON).astimezone(UTC)
