"""Who did not agree that their data goes to others is in none of it, and it says so each time."""

from typing import Any

import asyncpg
import httpx
import pytest

from api.cohorts.criteria import Criteria
from api.cohorts.views import NewCohort
from api.commands.outbox import lines
from api.exports.service import Taken
from api.identity.people import Member
from api.people.consent import Purpose
from api.services import Services
from api.store.reach import within
from tests.api.outbox.support import Ear, destination, worker
from tests.api.people.support import NO, UNASKED, YES, move_in
from tests.api.support import PASSWORD, add_user


@pytest.fixture
async def boss(services: Services) -> Member:
    """An administrator of the centre."""
    return await add_user(services, "boss", role="administrator", organisations=[1])


async def signed_in(client: httpx.AsyncClient) -> httpx.AsyncClient:
    answer = await client.post("/v1/session", json={"username": "boss", "password": PASSWORD})
    client.headers["X-CSRF-Token"] = answer.json()["csrf"]
    return client


async def test_other_systems_of_care_read_those_who_agreed_and_how_many_are_left_out(
    services: Services, boss: Member, client: httpx.AsyncClient
) -> None:
    alerts = await move_in(services, boss, Purpose.HEALTH_RECORD)
    reader = await signed_in(client)
    for kind in ("Patient", "Device", "Task"):
        said, *found = (await reader.get(f"/v1/fhir/{kind}?identified=true")).json()["entry"]
        assert said["search"]["mode"] == "outcome"
        assert said["resource"]["issue"][0]["diagnostics"].endswith(": 2.")
        assert len(found) == 1, kind
        assert NO not in f"{found}"
    for home, status in ((YES, 200), (NO, 404), (UNASKED, 404)):
        assert (await reader.get(f"/v1/fhir/Task/{alerts[home]}")).status_code == status
        async with services.database.transaction(boss.reach) as connection:
            name = await connection.fetchval("select pseudonym from home where home = $1", home)
        assert (await reader.get(f"/v1/fhir/Patient/{name}")).status_code == status
        one = (await reader.get(f"/v1/fhir/Flag?patient={name}")).json()["entry"]
        assert [each["search"]["mode"] for each in one] == ["match" if home == YES else "outcome"]


async def test_a_bulk_export_has_no_other_and_goes_when_somebody_in_it_takes_their_word_back(
    services: Services, boss: Member, client: httpx.AsyncClient, connection: asyncpg.Connection
) -> None:
    await move_in(services, boss, Purpose.HEALTH_RECORD)
    reader = await signed_in(client)
    asked = await reader.get("/v1/fhir/$export?_type=Patient", headers={"Prefer": "respond-async"})
    assert await services.bulk.make()
    manifest = (await reader.get(asked.headers["content-location"])).json()
    assert [(one["type"], one["count"]) for one in manifest["output"]] == [("Patient", 1)]
    (missing,) = manifest["error"]
    assert "consent to share their health record: 2." in (await reader.get(missing["url"])).text
    await connection.execute(
        "insert into consent select resident, 2, 'withdrawn', '{}', '{}', '{}', 'person', given_on,"
        " null, null, put_at, put_by from consent where resident in"
        " (select resident from resident where home = $1)", YES,
    )  # fmt: skip
    gone = await reader.get(asked.headers["content-location"])
    assert gone.status_code == httpx.codes.NOT_FOUND


@pytest.mark.parametrize("identified", [False, True])
async def test_a_table_has_no_other_and_tells_how_many(
    services: Services, boss: Member, client: httpx.AsyncClient, identified: bool
) -> None:
    await move_in(services, boss, Purpose.REPORTS if identified else Purpose.RESEARCH)
    reader = await signed_in(client)
    path = f"/v1/organisations/1/exports/alerts.csv?identified={identified}".lower()
    answer = await reader.get(path)
    assert len(answer.text.splitlines()) == 2
    assert answer.headers["Telecare-Homes-Left-Out"] == "2"
    log = await services.audit.newest(boss.reach, 1, [1], before=2**63 - 1, limit=1)
    assert log[0].detail.endswith("2 homes left out")
    taken = await services.exports.within(within([1]), 1, "alerts.csv", identified=not identified)
    assert isinstance(taken, Taken)
    assert taken.left_out == 2, "the other purpose, to which the other home agreed"


async def test_a_care_professional_sees_whom_to_call_only_of_those_who_agreed(
    services: Services, boss: Member, client: httpx.AsyncClient
) -> None:
    await move_in(services, boss, Purpose.CARE_TEAM)
    asked = NewCohort(name="Alerts", criteria=Criteria(alerts=["uti_risk"]))
    cohort = (await services.cohorts.add(boss, 1, asked)).cohort
    own = await services.cohorts.people(boss, cohort)
    assert ({one.home for one in own.people}, own.unshared) == ({YES, NO, UNASKED}, 0)
    nurse = await add_user(services, "nora", role="care_professional", organisations=[1])
    shown = await services.cohorts.people(nurse, cohort)
    assert ([one.home for one in shown.people], shown.unshared) == ([YES], 2)
    await client.post("/sign-in", data={"username": "nora", "password": PASSWORD})
    page = (await client.get(f"/cohorts/{cohort}")).text
    assert "2 homes are left out" in page
    assert f"Flat {NO}" not in page


async def test_family_is_told_of_who_agreed_and_the_centre_s_own_and_responders_of_everybody(
    services: Services, boss: Member
) -> None:
    ear = Ear()
    for name, purpose in (("family", "family"), ("desk", None)):
        more: dict[str, Any] = {"name": name, "purpose": purpose, "settings": {"hidden": name}}
        await destination(services, ear, **more)
    alerts = await move_in(services, boss, Purpose.FAMILY)
    await services.alerts.claim(alerts[NO], boss)
    await worker(services, ear).run_dry()
    heard = zip(ear.settings, ear.heard, strict=True)
    told = [(whose.hidden, message.told.home) for whose, message in heard]
    assert {home for name, home in told if name == "family"} == {YES}
    assert {home for name, home in told if name == "desk"} == {YES, NO, UNASKED}
    view = await services.outbox.view(boss.reach)
    assert {one.name: (one.left_out, one.waiting) for one in view.destinations} == {
        "family": (2, 0), "desk": (0, 0)
    }  # fmt: skip
    assert "2 homes left out without consent" in "\n".join(lines(view))
    async with services.database.transaction(boss.reach) as connection:
        kept = await connection.fetch("select state from outbox where state = 'left_out'")
    assert len(kept) == 3, "two were raised, one was claimed"
