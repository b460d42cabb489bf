"""Who lives in a home is known to those who need it, to no hub, and to nobody with the database."""

from datetime import date, timedelta
from typing import Any

import asyncpg
import pytest

from api.identity.people import Member
from api.people.consent import Purpose, Scope
from api.people.identity import Identity
from api.people.risk import RiskRecord
from api.refusals import Conflict, Invalid, NotAllowed, NotFound
from api.services import Services
from contract import HomeSettings, decode
from tests.api.support import NOON, Device, SettableClock, add_user

pytestmark = pytest.mark.usefixtures("device")

PEGGY = Identity(name="Margaret Lee", preferred="Peggy", born=date(1946, 3, 11), phone="01632 1")
ALL_KINDS: list[Any] = ["motion", "opening", "appliance"]


async def added(services: Services, by: Member, identity: Identity = PEGGY) -> str:
    return await services.people.residents.add("h1", identity, by)


async def told(services: Services, by: Member) -> HomeSettings:
    detail = await services.configurations.of(by.reach, "h1")
    return decode(bytes(detail.content or b"{}"), HomeSettings)


def scope(*conditions: Any, **more: Any) -> Scope:
    given_by = {"given_by": "person", "given_on": NOON.date(), "sensors": ALL_KINDS}
    return Scope(conditions=list(conditions), **{**given_by, **more})


async def test_a_stolen_database_tells_no_name_and_a_hub_no_birthday(
    services: Services, boss: Member, connection: asyncpg.Connection
) -> None:
    await added(services, boss)
    (row,) = await connection.fetch("select r::text as all_of_it from resident r")
    for secret in (b"Peggy", b"Margaret", b"01632"):
        assert secret.hex() not in row["all_of_it"]
    assert (await told(services, boss)).risk == {"age": "65_to_79"}
    content = await connection.fetchval("select content::text from configuration")
    assert "1946" not in content
    assert "Peggy" not in content


async def test_names_are_shown_to_who_may_see_them_and_each_look_is_noted(
    services: Services, boss: Member, connection: asyncpg.Connection
) -> None:
    await added(services, boss)
    dana = await add_user(services, "dana")
    ivy = await add_user(services, "ivy", role="installer")
    before = await connection.fetchval("select count(*) from audit where action = 'people.names'")
    assert [one.called for one in await services.people.reading.names("h1", dana)] == ["Peggy"]
    assert await services.people.reading.names("h1", ivy) == []
    rows = await connection.fetch("select actor, subject from audit where action = 'people.names'")
    assert before == 0
    assert [tuple(row) for row in rows] == [(dana.actor, "h1")]
    with pytest.raises(NotAllowed):
        await services.people.reading.of_home("h1", ivy)
    with pytest.raises(NotAllowed):
        await services.people.residents.add("h1", PEGGY, dana)


async def test_nobody_overwrites_what_a_colleague_has_just_put_on_record(
    services: Services, boss: Member
) -> None:
    who = await added(services, boss)
    people = services.people.residents
    await people.change("h1", who, Identity(name="Margaret Lee"), boss, seen=1)
    with pytest.raises(Conflict, match="version 2"):
        await people.change("h1", who, PEGGY, boss, seen=1)
    await people.put_risk("h1", who, RiskRecord(dementia=True), boss, seen=0)
    with pytest.raises(Conflict, match="version 1"):
        await people.put_risk("h1", who, RiskRecord(), boss, seen=0)
    with pytest.raises(NotFound):
        await people.change("none", who, PEGGY, boss, seen=2)
    (one,) = (await services.people.reading.of_home("h1", boss)).residents
    assert (one.version, [each.version for each in one.risk]) == (2, [1])


async def test_the_age_that_a_hub_is_told_moves_with_the_birthday(
    services: Services, boss: Member, clock: SettableClock
) -> None:
    await added(services, boss, Identity(name="Joan", born=date(1946, 3, 12)))
    await services.people.turns.look()
    assert (await told(services, boss)).risk == {"age": "65_to_79"}
    clock.move(days=2)
    assert await services.people.turns.look() == 1
    assert (await told(services, boss)).risk == {"age": "80_or_more"}
    assert await services.people.turns.look() == 0


async def test_what_the_person_did_not_agree_to_is_switched_off_and_comes_back_with_their_word(
    services: Services, boss: Member, clock: SettableClock
) -> None:
    who = await added(services, boss)
    people = services.people.residents
    assert (await told(services, boss)).off is None, "nothing on record: watched as before"
    await people.agree("h1", who, scope("possible_fall", "no_movement"), boss)
    off = (await told(services, boss)).off or []
    assert "uti_risk" in off
    assert not {"possible_fall", "no_movement", "help_button", "sensor_silent"} & set(off)
    await people.withdraw("h1", who, boss, reason="Too much")
    assert "possible_fall" in ((await told(services, boss)).off or [])
    end = clock().date() + timedelta(days=10)
    await people.agree("h1", who, scope("possible_fall", expires_on=end, seen=2), boss)
    assert "possible_fall" not in ((await told(services, boss)).off or [])
    clock.move(days=11)
    await services.people.turns.look()
    await services.people.turns.look()
    assert "possible_fall" in ((await told(services, boss)).off or [])
    (one,) = (await services.people.reading.of_home("h1", boss)).residents
    assert [each.state for each in one.consents] == ["expired", "given", "withdrawn", "given"]
    assert one.consents[2].note == "Too much"


async def test_consents_are_never_overwritten(
    services: Services, boss: Member, connection: asyncpg.Connection
) -> None:
    who = await added(services, boss)
    await services.people.residents.agree("h1", who, scope("possible_fall"), boss)
    for change in ("update consent set purposes = '{research}'", "delete from consent"):
        with pytest.raises(asyncpg.RaiseError, match="append-only"):
            await connection.execute(change)


async def test_nothing_is_shared_without_the_word_of_everybody_who_lives_there(
    services: Services, boss: Member, clock: SettableClock
) -> None:
    async def may(purpose: Purpose) -> bool:
        return await services.people.reading.allowed("h1", purpose)

    people = services.people.residents
    assert not await may(Purpose.CARE_TEAM)
    peggy = await added(services, boss)
    assert not await may(Purpose.CARE_TEAM)
    end = clock().date()
    yes = scope("uti_risk", purposes=["care_team"], expires_on=end)
    await people.agree("h1", peggy, yes, boss)
    assert (await may(Purpose.CARE_TEAM), await may(Purpose.RESEARCH)) == (True, False)
    tom = await added(services, boss, Identity(name="Tom"))
    assert not await may(Purpose.CARE_TEAM), "Tom was not asked"
    await people.agree("h1", tom, yes, boss)
    assert await may(Purpose.CARE_TEAM)
    clock.move(days=1)
    assert not await may(Purpose.CARE_TEAM), "over at the end of its day, before any turn"
    assert not await services.people.reading.allowed("none", Purpose.CARE_TEAM)


async def test_what_is_to_be_talked_about_is_on_one_list(
    services: Services, boss: Member, clock: SettableClock
) -> None:
    async def due() -> list[tuple[str, date | None]]:
        return [(one.what, one.due) for one in await services.people.reading.follow_ups(boss)]

    assert await due() == [("nobody", None)]
    who = await added(services, boss)
    assert await due() == [("no_consent", None)]
    end = clock().date() + timedelta(days=40)
    await services.people.residents.agree("h1", who, scope("uti_risk", expires_on=end), boss)
    assert await due() == []
    clock.move(days=11)
    assert await due() == [("expires", end)]


async def test_sensors_that_nobody_agreed_to_are_pointed_out(
    services: Services, device: Device, boss: Member
) -> None:
    who = await added(services, boss)
    await services.ingest.store(
        device.batch([device.event(1), device.event(2, kind="flush")]), "h1"
    )
    await services.people.residents.agree("h1", who, scope("uti_risk"), boss)
    assert (await services.people.reading.of_home("h1", boss)).not_agreed == ["flush"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"given_on": NOON.date() + timedelta(days=1)},
        {"expires_on": NOON.date() - timedelta(days=1)},
        {"given_by": "attorney"},
        {"conditions": ["help_button"]},
    ],
)
async def test_a_consent_that_makes_no_sense_is_refused(
    services: Services, boss: Member, wrong: dict[str, Any]
) -> None:
    who = await added(services, boss)
    asked = scope("uti_risk")
    fields = {name: getattr(asked, name) for name in asked.__struct_fields__}
    with pytest.raises(Invalid):
        await services.people.residents.agree("h1", who, Scope(**{**fields, **wrong}), boss)
