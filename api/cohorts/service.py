"""Makes lists of people to call, and keeps what came of the calls."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from api.audit.note import HOME, note
from api.clock import Clock
from api.cohorts.criteria import (
    BASELINE_DAYS,
    NEWER,
    NIGHTS,
    Criteria,
    Facts,
    Raised,
    Verdict,
    given,
    judge,
    out_without_nights,
)
from api.cohorts.record import Records
from api.cohorts.views import Cohort, CohortCall, ContactList, Listed, NewCohort, NewContact
from api.identity.people import Member
from api.identity.permissions import Permission
from api.people.away import homes_away, homes_nights_away
from api.refusals import Conflict, Invalid, NotFound
from api.store.cover import Cover, kept_in
from api.store.database import Connection, Database
from api.store.queries import load
from api.store.stored import Unreadable, read_stored

LONDON = ZoneInfo("Europe/London")
"""By whose days the database counts."""
MOST = 500
"""People on a list at most."""
RECENT = 50
"""Calls that are shown beside a list."""
_TRY_AGAIN = timedelta(hours=12)
"""Somebody who did not answer is listed again then."""
HELD_BACK = timedelta(days=1)
"""Who was called because of one list is left in peace for so long because of any other: in a heat
wave the same frail person is on several, and three calls within the hour tire and worry them. It is
a day and no longer, for each list asks about something of its own."""


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
    quiet: str
    lock: str
    called: str


SQL = load(_Sql)


@dataclass
class _Looked:
    """What a look at the homes found. `last` is the newest call to the one that was asked for."""

    cohort: Cohort
    at: datetime
    last: CohortCall | None
    on_it: list[Listed] = field(default_factory=list)
    unknown: Counter[str] = field(default_factory=Counter)
    quiet: int = 0
    gone: int = 0


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
        """As :meth:`keep`; the list as it is then."""
        await self.keep(by, cohort, asked)
        async with self._database.transaction(by.reach) as connection:
            return await self._people(connection, cohort)

    async def keep(self, by: Member, cohort: int, asked: NewContact) -> None:
        """Keeps what came of a call.

        Raises:
            NotAllowed: They may not.
            NotFound: There is no such cohort, or the home is not on its list and never was.
            Conflict: Somebody else has called meanwhile, because of this list or another; says who,
                and what came of it.
            Invalid: The note cannot be kept.
        """
        by.demand(Permission.CONTACT_COHORTS)
        if "\0" in asked.note or "\0" in asked.home:
            raise Invalid("A text must not hold a NUL character.")
        now = self._clock()
        async with self._database.transaction(by.reach) as connection:
            await connection.execute(SQL.lock, asked.home)
            looked = await self._look(connection, cohort, asked.home)
            listed = next((one for one in looked.on_it if one.home == asked.home), None)
            if listed is None:
                if looked.last is not None and looked.quiet:
                    raise _called_by(looked.last)
                raise NotFound(f"Home {asked.home} is not on this list.")
            if listed.last and asked.seen_at and listed.last.at > asked.seen_at:
                raise _called_by(listed.last)
            quiet = timedelta(days=looked.cohort.quiet_days)
            until = now + (_TRY_AGAIN if asked.outcome == "no_answer" else quiet)
            text = asked.note.strip()
            words = self._cover.words(text, place_of_calls(asked.home)) if text else None
            await connection.execute(
                SQL.called, cohort, asked.home, now, by.id, asked.outcome, words, listed.why, until,
            )  # fmt: skip
            await note(connection, now, "cohort.called", HOME, asked.home, detail=asked.outcome)

    async def _people(self, connection: Connection, number: int) -> ContactList:
        looked = await self._look(connection, number)
        # The reach of a care professional holds those alone whose people agreed.
        unshared = await connection.fetchval(SQL.unshared, looked.cohort.organisation)
        calls = await connection.fetch(SQL.contacts, number, RECENT)
        return ContactList(
            cohort=looked.cohort, made_at=looked.at,
            people=[one for one in looked.on_it if one.held_until is None][:MOST],
            held=[one for one in looked.on_it if one.held_until is not None][:MOST],
            quiet=looked.quiet, gone=looked.gone, unknown=dict(looked.unknown),
            unshared=unshared, recent=[self._call(row) for row in calls],
        )  # fmt: skip

    async def _look(self, connection: Connection, number: int, home: str | None = None) -> _Looked:
        """Judges an organisation's homes by a filter, or one of them alone."""
        row = await connection.fetchrow(SQL.one, number)
        if row is None:
            raise NotFound(f"There is no cohort {number}.")
        cohort, now = _cohort(row), self._clock()
        homes = await connection.fetch(SQL.homes, cohort.organisation, home)
        names = [one["home"] for one in homes]
        facts = await self._facts(connection, cohort.criteria, homes, now)
        lasts = {row["home"]: self._call(row) for row in await connection.fetch(SQL.lasts, names)}
        rows = await connection.fetch(SQL.quiet, names, number, now, HELD_BACK)
        peace = {row["home"]: (row["ours"], row["others"]) for row in rows}
        found = _Looked(cohort, now, lasts.get(home) if home else None)
        for one in homes:
            name = one["home"]
            fact = facts[name]
            if fact.record is not None and fact.record.gone:
                found.gone += 1
                continue
            verdict = _judged(cohort, fact)
            ours, others = peace.get(name, (None, None))
            if verdict.belongs is None:
                found.unknown[verdict.missing] += 1
            elif verdict.belongs and ours is not None:
                found.quiet += 1
            elif verdict.belongs:
                held = others if others is not None and others > now else None
                found.on_it.append(Listed(
                    home=name, label=one["label"], why=verdict.why, last=lasts.get(name),
                    held_until=held,
                ))  # fmt: skip
        return found

    def _call(self, row: Mapping[str, Any]) -> CohortCall:
        fields = dict(row)
        kept = kept_in(fields["note"], fields.pop("words"))
        fields["note"] = self._cover.shown(kept, place_of_calls(row["home"]))
        return CohortCall(**fields)

    async def _facts(
        self, connection: Connection, wanted: Criteria, homes: Sequence[Any], now: datetime
    ) -> dict[str, Facts]:
        """Asks for what the filter needs of these homes, and no more."""
        names = [one["home"] for one in homes]
        today = now.astimezone(LONDON).date()
        celsius: dict[str, float] = {}
        raised: dict[str, dict[str, Raised]] = defaultdict(dict)
        counts: dict[str, dict[date, float]] = defaultdict(dict)
        gone: dict[str, frozenset[date]] = {}
        zones = {one["home"]: ZoneInfo(one["time_zone"]) for one in homes}
        if wanted.colder_than_c is not None or wanted.warmer_than_c is not None:
            since = _midnight(today - timedelta(days=wanted.temperature_days - 1))
            for row in await connection.fetch(SQL.temperatures, names, since, now):
                celsius[row["home"]] = row["celsius"]
        if wanted.alerts:
            since = now - timedelta(days=wanted.alert_days)
            for row in await connection.fetch(SQL.raised, names, since, wanted.alerts):
                raised[row["home"]][row["condition"]] = Raised(row["at"], row["text"])
        if wanted.trend:
            first = today - timedelta(days=BASELINE_DAYS + wanted.trend.days)
            rows = await connection.fetch(
                SQL.counts, names, _midnight(first), _midnight(today), wanted.trend.measure
            )
            for row in rows:
                counts[row["home"]][row["day"]] = row["used"]
            gone = await homes_away(connection, zones, first, today - timedelta(days=1))
        records = await self._records.of(connection, names, now)
        facts = {
            home: Facts(
                record=records.get(home),
                celsius=celsius.get(home),
                raised=raised.get(home, {}),
                counts=counts.get(home, {}),
                nights=None,
                today=now.astimezone(zone).date(),
                away=gone.get(home, frozenset()),
            )
            for home, zone in zones.items()
        }
        return (
            facts
            if wanted.night_trips is None
            else await _nights(connection, wanted, facts, zones, now)
        )


def place_of_calls(home: str) -> str:
    """What the notes of calls to a home are sealed to."""
    return f"cohort/{home}"


async def _nights(
    connection: Connection,
    wanted: Criteria,
    known: dict[str, Facts],
    zones: Mapping[str, ZoneInfo],
    now: datetime,
) -> dict[str, Facts]:
    """With their nights, those whom nothing else settles; events are read of no others."""
    since = now - timedelta(days=NIGHTS)
    asked = [home for home, facts in known.items() if not out_without_nights(wanted, facts)]
    seen: dict[str, dict[date, int]] = {
        row["home"]: {} for row in await connection.fetch(SQL.bathrooms, asked, since)
    }
    rows = await connection.fetch(
        SQL.nights, asked, since, now, wanted.night_trips, wanted.nights_at_least
    )
    for row in rows:
        seen.setdefault(row["home"], {})[row["night"]] = row["trips"]
    gone = await homes_nights_away(connection, {one: zones[one] for one in asked}, since, now)
    return {
        home: facts._replace(nights=seen.get(home), nights_away=gone.get(home, frozenset()))
        for home, facts in known.items()
    }


def _judged(wanted: Cohort, facts: Facts) -> Verdict:
    verdict = judge(wanted.criteria, facts)
    if wanted.unread and (verdict.belongs is not False or not given(wanted.criteria)):
        return Verdict(None, [], NEWER)
    return verdict


def _called_by(last: CohortCall) -> Conflict:
    return Conflict(
        f"{last.by} has already called: {last.outcome.replace('_', ' ')}.",
        by=last.by, outcome=last.outcome, at=last.at,
    )  # fmt: skip


def _cohort(row: Mapping[str, Any]) -> Cohort:
    try:
        criteria, beyond = read_stored(row["criteria"], Criteria)
    except Unreadable:
        criteria, beyond = Criteria(), {"criteria": None}
    return Cohort(**{**row, "criteria": criteria, "unread": sorted(beyond)})


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), LONDON).astimezone(UTC)
