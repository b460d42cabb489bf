"""Days in hospital are no loss of ability: nothing is said of what was not seen at home."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import count

import pytest

from api.identity.people import Member
from api.people.away import Stretch, instant
from api.people.spell import SpellKind, SpellRequest
from api.reablement.advice import advise
from api.reablement.days import LocalDay, Sign, measure_days
from api.reablement.views import NewProgramme, Programme
from api.services import Services
from tests.api.reablement.test_advice import LONDON, STARTS, day, lived
from tests.api.support import SettableClock, add_device, add_user

NOW = datetime(2026, 4, 16, 12, tzinfo=UTC)
HEARD = "Too little was heard: 14 days of the first two weeks and 5 of the last two; "
AWAY = (
    "Away or paused, as on record: 0 days of the first two weeks and 9 days of the last two; "
    "nothing is said of these."
)


def at(on: date, hour: int, minute: int = 0) -> datetime:
    return instant(on, time(hour, minute), LONDON)


def warmth(on: date) -> list[Sign]:
    return [Sign(at(on, hour, 7), "temperature", "lounge", 20) for hour in range(24)]


def days_of(*signs: Sign, gone: tuple[Stretch, ...] = (), last: int = 3) -> list[LocalDay]:
    """From the first day on, on each of which the home's sensors tell as ever, and `signs`."""
    usual = [sign for n in range(last + 1) for sign in day(STARTS + timedelta(days=n))]
    every = sorted([*usual, *signs])
    return measure_days(every, STARTS, STARTS + timedelta(days=last), LONDON, gone)


@pytest.mark.parametrize(
    ("kind", "value", "lived_in"),
    [
        ("motion", 1, True), ("presence", 1, True), ("opening", 1, True), ("appliance", 80, True),
        ("flush", 1, True), ("gait_speed", 0.7, True), ("button", 0, True),
        ("humidity", 60, False), ("temperature", 21, False), ("opening", 0, False),
        ("presence", 0, False), ("a_newer_word", 1, False),
    ],
)  # fmt: skip
def test_a_thermometer_in_an_empty_home_is_nobody_at_home(
    kind: str, value: float, lived_in: bool
) -> None:
    some = [Sign(at(STARTS, hour, 20), kind, "lounge", value) for hour in (9, 18)]
    (found,) = measure_days(sorted([*warmth(STARTS), *some]), STARTS, STARTS, LONDON)
    assert (found.coverage, found.lived, found.seen) == (1, lived_in, lived_in)


@pytest.mark.parametrize(
    ("minutes", "seen"),
    [([9 * 60, 18 * 60], True), ([9 * 60, 9 * 60 + 59], False), ([2 * 60, 9 * 60, 23 * 60], False)],
)
def test_who_only_looks_in_for_the_post_does_not_make_a_day(minutes: list[int], seen: bool) -> None:
    some = [Sign(at(STARTS, *divmod(one, 60)), "motion", "hall", 1) for one in minutes]
    (found,) = measure_days(sorted([*warmth(STARTS), *some]), STARTS, STARTS, LONDON)
    assert found.seen is seen


def test_a_day_out_is_still_a_day_and_no_silent_hub() -> None:
    door = [Sign(at(STARTS, hour), "opening", "front_door", 1) for hour in (8, 22)]
    home = [Sign(at(STARTS, 22, 1), "motion", "hall", 1)]
    (found,) = measure_days(sorted([*warmth(STARTS), *door, *home]), STARTS, STARTS, LONDON)
    assert (found.seen, found.values["out"]) == (True, 14 * 60)


def test_what_a_cleaner_does_meanwhile_is_not_the_person_s() -> None:
    second = STARTS + timedelta(days=1)
    away = Stretch(at(second, 0), at(second, 23, 59))
    found = days_of(gone=(away,))
    assert [(one.seen, bool(one.values)) for one in found] == [
        (True, True), (False, False), (True, True), (True, True),
    ]  # fmt: skip


def test_leaving_for_hospital_is_no_time_out_and_the_night_there_is_no_sleepless_one() -> None:
    """Taken away at a quarter to eleven by an ambulance, home before eight in the morning."""
    first, second = STARTS, STARTS + timedelta(days=1)
    signs = [one for one in day(first) if one.at < at(first, 22)]
    signs += [Sign(at(first, 22, 45), "opening", "front_door", 1)]
    signs += [one for one in day(second) if one.at > at(second, 8)]
    kept = measure_days(sorted([*signs, *day(second + timedelta(days=1))]), first, second, LONDON)
    assert kept[0].values["out"] > 600
    gone = (Stretch(at(first, 22, 50), at(second, 7, 50)),)
    found = measure_days(
        sorted([*signs, *day(second + timedelta(days=1))]), first, second, LONDON, gone
    )
    assert all(one.seen for one in found), "neither day was away for four hours"
    assert [one.values.keys() & {"out", "rest"} for one in found] == [{"rest"}, set()]
    assert found[1].values["kitchen"] == 4


def test_who_leaves_the_evening_before_is_not_out_for_the_whole_stay() -> None:
    leaves = Sign(at(STARTS, 23, 10), "opening", "front_door", 1)
    stay = Stretch(at(STARTS + timedelta(days=1), 1), at(STARTS + timedelta(days=3), 23))
    signs = sorted([*day(STARTS), leaves, *day(STARTS + timedelta(days=4))])
    found = measure_days(signs, STARTS, STARTS + timedelta(days=4), LONDON, (stay,))
    assert [one.seen for one in found] == [True, False, False, False, True]
    assert found[0].values["out"] == 45


def test_advice_says_which_days_it_left_out_also_where_enough_are_left() -> None:
    days = lived({"kitchen": 0.5, "transit": 1.8})
    days[-5:] = [one._replace(away=True, values={}) for one in days[-5:]]
    days[0] = days[0]._replace(lived=False)
    found = advise(days)
    assert found.says == "step_up"
    assert found.why[-2:] == [
        (
            "Away or paused, as on record: 0 days of the first two weeks and 5 days of the last "
            "two; nothing is said of these."
        ),
        (
            "Nothing told of anybody at home: 1 day of the first two weeks and 0 days of the last "
            "two; nothing is said of these."
        ),
    ]


async def told(services: Services, *, at_home: int) -> Member:
    """Ordinary days, then an empty home; a thermometer tells every hour of four weeks."""
    device = await add_device(services, "h1", label="Flat 12")
    signs = [sign for n in range(at_home) for sign in day(STARTS + timedelta(days=n))]
    signs += [sign for n in range(28) for sign in warmth(STARTS + timedelta(days=n))]
    number = count(1)
    records = [
        device.event(
            next(number), at=one.at.isoformat(), kind=one.kind, place=one.place, value=one.value
        )
        for one in sorted(signs)
    ]
    for first in range(0, len(records), 900):
        await services.ingest.store(device.batch(records[first : first + 900]), "h1")
    return await add_user(services, "sue", role="supervisor", organisations=[1])


async def begun(services: Services, by: Member) -> Programme:
    return await services.reablement.begin(by, "h1", NewProgramme(starts=STARTS))


@pytest.mark.network
async def test_nine_days_in_hospital_are_no_reason_for_more_support(
    services: Services, clock: SettableClock
) -> None:
    clock.now = at(STARTS + timedelta(days=19), 9)
    sue = await told(services, at_home=19)
    stay = SpellRequest(kind=SpellKind.HOSPITAL, until=NOW + timedelta(days=9))
    await services.people.spells.set("h1", stay, sue)
    clock.now = NOW
    shown = await begun(services, sue)
    assert [one.days_seen for one in shown.weeks] == [7, 7, 5, 0]
    assert shown.weeks[3].kitchen is None
    assert shown.advice.says == "cannot_say"
    assert shown.advice.why == [f"{HEARD}8 are needed of each.", AWAY]


@pytest.mark.network
async def test_days_of_which_nobody_wrote_down_that_they_were_away_are_no_reason_either(
    services: Services, clock: SettableClock
) -> None:
    sue = await told(services, at_home=19)
    clock.now = NOW
    advice = (await begun(services, sue)).advice
    assert advice.says == "cannot_say"
    assert advice.why[1].startswith("Nothing told of anybody at home: 0 days of the first")


@pytest.mark.network
async def test_a_stay_that_was_called_off_or_ended_early_hides_no_day_at_home(
    services: Services, clock: SettableClock
) -> None:
    sue, spells = await told(services, at_home=28), services.people.spells
    clock.now = at(STARTS + timedelta(days=14), 8)
    until = NOW + timedelta(days=9)
    later = SpellRequest(
        kind=SpellKind.HOSPITAL, starts_at=clock.now + timedelta(days=1), until=until
    )
    await spells.end("h1", await spells.set("h1", later, sue), sue)
    number = await spells.set("h1", SpellRequest(kind=SpellKind.HOLIDAY, until=until), sue)
    clock.move(days=2)
    await spells.end("h1", number, sue)
    clock.now = NOW
    shown = await begun(services, sue)
    assert [one.days_seen for one in shown.weeks] == [7, 7, 5, 7]
    assert shown.advice.says == "no_change"
