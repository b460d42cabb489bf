"""Who gets up often at night is found, and nobody else, without reading everybody's week.

The slow way, over all events of the week, says who that is.
"""

import random
from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from typing import Any

import asyncpg
import pytest

from api.cohorts.criteria import NIGHTS, Criteria, Facts, judge
from api.cohorts.views import NewCohort
from api.identity.people import Member
from api.services import Services
from api.store.reach import within
from tests.api.support import SettableClock, add_user

pytestmark = pytest.mark.network

# Half hours, clocks put back at midnight (23 o'clock comes twice) or by half an hour, and far away.
ZONES = (
    "Europe/London", "Africa/Cairo", "America/Havana", "Australia/Lord_Howe", "Asia/Kathmandu",
    "America/St_Johns", "Pacific/Kiritimati", "Antarctica/Troll",
)  # fmt: skip
SLOW = """
with seen as (
    select e.home, e.at, h.time_zone, lag(e.at) over (partition by e.home order by e.at) as before
    from event e join home h on h.home = e.home
    where e.at >= $1 and e.at < $2 and e.place = 'bathroom' and e.kind = 'motion'
        and e.quality in ('ok', 'late')
),
trips as (
    select home, (at at time zone time_zone) + interval '1 hour' as local from seen
    where before is null or at - before > interval '10 minutes'
)
select home, local::date as night, count(*)::integer as trips from trips
where extract(hour from local) < 7
group by 1, 2
"""
EVENT = """
insert into series.event (home, at, sensor, kind, place, value, quality, journal, seq, body)
values ($1, $2, 's', 'motion', $3, 1, $4, 1, 1, '{}')
"""


async def live(connection: asyncpg.Connection, now: datetime, dice: random.Random) -> None:
    """Homes in every zone, most of whose people are up at odd hours."""
    events: list[tuple[Any, ...]] = []
    for number in range(40):
        home, zone = f"h{number}", ZONES[number % len(ZONES)]
        await connection.execute(
            "insert into home (home, label, organisation, time_zone) values ($1, '', 1, $2)",
            home, zone,
        )  # fmt: skip
        if number % 5 == 0:
            continue  # nobody sees the bathroom
        await connection.execute(
            "insert into sensor (home, sensor, kind, place, last_at)"
            " values ($1, 's', 'motion', 'bathroom', $2)", home, now,
        )  # fmt: skip
        for _ in range(dice.choice([0, 20, 60, 120])):
            at = now - timedelta(minutes=dice.randrange(-60, 60 * 24 * 8))
            for _ in range(dice.choice([1, 1, 3])):
                place = dice.choice(["bathroom"] * 5 + ["kitchen"])
                quality = dice.choice(["ok"] * 6 + ["late", "suspect"])
                events.append((home, at, place, quality))
                at += timedelta(minutes=dice.choice([1, 9, 10, 11]))
    await connection.executemany(EVENT, events)


async def slowly(
    services: Services, now: datetime, wanted: Criteria
) -> tuple[dict[str, list[str]], int]:
    """Who is listed and why, and of how many homes it cannot be said."""
    nights: dict[str, dict[date, int]] = defaultdict(dict)
    since = now - timedelta(days=NIGHTS)
    async with services.database.transaction(within([1])) as connection:
        for row in await connection.fetch("select home from sensor"):
            nights[row["home"]] = {}
        for row in await connection.fetch(SLOW, since, now):
            nights[row["home"]][row["night"]] = row["trips"]
    facts = Facts(None, None, {}, {}, None, now.date())
    found = {home: judge(wanted, facts._replace(nights=each)) for home, each in nights.items()}
    return {home: one.why for home, one in found.items() if one.belongs}, 40 - len(found)


@pytest.mark.parametrize(
    "now",
    [
        datetime(2026, 7, 20, 12, tzinfo=UTC),
        datetime(2026, 10, 31, 23, 30, tzinfo=UTC),  # Cairo and London were put back
        datetime(2026, 11, 2, 5, 30, tzinfo=UTC),  # and Havana
        datetime(2026, 4, 6, 3, tzinfo=UTC),  # Lord Howe was, and London put on
    ],
    ids=str,
)
async def test_the_same_are_found_as_by_reading_all_events_of_the_week(
    services: Services, clock: SettableClock, connection: asyncpg.Connection, now: datetime
) -> None:
    clock.now = now
    sue: Member = await add_user(services, "sue", role="supervisor", organisations=[1])
    await connection.execute("select series.add_months($1, $1)", now)
    await live(connection, now, random.Random(f"{now}"))  # noqa: S311 - no secret
    listed = set()
    for trips in (1, 2, 3, 5):
        for at_least in (1, 2, 4):
            wanted = Criteria(night_trips=trips, nights_at_least=at_least)
            asked = NewCohort(name=f"{trips} {at_least}", criteria=wanted)
            cohort = (await services.cohorts.add(sue, 1, asked)).cohort
            found = await services.cohorts.people(sue, cohort)
            expected, unknown = await slowly(services, now, wanted)
            assert sum(found.unknown.values()) == unknown
            assert {one.home: one.why for one in found.people} == expected, wanted
            listed |= {(trips, at_least)} if expected else set()
    assert len(listed) > 8, "there was something to find"


async def test_of_whom_something_else_settles_it_no_night_is_counted(
    services: Services, clock: SettableClock, connection: asyncpg.Connection
) -> None:
    clock.now = datetime(2026, 7, 20, 12, tzinfo=UTC)
    sue = await add_user(services, "sue", role="supervisor", organisations=[1])
    await live(connection, clock.now, random.Random(1))  # noqa: S311 - no secret
    for number in range(40):
        age = b"80_or_more" if number < 9 else b"under_65"
        content = b'{"risk": {"age": "%b"}}' % age
        await services.configurations.put(f"h{number}", content, sue, seen=0)
    alone = Criteria(night_trips=1, nights_at_least=1)
    both = Criteria(night_trips=1, nights_at_least=1, age_at_least=70)
    made = [
        (await services.cohorts.add(sue, 1, NewCohort(name=name, criteria=each))).cohort
        for name, each in (("alone", alone), ("both", both))
    ]
    everybody, some = [await services.cohorts.people(sue, one) for one in made]
    up = {one.home for one in everybody.people}
    old = {f"h{number}" for number in range(9)}
    assert {one.home for one in some.people} == up & old
    assert up - old, "others are up as well"
    assert sum(some.unknown.values()) <= 9, "of the young it is settled"
