"""What is taken for a day away is not counted against anybody, and what is not is."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.identity.people import Member
from api.people.away import Stretch, away, days_away, homes_away, instant, overlap
from api.people.spell import SpellKind, SpellRequest
from api.services import Services
from tests.api.support import NOON, SettableClock, add_device

LONDON, NEW_YORK = ZoneInfo("Europe/London"), ZoneInfo("America/New_York")
DAY = date(2026, 3, 10)
MONTH = (date(2026, 3, 1), date(2026, 4, 10))


def from_to(begins: time, ends: time, day: date = DAY, zone: ZoneInfo = LONDON) -> Stretch:
    return Stretch(instant(day, begins, zone), instant(day, ends, zone))


@pytest.mark.parametrize(
    ("begins", "ends", "counts"),
    [
        (time(10), time(14), True),  # a quarter of the sixteen hours
        (time(10), time(13, 59), False),  # an outing
        (time(), time(11), True),  # home for lunch
        (time(), time(10, 59), False),  # home in the morning, from a night in hospital
        (time(18, 59), time(23, 59), True),
        (time(19, 1), time(23, 59), False),  # taken to hospital in the evening
    ],
)
def test_a_day_of_which_most_was_spent_at_home_is_kept_and_one_cut_short_is_no_day(
    begins: time, ends: time, counts: bool
) -> None:
    assert days_away([from_to(begins, ends)], *MONTH, LONDON) == ({DAY} if counts else set())


def test_two_short_times_away_on_one_day_are_as_long_as_both() -> None:
    both = [from_to(time(8), time(10)), from_to(time(15), time(17))]
    assert days_away(both, *MONTH, LONDON) == {DAY}
    assert days_away(both[:1], *MONTH, LONDON) == set()


@pytest.mark.parametrize("day", [date(2026, 3, 29), date(2026, 10, 25)])
def test_days_on_which_the_clock_changes_are_told_by_the_home_s_own_hours(day: date) -> None:
    edge = from_to(time(), time(11), day)
    assert days_away([edge], day, day, LONDON) == {day}
    short = edge._replace(ends=edge.ends - timedelta(minutes=1))
    assert days_away([short], day, day, LONDON) == set()


def test_a_home_abroad_is_away_on_its_own_days() -> None:
    evening = from_to(time(19), time(23), DAY, NEW_YORK)  # the night behind it in London
    assert days_away([evening], *MONTH, NEW_YORK) == {DAY}
    assert days_away([evening], *MONTH, LONDON) == set()


@given(
    st.lists(st.tuples(st.integers(0, 400), st.integers(1, 100)), max_size=6),
    st.integers(0, 400), st.integers(0, 100),
)  # fmt: skip
def test_no_hour_away_is_forgotten_or_counted_twice(
    spans: list[tuple[int, int]], begins: int, hours: int
) -> None:
    start = datetime(2026, 3, 1, tzinfo=UTC)
    apart: list[Stretch] = []
    at = start
    for wait, long in spans:
        at += timedelta(hours=wait)
        apart.append(Stretch(at, at + timedelta(hours=long)))
        at += timedelta(hours=long)
    first = start + timedelta(hours=begins)
    slowly = sum(
        any(one.begins <= first + timedelta(hours=n) < one.ends for one in apart)
        for n in range(hours)
    )
    assert overlap(apart, first, first + timedelta(hours=hours)) == timedelta(hours=slowly)


async def found(
    services: Services, boss: Member, home: str, since: datetime, until: datetime
) -> list[Stretch]:
    async with services.database.transaction(boss.reach) as connection:
        return (await away(connection, [home], since, until)).get(home, [])


async def test_an_absence_counts_for_as_long_as_it_held_and_one_taken_back_never(
    services: Services, boss: Member, clock: SettableClock
) -> None:
    spells, week = services.people.spells, NOON + timedelta(days=7)
    homes = ("ended", "runs_out", "called_off", "unbegun", "rests")
    for home in homes:
        await add_device(services, home)
    stay = SpellRequest(kind=SpellKind.HOSPITAL, until=week)
    ended = await spells.set("ended", stay, boss)
    await spells.set("runs_out", stay, boss)
    tomorrow = NOON + timedelta(days=1)
    later = SpellRequest(kind=SpellKind.HOLIDAY, starts_at=tomorrow, until=week)
    await spells.end("called_off", await spells.set("called_off", later, boss), boss)
    await spells.set("unbegun", later, boss)  # and no clock turns: the centre is off all the while
    await spells.set("rests", SpellRequest(kind=SpellKind.PAUSE, until=tomorrow), boss)
    clock.move(days=2)
    await spells.end("ended", ended, boss)
    clock.move(days=10)
    ends = clock()
    assert {home: await found(services, boss, home, NOON, ends) for home in homes} == {
        "ended": [(NOON, NOON + timedelta(days=2))],
        "runs_out": [(NOON, week)],
        "called_off": [],
        "unbegun": [(tomorrow, week)],
        "rests": [(NOON, tomorrow)],
    }
    await spells.look()  # the centre is back, and ends what was never begun
    assert await found(services, boss, "unbegun", NOON, ends) == [(tomorrow, week)]
    within = (NOON + timedelta(days=3), NOON + timedelta(days=4))
    assert await found(services, boss, "runs_out", *within) == [within]
    assert await found(services, boss, "ended", *within) == []


async def test_a_holiday_that_runs_into_a_stay_in_hospital_is_one_time_away(
    services: Services, boss: Member
) -> None:
    await add_device(services, "h1")
    spells, until = services.people.spells, NOON + timedelta(days=2)
    await spells.set("h1", SpellRequest(kind=SpellKind.HOSPITAL, until=until), boss)
    paused = NOON + timedelta(days=3)
    await spells.set("h1", SpellRequest(kind=SpellKind.PAUSE, until=paused), boss)
    assert await found(services, boss, "h1", NOON, NOON + timedelta(days=9)) == [(NOON, paused)]


async def test_what_staff_wrote_into_the_configuration_is_on_record_too(
    services: Services, boss: Member
) -> None:
    contexts = {
        "stay": '[{"situation": "hospital", "since": "2026-03-10", "until": "2026-03-11"}]',
        "gone": '[{"situation": "away", "since": "2026-04-09"}]',
        "ever": '[{"situation": "away", "since": "0001-01-01", "until": "9999-12-31"}]',
        "dog": '[{"situation": "pet", "since": "2026-03-10"}]',
        "bare": "[]",
    }
    for home, context in contexts.items():
        await add_device(services, home)
        content = f'{{"context": {context}}}'.encode()
        await services.configurations.put(home, content, boss, seen=0)
    async with services.database.transaction(boss.reach) as connection:
        days = await homes_away(connection, dict.fromkeys(contexts, LONDON), *MONTH)
    assert days["stay"] == {DAY, date(2026, 3, 11)}
    assert days["gone"] == {date(2026, 4, 9), date(2026, 4, 10)}
    assert len(days["ever"]) == (MONTH[1] - MONTH[0]).days + 1
    assert days.keys() == {"stay", "gone", "ever"}
