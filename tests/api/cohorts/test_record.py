"""Who came home from hospital is called, whoever wrote down that they were there."""

from datetime import date, timedelta

from api.cohorts.record import FromConfiguration, FromPeople, Record
from api.identity.people import Member
from api.people.identity import Identity
from api.people.risk import RiskRecord
from api.people.spell import SpellKind, SpellRequest
from api.services import Services
from tests.api.people.conftest import app, boss
from tests.api.support import NOON, SettableClock, add_device

__all__ = ["app", "boss"]
HOSPITAL_LIST = 4


async def known(services: Services, boss: Member, clock: SettableClock) -> dict[str, Record]:
    records = FromPeople(FromConfiguration())
    async with services.database.transaction(boss.reach) as connection:
        homes = [row["home"] for row in await connection.fetch("select home from home")]
        return await records.of(connection, homes, clock())


async def test_a_stay_in_hospital_that_was_set_puts_them_on_the_list_once_it_is_over(
    services: Services, boss: Member, clock: SettableClock
) -> None:
    spells, homes = services.people.spells, ("ended", "runs_out", "called_off", "rests")
    for home in homes:
        await add_device(services, home)
    week = NOON + timedelta(days=7)
    stay = SpellRequest(kind=SpellKind.HOSPITAL, until=week)
    ended = await spells.set("ended", stay, boss)
    await spells.set("runs_out", stay, boss)
    later = SpellRequest(kind=SpellKind.HOSPITAL, starts_at=NOON + timedelta(days=1), until=week)
    called_off = await spells.set("called_off", later, boss)
    await spells.end("called_off", called_off, boss)
    await spells.set("rests", SpellRequest(kind=SpellKind.PAUSE, until=week), boss)
    found = await known(services, boss, clock)
    assert {home for home, one in found.items() if one.gone} == {"ended", "runs_out"}
    clock.move(days=2)
    await spells.end("ended", ended, boss)
    shown = await services.cohorts.people(boss, HOSPITAL_LIST)
    assert [(one.home, shown.gone) for one in shown.people] == [("ended", 1)]
    clock.move(days=6)
    shown = await services.cohorts.people(boss, HOSPITAL_LIST)
    assert {one.home: one.why[0] for one in shown.people} == {
        "ended": "Home from hospital for 6 days, since 2026-03-12.",
        "runs_out": "Home from hospital for 1 day, since 2026-03-17.",
    }


async def test_the_profile_on_record_counts_before_what_staff_put_into_the_configuration(
    services: Services, boss: Member, clock: SettableClock
) -> None:
    for home in ("two", "put", "bare"):
        await add_device(services, home)
        if home != "bare":
            content = b'{"risk": {"age": "under_65", "catheter": true}}'
            await services.configurations.put(home, content, boss, seen=0)
    people = services.people.residents
    await people.add("bare", Identity(name="Nobody asked"), boss)
    for name, born, profile in (
        ("Joan", date(1940, 1, 1), RiskRecord(dementia=True)),
        ("Ted", date(1970, 1, 1), RiskRecord(catheter=True)),
    ):
        who = await people.add("two", Identity(name=name, born=born), boss)
        await people.put_risk("two", who, profile, boss, seen=0)
    assert await known(services, boss, clock) == {
        "two": Record((80, None), frozenset({"dementia"}), None, False),
        "put": Record((0, 64), frozenset({"catheter"}), None, False),
    }
