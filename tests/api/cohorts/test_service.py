"""A list of people to call is only as good as what was counted for it, and who is left off it."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from api.cohorts.criteria import Criteria
from api.cohorts.views import ContactList, NewCohort, NewContact
from api.identity.people import Member
from api.refusals import Conflict, Invalid, NotAllowed, NotFound
from api.services import Services
from contract import Outcome
from tests.api.support import PASSWORD, Device, SettableClock, add_alert, add_device, add_user

pytestmark = pytest.mark.network
START = datetime(2026, 7, 20, 12, tzinfo=UTC)
HOT, COLD, TRIPS, HOSPITAL = range(1, 5)


@pytest.fixture
async def sue(services: Services, clock: SettableClock) -> Member:
    clock.now = START
    return await add_user(services, "sue", role="supervisor", organisations=[1])


async def send(services: Services, device: Device, *events: dict[str, Any]) -> None:
    records = [device.event(seq, **one) for seq, one in enumerate(events, start=1)]
    await services.ingest.store(device.batch(records, epoch=f"e{START}"), device.home)


def warm(celsius: float, hours_ago: float = 5) -> dict[str, Any]:
    at = (START - timedelta(hours=hours_ago)).isoformat()
    return {"kind": "temperature", "place": "lounge", "sensor": "t", "value": celsius, "at": at}


def boil(days_ago: int, minute: int) -> dict[str, Any]:
    at = (START - timedelta(days=days_ago, minutes=minute)).isoformat()
    return {"kind": "appliance", "place": "kettle", "sensor": "k", "value": 80, "duration": 120,
            "at": at}  # fmt: skip


def trip(hours: float, days_ago: int, minutes: float = 0) -> dict[str, Any]:
    begin = datetime(2026, 7, 20, tzinfo=UTC) - timedelta(days=days_ago, hours=1)  # midnight there
    return {"at": (begin + timedelta(hours=hours, minutes=minutes)).isoformat()}


def drinks(now: int) -> list[dict[str, Any]]:
    return [boil(day, minute) for day in range(1, 20) for minute in range(now if day < 4 else 6)]


def homes(found: ContactList) -> set[str]:
    return {one.home for one in found.people}


async def test_every_organisation_begins_with_the_lists_that_most_need(
    services: Services, sue: Member
) -> None:
    del sue
    other = await services.organisations.add("Others")
    they = await add_user(services, "them", role="supervisor", organisations=[other.organisation])
    found = await services.cohorts.all(they)
    assert {one.organisation for one in found} == {other.organisation}
    assert {one.name for one in found} == {
        "Hot home and less to drink", "Cold home, over 75", "Three or more trips a night",
        "Six weeks after hospital",
    }  # fmt: skip


async def test_heat_and_drinking_less_are_found_in_what_sensors_told(
    services: Services, sue: Member
) -> None:
    for home, celsius, boils in (("dry", 29, 2), ("drinks", 29, 6), ("cool", 22, 2)):
        device = await add_device(services, home, label=home.title())
        outside = {**warm(40), "place": "outside", "sensor": "o"}
        await send(services, device, warm(celsius), outside, *drinks(boils))
    await add_device(services, "new")
    found = await services.cohorts.people(sue, HOT)
    assert homes(found) == {"dry"}
    assert found.people[0].why == [
        "29.0 °C indoors on average over the last 3 days.",
        "Intake 67% less than in the four weeks before: 2.0 a day, usually 6.0.",
    ]
    assert found.unknown == {"No thermometer was heard.": 1}


async def test_night_trips_are_counted_by_the_home_s_own_clock_and_not_by_each_movement(
    services: Services, sue: Member
) -> None:
    often = [
        trip(hour, day, minute) for day in (0, 2) for hour in (-0.9, 2, 5) for minute in (0, 4)
    ]
    device = await add_device(services, "often")
    await send(services, device, *often)
    one_long_stay = [trip(2, day, minute) for day in (0, 1, 2) for minute in (0, 5, 9)]
    await send(services, await add_device(services, "slow"), *one_long_stay)
    early = [trip(hour, day) for day in (0, 1, 2) for hour in (6.1, 6.5, 7)]
    await send(services, await add_device(services, "early"), *early)
    abroad = await add_device(services, "abroad", time_zone="America/New_York")
    await send(services, abroad, *often)  # in the evening there
    found = await services.cohorts.people(sue, TRIPS)
    assert homes(found) == {"often"}
    assert found.people[0].why == ["3 or more trips to the bathroom in 2 of the last 7 nights."]


async def test_who_is_on_record_as_old_and_cold_or_just_home_is_listed_and_who_is_away_is_not(
    services: Services, sue: Member
) -> None:
    settings = {
        "old": b'{"risk": {"age": "80_or_more"}}',
        "young": b'{"risk": {"age": "under_65"}}',
        "out": b'{"risk": {"age": "80_or_more"}, "context":'
        b' [{"situation": "hospital", "since": "2026-07-18"}]}',
        "back": b'{"context": [{"situation": "hospital", "since": "2026-06-20", "until":'
        b' "2026-07-01"}]}',
    }
    for home, content in settings.items():
        await send(services, await add_device(services, home), warm(15))
        await services.configurations.put(home, content, sue, seen=0)
    cold = await services.cohorts.people(sue, COLD)
    assert homes(cold) == {"old"}
    assert cold.gone == 1
    assert cold.unknown == {"Their age is not on record.": 1}
    home_again = await services.cohorts.people(sue, HOSPITAL)
    assert home_again.people[0].why == ["Home from hospital for 19 days, since 2026-07-01."]


async def test_an_alert_that_was_false_puts_nobody_on_a_list(
    services: Services, sue: Member, clock: SettableClock
) -> None:
    asked = NewCohort(name="Falls", criteria=Criteria(alerts=["fall_risk"]))
    falls = (await services.cohorts.add(sue, 1, asked)).cohort
    now = clock().isoformat()
    for home in ("real", "false"):
        device = await add_device(services, home)
        alert = await add_alert(
            services, device, condition="fall_risk", raised_at=now, updated_at=now
        )
        if home == "false":
            await services.alerts.claim(alert, sue)
            await services.alerts.resolve(alert, sue, Outcome.FALSE_ALARM)
    found = await services.cohorts.people(sue, falls)
    assert homes(found) == {"real"}
    said = "Alert of 2026-07-20: Toileting pattern changed: consider a UTI check."
    assert found.people[0].why == [said], "as the alert says it"


async def test_who_was_called_is_not_listed_again_at_once(
    services: Services, sue: Member, clock: SettableClock
) -> None:
    for home in ("a", "b"):
        await send(services, await add_device(services, home), warm(29), *drinks(2))
    found = await services.cohorts.called(sue, HOT, NewContact(home="a", outcome="contacted"))
    assert homes(found) == {"b"}
    assert found.quiet == 1
    assert found.recent[0].why[0].startswith("29.0 °C")
    found = await services.cohorts.called(sue, HOT, NewContact(home="b", outcome="no_answer"))
    assert (homes(found), found.quiet) == (set(), 2)
    clock.move(hours=12)
    later = await services.cohorts.people(sue, HOT)
    assert homes(later) == {"b"}
    assert later.people[0].last is not None
    assert later.people[0].last.outcome == "no_answer"


async def test_two_who_call_from_the_same_list_do_not_both_call_the_same_person(
    services: Services, sue: Member, clock: SettableClock
) -> None:
    await send(services, await add_device(services, "a"), warm(29), *drinks(2))
    ann = await add_user(services, "ann", organisations=[1])
    seen = (await services.cohorts.people(ann, HOT)).made_at
    clock.move(seconds=30)
    await services.cohorts.called(sue, HOT, NewContact(home="a", outcome="contacted"))
    with pytest.raises(Conflict, match="Sue B has already called: contacted"):
        await services.cohorts.called(
            ann, HOT, NewContact(home="a", outcome="no_answer", seen_at=seen)
        )
    assert len((await services.cohorts.people(ann, HOT)).recent) == 1


async def test_who_is_on_two_lists_is_not_rung_twice_and_may_be_called_all_the_same(
    services: Services, sue: Member, clock: SettableClock
) -> None:
    """In a heat wave three operators rang the same frail person within the hour."""
    often = [trip(hour, day) for day in (0, 2) for hour in (-0.9, 2, 5)]
    await send(services, await add_device(services, "a"), warm(29), *drinks(2), *often)
    ann = await add_user(services, "ann", organisations=[1])
    seen = (await services.cohorts.people(ann, TRIPS)).made_at
    clock.move(minutes=10)
    await services.cohorts.called(sue, HOT, NewContact(home="a", outcome="contacted", note="Fine."))
    found = await services.cohorts.people(ann, TRIPS)
    assert (homes(found), found.quiet) == (set(), 0)
    (held,) = found.held
    assert held.why == ["3 or more trips to the bathroom in 2 of the last 7 nights."]
    assert held.held_until == clock.now + timedelta(days=1)
    assert held.last is not None
    assert (held.last.from_list, held.last.cohort) == ("Hot home and less to drink", HOT)
    assert (held.last.by, held.last.outcome, held.last.note) == ("Sue B", "contacted", "Fine.")
    assert found.recent == [], "nobody was called because of this list"
    call = NewContact(home="a", outcome="action", seen_at=seen)
    with pytest.raises(Conflict, match="Sue B has already called: contacted"):
        await services.cohorts.called(ann, TRIPS, call)
    again = NewContact(home="a", outcome="action", seen_at=found.made_at)
    assert (await services.cohorts.called(ann, TRIPS, again)).quiet == 1


@pytest.mark.parametrize(("outcome", "hours"), [("contacted", 24), ("no_answer", 12)])
async def test_who_was_called_because_of_another_list_is_on_this_one_again_after_a_day(
    services: Services, sue: Member, clock: SettableClock, outcome: Any, hours: int
) -> None:
    often = [trip(hour, day) for day in (0, 1, 2) for hour in (-0.9, 2, 5)]
    await send(services, await add_device(services, "a"), warm(29), *drinks(2), *often)
    await services.cohorts.called(sue, HOT, NewContact(home="a", outcome=outcome))
    clock.move(hours=hours - 0.1)
    assert homes(await services.cohorts.people(sue, TRIPS)) == set()
    clock.move(hours=0.2)
    found = await services.cohorts.people(sue, TRIPS)
    assert homes(found) == {"a"}
    assert found.people[0].last is not None
    assert found.people[0].last.outcome == outcome


async def test_two_who_call_the_same_person_from_two_lists_at_once_are_not_both_believed(
    services: Services, sue: Member, clock: SettableClock
) -> None:
    often = [trip(hour, day) for day in (0, 2) for hour in (-0.9, 2, 5)]
    await send(services, await add_device(services, "a"), warm(29), *drinks(2), *often)
    seen = clock.now
    clock.move(minutes=1)
    call = NewContact(home="a", outcome="contacted", seen_at=seen)
    said = await asyncio.gather(
        *(services.cohorts.keep(sue, one, call) for one in (HOT, TRIPS)), return_exceptions=True
    )
    assert sorted(type(one).__name__ for one in said) == ["Conflict", "NoneType"]


async def test_who_was_called_because_of_a_list_that_is_removed_then_is_not_rung_again_at_once(
    services: Services, sue: Member, client: httpx.AsyncClient
) -> None:
    often = [trip(hour, day) for day in (0, 2) for hour in (-0.9, 2, 5)]
    await send(services, await add_device(services, "a"), warm(29), *drinks(2), *often)
    await services.cohorts.called(sue, HOT, NewContact(home="a", outcome="contacted", note="Fine."))
    await services.cohorts.remove(sue, HOT)
    found = await services.cohorts.people(sue, TRIPS)
    (held,) = found.held
    assert (homes(found), held.last and held.last.note) == (set(), "Fine.")
    await client.post("/sign-in", data={"username": "sue", "password": PASSWORD})
    page = (await client.get(f"/cohorts/{TRIPS}")).text
    assert "Spoken to, Sue B, from a list that was removed since," in page


async def test_the_page_shows_who_is_held_back_with_the_other_list_and_takes_a_call(
    services: Services, sue: Member, client: httpx.AsyncClient
) -> None:
    often = [trip(hour, day) for day in (0, 2) for hour in (-0.9, 2, 5)]
    device = await add_device(services, "a", label="Flat 9")
    await send(services, device, warm(29), *drinks(2), *often)
    await services.cohorts.called(sue, HOT, NewContact(home="a", outcome="contacted"))
    await client.post("/sign-in", data={"username": "sue", "password": PASSWORD})
    page = (await client.get(f"/cohorts/{TRIPS}")).text
    assert "Nobody is to be called now" in page
    assert "1 was called because of another list." in page
    assert "Spoken to, Sue B, from the list Hot home and less to drink," in page
    token = page.split('name="csrf_token" value="')[1].split('"')[0]
    seen = page.split('name="seen_at" value="')[1].split('"')[0]
    form = {"csrf_token": token, "seen_at": seen, "home": "a", "outcome": "action", "note": ""}
    answer = await client.post(f"/cohorts/{TRIPS}", data=form)
    assert answer.status_code == httpx.codes.SEE_OTHER


async def test_a_list_of_everybody_or_of_another_client_is_refused(
    services: Services, sue: Member
) -> None:
    with pytest.raises(Invalid, match="asks for one thing"):
        await services.cohorts.add(sue, 1, NewCohort(name="All", criteria=Criteria()))
    asked = NewCohort(name="Cold home, over 75", criteria=Criteria(colder_than_c=15))
    with pytest.raises(Conflict, match="already a cohort"):
        await services.cohorts.add(sue, 1, asked)
    other = await services.organisations.add("Others")
    asked = NewCohort(name="Mine", criteria=Criteria(colder_than_c=15))
    with pytest.raises(NotFound):
        await services.cohorts.add(sue, other.organisation, asked)
    they = await add_user(services, "them", role="supervisor", organisations=[other.organisation])
    with pytest.raises(NotFound):
        await services.cohorts.people(they, HOT)
    with pytest.raises(NotFound):
        await services.cohorts.remove(they, HOT)
    looker = await add_user(services, "lou", role="care_professional", organisations=[1])
    with pytest.raises(NotAllowed):
        await services.cohorts.called(looker, HOT, NewContact(home="a", outcome="action"))


async def test_the_page_calls_and_goes_on_without_script(
    services: Services, sue: Member, client: httpx.AsyncClient
) -> None:
    del sue
    await send(services, await add_device(services, "a", label="Flat <9>"), warm(29), *drinks(2))
    await client.post("/sign-in", data={"username": "sue", "password": PASSWORD})
    assert "Hot home and less to drink" in (await client.get("/cohorts")).text
    page = (await client.get(f"/cohorts/{HOT}")).text
    assert "Flat &lt;9&gt;" in page
    token = page.split('name="csrf_token" value="')[1].split('"')[0]
    seen = page.split('name="seen_at" value="')[1].split('"')[0]
    form = {"csrf_token": token, "seen_at": seen, "home": "a", "outcome": "action", "note": "GP"}
    answer = await client.post(f"/cohorts/{HOT}", data=form)
    assert answer.status_code == httpx.codes.SEE_OTHER
    after = (await client.get(f"/cohorts/{HOT}")).text
    assert "Nobody is to be called now" in after
    assert "Sue B" in after
    again = await client.post(f"/cohorts/{HOT}", data=form)
    assert again.status_code == httpx.codes.UNPROCESSABLE_ENTITY
    assert "has already called" in again.text
