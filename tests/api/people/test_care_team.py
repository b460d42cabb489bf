"""A nurse sees how those live who agreed to that, and of nobody else that they are there at all."""

import re
from datetime import date, timedelta
from importlib import import_module
from pkgutil import iter_modules

import asyncpg
import httpx
import pytest
from fastapi.routing import APIRoute

import api.console.routes
from api.cohorts.criteria import Criteria
from api.cohorts.views import NewCohort
from api.identity.people import Member
from api.people.consent import Purpose
from api.reablement.views import NewProgramme
from api.rooms import ROOMS
from api.services import Services
from api.store.reach import within
from tests.api.support import PASSWORD, add_alert, add_device, add_user, agree

YES, NO, UNASKED = "agreed", "refused", "unasked"
HIDDEN = re.compile(rf"Flat (?:{NO}|{UNASKED})|\b(?:{NO}|{UNASKED})\b")
STREAMS = ("/live", "/v1/live")


@pytest.fixture
async def boss(services: Services) -> Member:
    return await add_user(services, "boss", role="administrator")


@pytest.fixture
async def nurse(services: Services) -> Member:
    return await add_user(services, "nurse", role="care_professional", organisations=[1])


@pytest.fixture
async def homes(services: Services, boss: Member) -> dict[str, dict[str, str]]:
    """Three homes, and by which words of an address each is found."""
    found: dict[str, dict[str, str]] = {}
    for home in (YES, NO, UNASKED):
        device = await add_device(services, home, label=f"Flat {home}")
        await services.ingest.store(device.batch([device.event(2), device.health(3)]), home)
        found[home] = {
            "home": home, "hub": device.hub, "alert": f"{await add_alert(services, device)}",
            "organisation": "1",
        }  # fmt: skip
        starts = services.clock().date() - timedelta(days=1)
        await services.reablement.begin(boss, home, NewProgramme(starts=starts, weeks=6))
    await agree(services, boss, YES, Purpose.CARE_TEAM)
    await agree(services, boss, NO, *(one for one in Purpose if one != Purpose.CARE_TEAM))
    asked = NewCohort(name="Alerts", criteria=Criteria(alerts=["uti_risk"]))
    number = (await services.cohorts.add(boss, 1, asked)).cohort
    for words in found.values():
        words["cohort"] = f"{number}"
    return found


@pytest.fixture
async def desk(
    client: httpx.AsyncClient, nurse: Member, homes: dict[str, dict[str, str]]
) -> httpx.AsyncClient:
    del nurse, homes
    answer = await client.post("/v1/session", json={"username": "nurse", "password": PASSWORD})
    assert answer.is_success
    return client


async def test_what_a_care_professional_needs_is_there_for_who_agreed(
    desk: httpx.AsyncClient, homes: dict[str, dict[str, str]]
) -> None:
    """Own people, their alerts, their days, their programme: in the API and in the console."""
    listed = (await desk.get("/v1/homes")).json()
    assert [one["home"] for one in listed] == [YES]
    whole = (await desk.get(f"/v1/homes/{YES}")).json()
    assert [one["condition"] for one in whole["alerts"]] == ["uti_risk"]
    assert (await desk.get(f"/v1/homes/{YES}/days")).json()["days"]
    assert (await desk.get(f"/v1/homes/{YES}/reablement")).json()["home"] == YES
    queue = (await desk.get("/v1/alerts")).json()
    assert [one["home"] for lane in ("urgent", "advisory") for one in queue[lane]] == [YES]
    alert = homes[YES]["alert"]
    for page in ("/homes", f"/homes/{YES}", f"/alerts/{alert}", f"/reablement/{YES}", "/queue"):
        answer = await desk.get(page)
        assert answer.status_code == 200, page
        assert f"Flat {YES}" in answer.text, page


def addresses() -> set[str]:
    """Whatever can be asked for, of the API and of the console, from their routers themselves."""
    console = [
        import_module(f"{api.console.routes.__name__}.{one.name}").router
        for one in iter_modules(api.console.routes.__path__)
    ]
    return {
        route.path
        for router in (*console, *(room.router for room in ROOMS))
        for route in router.routes
        if isinstance(route, APIRoute)
        and "GET" in (route.methods or ())
        and route.path not in STREAMS
    }


@pytest.mark.parametrize("home", [NO, UNASKED])
async def test_every_address_of_a_home_that_did_not_agree_is_as_if_it_were_not_there(
    desk: httpx.AsyncClient, homes: dict[str, dict[str, str]], home: str
) -> None:
    words, tried = homes[home], 0
    nowhere = {**words, "home": "nowhere", "hub": "hub-nowhere", "alert": "999"}
    for address in sorted(addresses()):
        names = set(re.findall(r"{(\w+)", address))
        if not names <= words.keys():
            continue
        plain = re.sub(r":\w+}", "}", address)
        path = plain.format_map(words)
        answer = await desk.get(path)
        assert f"Flat {home}" not in answer.text, path
        said = answer.text
        if names & {"home", "alert", "hub"}:
            tried += 1
            other = await desk.get(plain.format_map(nowhere))
            assert answer.status_code == other.status_code, path
            said = said.replace(home, nowhere["home"])  # what was asked for may be said again
        assert not HIDDEN.search(said), path
    assert tried > 20


async def test_who_takes_their_word_back_is_gone_from_that_moment(
    desk: httpx.AsyncClient, connection: asyncpg.Connection
) -> None:
    assert (await desk.get(f"/v1/homes/{YES}")).status_code == 200
    await connection.execute(
        "insert into consent (resident, version, state, conditions, sensors, purposes, given_by, "
        "given_on, put_at) select resident, 2, 'withdrawn', '{}', '{}', '{}', 'person', "
        "given_on, now() from consent c join resident r using (resident) where r.home = $1",
        YES,
    )
    assert (await desk.get(f"/v1/homes/{YES}")).status_code == 404
    assert (await desk.get("/v1/homes")).json() == []


async def test_a_consent_whose_last_day_is_over_opens_nothing_before_the_centre_has_noted_it(
    services: Services, boss: Member, nurse: Member, connection: asyncpg.Connection
) -> None:
    await add_device(services, "h1")
    await agree(services, boss, "h1", Purpose.CARE_TEAM)
    assert [one.home for one in await services.homes.all(nurse.reach)] == ["h1"]
    await connection.execute("alter table consent disable trigger append_only")
    await connection.execute("update consent set expires_on = $1", date(2020, 1, 1))
    await connection.execute("alter table consent enable trigger append_only")
    assert await services.homes.all(nurse.reach) == []


_MANY = """
with who as (
    insert into resident (home, sealed, added_at, changed_at, changed_by)
    select h.home, '', now(), now(), $1
    from home h, lateral (select (random() * 2.4)::int as people where h.home <> '') n,
        generate_series(1, n.people)
    returning resident
)
insert into consent (
    resident, version, state, conditions, sensors, purposes, given_by, given_on, expires_on, put_at)
select w.resident, v, (array['given', 'given', 'given', 'withdrawn'])[1 + (random() * 3)::int],
    '{}', '{}', case when random() < 0.8 then '{care_team,reports}' else '{family}' end::text[],
    'person', now(),
    case when random() < 0.3 then now()::date + (random() * 4)::int - 2 end, now()
from who w, lateral (select (random() * 2.4)::int as versions where w.resident is not null) n,
    generate_series(1, n.versions) v
"""


async def test_what_is_asked_of_all_homes_at_once_is_what_is_asked_of_each(
    services: Services, nurse: Member, boss: Member, connection: asyncpg.Connection
) -> None:
    await connection.execute(
        "insert into home (home, label, organisation, time_zone) select 'm' || i, '', 1, "
        "(array['Pacific/Auckland', 'Pacific/Honolulu'])[1 + i % 2] from generate_series(1, 400) i"
    )
    await connection.execute("select setseed(0.42)")
    await connection.execute(_MANY, boss.id)
    spread = await connection.fetch(
        "select distinct count(consent.version) from resident left join consent using (resident) "
        "group by resident"
    )
    assert {row["count"] for row in spread} == {0, 1, 2}, "each is drawn by itself"
    wanted = await connection.fetch(
        "select home from home h "
        "where consented(h.home, 'care_team', (now() at time zone h.time_zone)::date)"
    )
    assert 50 < len(wanted) < 350
    seen = await services.homes.all(nurse.reach, limit=1000)
    assert {one.home for one in seen} == {row["home"] for row in wanted}


async def test_the_database_alone_holds_it_in_every_table_and_view(
    services: Services, nurse: Member, homes: dict[str, dict[str, str]]
) -> None:
    """Nothing of a home that did not agree, whatever a query forgets to ask."""
    hubs = {homes[home]["hub"] for home in (NO, UNASKED)}
    async with services.database.transaction(nurse.reach) as connection:
        rows = await connection.fetch(
            "select table_name as name, column_name as col from information_schema.columns "
            "where table_schema = 'public' and column_name in ('home', 'hub')"
        )
        seen = 0
        for row in rows:
            if not await connection.fetchval(
                "select has_column_privilege($1, $2, 'select')", row["name"], row["col"]
            ):
                continue
            sql = f'select distinct "{row["col"]}" as it from "{row["name"]}"'  # noqa: S608 - names of the catalogue
            found = {one["it"] for one in await connection.fetch(sql)}
            seen += bool(found - {None})
            assert not found & {NO, UNASKED, *hubs}, row["name"]
    assert seen > 8


async def test_an_alert_about_many_homes_is_not_for_them(
    services: Services, nurse: Member, boss: Member, connection: asyncpg.Connection
) -> None:
    await connection.execute(
        "insert into alert (home, organisation, received_at, ref, condition, subject, severity, "
        "score, text, prompt, raised_at, reported_at, report_version, body) values (null, 1, "
        "now(), 'x', 'hub_silent', '', 'technical', 1, 'Many', '', now(), now(), 1, '{}')"
    )
    assert len((await services.alerts.queue(boss.reach)).technical) == 1
    assert (await services.alerts.queue(nurse.reach)).technical == []


async def test_staff_of_the_centre_see_who_agreed_to_nothing(
    services: Services, boss: Member, homes: dict[str, dict[str, str]]
) -> None:
    assert len(homes) == len(await services.homes.all(boss.reach))
    for role in ("operator", "supervisor", "installer"):
        one = await add_user(services, role, role=role, organisations=[1])
        assert len(await services.homes.all(one.reach)) == len(homes), role
    assert len(await services.homes.all(within([1]))) == len(homes)
