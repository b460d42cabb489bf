"""What a hub had told of equipment ends with it; else staff and commissioners read it for ever."""

from datetime import date

import asyncpg
import pytest

from api.alerts.lifecycle import AlertState, Outcome
from api.app import create_services
from api.hubs.places import PlaceRequest
from api.identity.people import Member
from api.refusals import Forbidden
from api.services import Services
from api.settings import Settings
from api.store.reach import CENTRE
from tests.api.conftest import QUICK
from tests.api.hubs.test_places import claimed, speak
from tests.api.support import Device, SettableClock, add_alert, add_device, add_user

SILENT = {"condition": "sensor_silent", "severity": "technical", "subject": "bathroom-pir"}


@pytest.fixture
async def boss(services: Services) -> Member:
    return await add_user(services, "sue", role="supervisor", organisations=[1])


@pytest.fixture
async def device(services: Services) -> Device:
    return await add_device(services, "h1", time_zone="Europe/Madrid")


async def followed(
    services: Services, device: Device, by: Member, clock: SettableClock, seq: int = 1
) -> Device:
    new = await claimed(services, await services.places.replace(device.hub, by))
    await speak(services, new, clock, seq)
    return new


async def sensor_share(services: Services, by: Member, clock: SettableClock) -> float:
    today = clock.now.date()
    report = await services.reports.of(
        by, 1, since=date(2026, 3, 10), until=today, small_numbers=True
    )
    assert report.uptime.sensor_share is not None
    return report.uptime.sensor_share


async def test_a_sensor_that_a_replaced_hub_had_missed_is_not_silent_for_ever_in_the_report(
    services: Services, device: Device, boss: Member, clock: SettableClock
) -> None:
    await speak(services, device, clock, 1)
    alert = await add_alert(services, device, 2, **SILENT)
    await services.alerts.claim(alert, boss)
    await services.alerts.resolve(alert, boss, Outcome.EQUIPMENT)
    clock.move(hours=1)
    await followed(services, device, boss, clock, 9)
    await services.alerts.timers.look()
    shown = (await services.alerts.one(CENTRE, alert)).alert
    assert (shown.state, shown.cleared_at) == (AlertState.RESOLVED, clock.now)
    clock.move(days=9)
    assert await sensor_share(services, boss, clock) > 0.99


async def test_staff_are_not_told_that_a_home_is_not_seen_whose_new_hub_is_heard(
    services: Services, device: Device, boss: Member, clock: SettableClock
) -> None:
    await services.watch.look()
    clock.move(minutes=1)
    await speak(services, device, clock, 1)
    for _ in range(20):
        clock.move(minutes=1)
        await services.watch.look()
    (alert,) = (await services.alerts.queue(CENTRE)).technical
    await followed(services, device, boss, clock)
    await services.alerts.timers.look()
    shown = (await services.alerts.one(CENTRE, alert.id)).alert
    assert (shown.state, shown.cleared_at) == (AlertState.RAISED, clock.now)
    assert shown.text.startswith(
        "The hub was replaced at 13:21 CET on 10 March: nobody waits for it any more. Until then: "
        "Nothing has been heard from the hub since 13:01 CET on 10 March."
    )
    await services.watch.look()
    assert (await services.alerts.one(CENTRE, alert.id)).alert.version == shown.version


async def test_what_a_second_hub_tells_and_what_is_told_of_a_person_stand_on(  # noqa: PLR0917 - fixtures
    services: Services,
    device: Device,
    boss: Member,
    clock: SettableClock,
    migrated_url: str,
    connection: asyncpg.Connection,
) -> None:
    second = await add_device(services, "h1")
    theirs = await add_alert(services, second, 1, **SILENT)
    person = await add_alert(services, device, 2)
    fall = await add_alert(services, device, 3, condition="possible_fall", severity="urgent")
    equipment = await add_alert(services, device, 4, **{**SILENT, "subject": "plug"})
    await services.places.revoke(device.hub, boss)
    other = create_services(Settings(database_url=migrated_url), clock, QUICK)
    try:
        for one in (services, other, services):
            await one.alerts.timers.look()
    finally:
        await other.database.close()
    cleared = {
        alert: (await services.alerts.one(CENTRE, alert)).alert.cleared_at is not None
        for alert in (theirs, person, fall, equipment)
    }
    assert cleared == {theirs: False, person: False, fall: False, equipment: True}
    with pytest.raises(Forbidden):  # and it cannot say otherwise
        await add_alert(services, device, 5, version=2, **{**SILENT, "subject": "plug"})
    assert (
        await connection.fetchval("select count(*) from alert_report where alert = $1", equipment)
        == 1
    )
    assert (await services.alerts.one(CENTRE, equipment)).alert.report_version == 2


async def test_what_the_next_hub_tells_of_the_same_sensor_is_told_anew(
    services: Services, device: Device, boss: Member, clock: SettableClock
) -> None:
    alert = await add_alert(services, device, 1, **SILENT)
    new = await followed(services, device, boss, clock, 7)
    await services.alerts.timers.look()
    clock.move(hours=25)
    again = await add_alert(
        services, new, 8, id="h1:sensor_silent:2", raised_at=clock.now.isoformat(),
        updated_at=clock.now.isoformat(), **SILENT,
    )  # fmt: skip
    await services.alerts.timers.look()
    assert again != alert
    assert (await services.alerts.one(CENTRE, again)).alert.cleared_at is None


async def test_a_home_that_its_last_hub_left_keeps_nothing_open_of_its_equipment(
    services: Services, device: Device, boss: Member, clock: SettableClock
) -> None:
    alert = await add_alert(services, device, 1, **SILENT)
    await services.places.revoke(device.hub, boss)
    await services.alerts.timers.look()
    shown = (await services.alerts.one(CENTRE, alert)).alert
    assert (shown.state, shown.cleared_at) == (AlertState.WITHDRAWN, clock.now)
    place = await services.places.add(1, PlaceRequest(home="h1"), boss)
    await speak(services, await claimed(services, place), clock, 1)
    await services.alerts.timers.look()
    assert (await services.alerts.queue(CENTRE)).technical == []
