"""The week of a person is what staff judge an alert by: a wrong count misleads them."""

from datetime import UTC, date, datetime, timedelta

import httpx
import pytest

from api.refusals import Invalid, NotFound
from api.services import Services
from api.store.reach import CENTRE
from tests.api.support import NOON, PASSWORD, SettableClock, add_alert, add_device, add_user


async def test_days_are_the_person_s_own_even_where_the_clock_changes(
    services: Services, clock: SettableClock
) -> None:
    device = await add_device(services)
    clock.now = datetime(2026, 3, 30, 12, tzinfo=UTC)  # British summer time began the day before
    spoken = [
        "2026-03-28T23:59:00Z",
        "2026-03-29T00:00:00Z",
        "2026-03-29T22:59:00Z",
        "2026-03-29T23:00:00Z",  # already the 30th in London
    ]
    records = [device.event(seq, at=at) for seq, at in enumerate(spoken, start=1)]
    await services.ingest.store(device.batch(records), device.home)
    week = await services.homes.days(CENTRE, device.home, 3)
    counts = {day.day: sum(count.count for count in day.counts) for day in week.days}
    assert counts == {"2026-03-28": 1, "2026-03-29": 2, "2026-03-30": 1}


async def test_every_day_is_there_also_the_silent_ones(services: Services) -> None:
    device = await add_device(services)
    week = await services.homes.days(CENTRE, device.home)
    assert [day.day for day in week.days] == [f"2026-03-{day:02}" for day in range(4, 11)]
    assert all(day.counts == [] for day in week.days)


async def test_doors_count_when_opened_and_boils_by_use_with_their_energy(
    services: Services,
) -> None:
    device = await add_device(services)
    door = {"sensor": "front-door", "kind": "opening", "place": "front_door"}
    kettle = {"sensor": "kettle", "kind": "appliance", "place": "kettle"}
    records = [
        device.event(1, **door, value=1),
        device.event(2, **door, value=0),
        device.event(3, **kettle, value=90.5, duration=120),
        device.event(4, **kettle, value=80, duration=100),
        device.event(5, quality="replayed"),
        device.event(6, quality="late"),
    ]
    await services.ingest.store(device.batch(records), device.home)
    today = (await services.homes.days(CENTRE, device.home, 1)).days[0]
    found = {(one.place, one.kind): (one.count, one.total) for one in today.counts}
    assert found == {
        ("front_door", "opening"): (1, 1.0),
        ("kettle", "appliance"): (2, 170.5),
        ("bathroom", "motion"): (1, 1.0),
    }


async def test_an_earlier_week_can_be_looked_at(services: Services) -> None:
    device = await add_device(services)
    await services.ingest.store(device.batch([device.event(1)]), device.home)
    days = await services.homes.days(CENTRE, device.home, 2, until=date(2026, 3, 9))
    assert [day.day for day in days.days] == ["2026-03-08", "2026-03-09"]
    assert days.days[1].counts == []


@pytest.mark.parametrize("count", [0, -1, 401])
async def test_no_more_days_than_the_centre_will_count(services: Services, count: int) -> None:
    device = await add_device(services)
    with pytest.raises(Invalid, match="days must be from 1 to 400"):
        await services.homes.days(CENTRE, device.home, count)


async def test_activity_is_what_somebody_did_in_quarters_of_an_hour(services: Services) -> None:
    device = await add_device(services)
    records = [
        device.event(1, at="2026-03-10T09:01:00Z"),
        device.event(2, at="2026-03-10T09:14:59Z"),
        device.event(3, at="2026-03-10T09:15:00Z"),
        device.event(4, at="2026-03-10T09:16:00Z", kind="opening", place="front_door", value=1),
        device.event(5, at="2026-03-10T09:17:00Z", kind="opening", place="front_door", value=0),
        device.event(6, at="2026-03-10T09:18:00Z", kind="temperature", value=20),
        device.event(7, at="2026-03-10T09:19:00Z", quality="replayed"),
        device.event(8, at="2026-03-08T23:59:00Z"),
    ]
    await services.ingest.store(device.batch(records), device.home)
    found = await services.homes.activity(CENTRE, device.home, 2)
    assert [(f"{one.at:%H:%M}", one.place, one.n) for one in found] == [
        ("09:00", "bathroom", 2),
        ("09:15", "bathroom", 1),
        ("09:15", "front_door", 1),
    ]
    with pytest.raises(Invalid):
        await services.homes.activity(CENTRE, device.home, 0)


async def test_homes_are_listed_with_what_waits_and_when_they_were_heard(
    services: Services, clock: SettableClock
) -> None:
    quiet, loud = await add_device(services, "a", label="Flat 1"), await add_device(services, "b")
    ann = await add_user(services)
    first = await add_alert(services, loud, 1)
    await add_alert(services, loud, 2)
    await services.alerts.claim(first, ann)
    await services.alerts.resolve(first, ann, "test")
    lines = await services.homes.all(CENTRE)
    assert [(one.home, one.label, one.waiting, one.last_seen_at) for one in lines] == [
        (quiet.home, "Flat 1", 0, None),
        (loud.home, "", 1, clock.now),
    ]
    assert [one.home for one in await services.homes.all(CENTRE, after="a", limit=1)] == ["b"]


async def test_of_a_home_that_was_let_go_nothing_waits_any_more(services: Services) -> None:
    device = await add_device(services)
    boss = await add_user(services, "boss", role="administrator")
    await add_alert(services, device, 1)
    assert [one.waiting for one in await services.homes.all(CENTRE)] == [1]
    await services.places.revoke(device.hub, boss)
    assert [one.waiting for one in await services.homes.all(CENTRE)] == [0]


async def test_staff_may_rename_a_home(services: Services) -> None:
    device = await add_device(services)
    await services.homes.relabel(CENTRE, device.home, " Flat 7 ")
    assert (await services.homes.one(CENTRE, device.home)).label == "Flat 7"
    with pytest.raises(Invalid):
        await services.homes.relabel(CENTRE, device.home, "x" * 81)
    for missing in (
        services.homes.relabel(CENTRE, "nowhere", "x"),
        services.homes.one(CENTRE, "nowhere"),
    ):
        with pytest.raises(NotFound):
            await missing


async def test_over_http_a_home_shows_its_hub_sensors_alerts_and_days(
    client: httpx.AsyncClient, services: Services
) -> None:
    await add_user(services)
    device = await add_device(services, label="Flat 12")
    await services.ingest.store(
        device.batch([device.event(1), device.health(2, queued=3)]), device.home
    )
    await add_alert(services, device, 3)
    await client.post("/v1/session", json={"username": "ann", "password": PASSWORD})
    home = (await client.get(f"/v1/homes/{device.home}")).json()
    assert home["label"] == "Flat 12"
    assert home["hubs"][0]["health"]["queued"] == 3
    assert home["sensors"][0]["last_at"] == f"{NOON + timedelta(minutes=1):%Y-%m-%dT%H:%M:%SZ}"
    assert home["alerts"][0]["condition"] == "uti_risk"
    days = (await client.get(f"/v1/homes/{device.home}/days?days=2")).json()
    assert [day["day"] for day in days["days"]] == ["2026-03-09", "2026-03-10"]
    assert (await client.get("/v1/homes")).json()[0]["waiting"] == 1
    for query, status in (("days=0", 422), ("until=0001-01-01", 422), ("until=x", 422)):
        answer = await client.get(f"/v1/homes/{device.home}/days?{query}")
        assert answer.status_code == status
    assert (await client.get("/v1/homes/nowhere/days")).status_code == 404
