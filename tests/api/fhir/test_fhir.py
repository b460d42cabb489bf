"""Another system of care believes what it reads: each resource is valid, and of whom it says."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import httpx
import pytest

from api.identity.people import Member
from api.people.consent import Purpose
from api.services import Services
from api.store.reach import CENTRE
from contract import Outcome
from tests.api.people.support import withdraw
from tests.api.support import (
    NOON,
    PASSWORD,
    Device,
    SettableClock,
    add_alert,
    add_device,
    add_user,
    agree,
)

pytestmark = pytest.mark.network
models = pytest.importorskip("fhir.resources.R4B", reason="an extra of development")
TYPES = ("Patient", "Device", "Observation", "DetectedIssue", "RiskAssessment", "Flag", "Task",
         "AuditEvent")  # fmt: skip


def valid(resource: dict[str, Any]) -> dict[str, Any]:
    """The resource, once the published model of its type has taken it."""
    models.get_fhir_model_class(resource["resourceType"]).model_validate(resource)
    return resource


async def lived(services: Services, by: Member, home: str, organisation: int) -> Device:
    device = await add_device(services, home, label=f"Flat of {home}", organisation=organisation)
    await agree(services, by, home, Purpose.HEALTH_RECORD)
    records = [
        device.event(seq, at=(NOON - timedelta(hours=7 * seq)).isoformat(), battery=50)
        for seq in range(1, 12)
    ]
    records += [
        device.event(20, kind="temperature", place="lounge", sensor="t", value=19.5,
                     at="2026-03-08T10:00:00Z"),
        device.event(21, kind="temperature", place="lounge", sensor="t", value=20.5,
                     at="2026-03-08T11:00:00Z"),
        device.event(22, kind="opening", place="front_door", sensor="door", value=0,
                     at="2026-03-08T11:00:00Z"),
    ]  # fmt: skip
    await services.ingest.store(device.batch(records), home)
    told = [{"measure": "visits", "label": "Visits", "unit": "visits", "text": "9 visits."}]
    uti = await add_alert(services, device, 30, evidence=told)
    await add_alert(
        services, device, 31, id=f"{home}:rule", condition="household_rule",
        text=f"Secret words of {home}.", subject="rule",
    )  # fmt: skip
    await add_alert(
        services, device, 32, id=f"{home}:silent", condition="sensor_silent", severity="technical",
        subject="bathroom-pir",
    )  # fmt: skip
    await services.alerts.claim(uti, by)
    await services.alerts.resolve(uti, by, Outcome.TRUE_CONCERN)
    return device


@pytest.fixture
async def reader(
    client: httpx.AsyncClient, services: Services, clock: SettableClock
) -> httpx.AsyncClient:
    """A program with a token of an administrator of organisation 1, beside another one."""
    other = await services.organisations.add("Others")
    boss = await add_user(services, "boss", role="administrator", organisations=[1])
    they = await add_user(services, "t", role="administrator", organisations=[other.organisation])
    await lived(services, boss, "ours", 1)
    await lived(services, they, "theirs", other.organisation)
    clock.move(minutes=5)
    await sign_in(client)
    return client


async def sign_in(client: httpx.AsyncClient) -> None:
    signed = await client.post("/v1/session", json={"username": "boss", "password": PASSWORD})
    client.headers["X-CSRF-Token"] = signed.json()["csrf"]


async def read(client: httpx.AsyncClient, path: str, status: int = 200) -> dict[str, Any]:
    answer = await client.get(f"/v1/fhir/{path}")
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/fhir+json"
    return valid(answer.json())


async def entries(client: httpx.AsyncClient, path: str) -> list[dict[str, Any]]:
    found = await read(client, path)
    return [valid(one["resource"]) for one in found.get("entry", [])]


async def test_every_type_is_valid_and_names_nobody(reader: httpx.AsyncClient) -> None:
    for name in TYPES:
        found = await entries(reader, name)
        assert found, name
        for one in found:
            again = await read(reader, f"{name}/{one['id']}")
            assert again == one
        told = json.dumps(found)
        for secret in ("ours", "theirs", "Secret words", "Flat of", "bathroom-pir"):
            assert secret not in told, name
    statement = await read(reader, "metadata")
    served = {one["type"]: one for one in statement["rest"][0]["resource"]}
    assert set(served) == set(TYPES)
    for name, one in served.items():
        for parameter in one["searchParam"]:
            value = {"date": "ge2026-01-01", "reference": "Patient/x", "token": "x"}
            await read(reader, f"{name}?{parameter['name']}={value[parameter['type']]}")


async def test_the_figures_are_those_of_the_home(reader: httpx.AsyncClient) -> None:
    patient = (await entries(reader, "Patient"))[0]["id"]
    days = await entries(reader, f"Observation?patient={patient}&date=2026-03-08")
    found = {one["code"]["text"]: one["valueQuantity"]["value"] for one in days}
    assert found == {
        "temperature, lounge, a day": 20, "motion, bathroom, a day": 3,
        "opening, front door, a day": 0,
    }  # fmt: skip
    assert {one["effectivePeriod"]["start"] for one in days} == {"2026-03-08T00:00:00.000+00:00"}
    issue = next(one for one in await entries(reader, "DetectedIssue") if one["status"] == "final")
    assert issue["detail"] == "Toileting pattern changed: consider a UTI check."
    assert issue["evidence"][0]["code"][0]["text"] == "9 visits."
    assert issue["mitigation"][0]["action"]["coding"][0]["code"] == "true_concern"
    task = await read(reader, f"Task/{issue['id']}")
    assert (task["status"], task["priority"]) == ("completed", "routine")
    flags = {one["id"]: one["status"] for one in await entries(reader, "Flag?_count=50")}
    assert flags[issue["id"]] == "inactive"
    assert list(flags.values()).count("active") == 2
    silent = [one for one in await entries(reader, "DetectedIssue") if "implicated" in one]
    sensor = await read(reader, silent[0]["implicated"][0]["reference"])
    assert sensor["property"][1]["valueQuantity"][0]["value"] == 50


async def test_today_is_told_once_it_is_over(
    reader: httpx.AsyncClient, clock: SettableClock
) -> None:
    assert await entries(reader, "Observation?date=2026-03-10") == []
    clock.now = datetime(2026, 3, 11, tzinfo=UTC)
    assert len(await entries(reader, "Observation?date=2026-03-10")) == 1
    assert len(await entries(reader, "Observation?_lastUpdated=gt2026-03-10T12:00:00Z")) == 1


async def test_pages_together_are_all_and_each_once(reader: httpx.AsyncClient) -> None:
    whole = [one["id"] for one in await entries(reader, "Observation?_count=1000")]
    assert len(whole) == 5
    walked = []
    where: str | None = "/v1/fhir/Observation?_count=2"
    while where:
        found = valid((await reader.get(where)).json())
        walked += [one["resource"]["id"] for one in found.get("entry", [])]
        links = {one["relation"]: one["url"] for one in found["link"]}
        where = links.get("next")
    assert walked == whole


WRONG = [
    ("Practitioner", 404, "not-found"),
    ("Patient/none", 404, "not-found"),
    ("Observation/none", 404, "not-found"),
    ("AuditEvent/1-99999999999999999999", 404, "not-found"),
    ("AuditEvent/none", 404, "not-found"),
    ("Task/99999999999999999999", 404, "not-found"),
    ("Patient?name=Smith", 400, "invalid"),
    ("Observation?date=ne2026-01-01", 400, "invalid"),
    ("Observation?date=tomorrow", 400, "invalid"),
    ("Observation?date=9999", 400, "invalid"),
    ("Observation?_count=0", 400, "invalid"),
    ("Observation?_count=1001", 400, "invalid"),
    ("Observation?_count=00000000199999999", 400, "invalid"),  # all of every client at once
    ("Observation?_count=000000001999999999999999999999999", 400, "invalid"),
    ("Observation?_cursor=WyJhIl0", 400, "invalid"),
    ("$export", 400, "invalid"),
    ("$export/x", 404, "not-found"),
    ("$export/00000000-0000-0000-0000-000000000000", 404, "not-found"),
]


async def test_what_goes_wrong_is_said_as_fhir_says_it(reader: httpx.AsyncClient) -> None:
    for path, status, code in WRONG:
        found = await read(reader, path, status)
        assert found["resourceType"] == "OperationOutcome"
        assert found["issue"][0]["code"] == code
        assert found["issue"][0]["diagnostics"]


async def test_a_token_reads_what_its_scopes_say_and_no_more(
    reader: httpx.AsyncClient, client: httpx.AsyncClient
) -> None:
    scopes = ["fhir:read", "homes:read"]
    made = await client.post("/v1/tokens", json={"name": "p", "scopes": scopes, "days": 1})
    assert made.status_code == httpx.codes.CREATED, made.text
    token = made.json()["token"]
    reader.headers["Authorization"] = f"Bearer {token}"
    assert await entries(reader, "Patient")
    for refused in (
        "Observation",
        "DetectedIssue",
        "AuditEvent",
        "Patient?identified=true",
        "$export",
    ):
        outcome = await read(reader, refused, 403)
        assert outcome["issue"][0]["code"] == "forbidden"
    reader.headers["Authorization"] = "Bearer nonsense"
    assert (await read(reader, "Patient", 401))["issue"][0]["code"] == "login"


async def test_who_may_know_is_told_whose_it_is_and_that_is_noted(
    reader: httpx.AsyncClient, services: Services
) -> None:
    found = (await entries(reader, "Patient?identified=true"))[0]
    assert found["identifier"][0]["value"] == "ours"
    assert found["address"][0]["text"] == "Flat of ours"
    await entries(reader, f"Observation?patient={found['id']}")
    boss = await services.staff.sign_in("boss", PASSWORD, "192.0.2.1")
    user = boss.session.user
    log = await services.audit.newest(user.reach, 1, [1], before=2**63 - 1, limit=20)
    noted = [(one.action, one.kind, one.subject, one.detail) for one in log]
    assert ("fhir.read", "home", "ours", "Observation") in noted
    assert ("fhir.read", "fhir", "Patient", "") in noted


async def test_who_looked_at_somebody_is_told_by_number_and_of_them_alone(
    reader: httpx.AsyncClient, services: Services
) -> None:
    (patient,) = await entries(reader, "Patient")
    of = f"Patient/{patient['id']}"
    whole = await entries(reader, "AuditEvent?_count=1000")
    of_them = f"AuditEvent?patient={patient['id']}&_count=1000"
    assert 0 < len(await entries(reader, of_them)) < len(whole)
    told = await entries(reader, of_them)
    assert {one["entity"][0]["what"]["reference"] for one in told} == {of}
    named = [one["entity"][0]["what"]["reference"] for one in whole if "entity" in one]
    assert set(named) == {of}, "nothing of another client's homes"
    assert {one["source"]["observer"]["identifier"]["value"] for one in whole} == {"1"}
    acts = {one["type"]["code"]: one for one in told}
    actors = {one["agent"][0]["who"]["identifier"]["value"] for one in whole}
    assert not any("hub-" in one for one in actors), "nor by the name of a hub"
    known = await entries(reader, f"{of_them}&identified=true")
    assert any("hub:hub-" in json.dumps(one["agent"]) for one in known)
    claimed, looked = acts["alert.claim"], acts["fhir.read"]
    assert (claimed["action"], looked["action"]) == ("E", "R")
    assert claimed["agent"][0]["who"]["identifier"]["value"].startswith("staff:")
    assert [claimed["agent"][0]["requestor"], claimed["recorded"][:10]] == [True, "2026-03-10"]
    assert await entries(reader, "AuditEvent?date=lt2026-03-10") == []
    await withdraw(services, "ours")
    (outcome,) = await entries(reader, of_them)
    assert outcome["resourceType"] == "OperationOutcome", "who took it back is shared no more"
    _, *left = await entries(reader, "AuditEvent?_count=1000")
    assert left
    assert not any("entity" in one for one in left)


async def test_a_bulk_export_has_every_resource_and_goes_when_its_time_is_over(
    reader: httpx.AsyncClient, services: Services, clock: SettableClock
) -> None:
    wait = {"Prefer": "respond-async"}
    asked = await reader.get("/v1/fhir/$export?_type=Patient,Observation,Task", headers=wait)
    assert asked.status_code == httpx.codes.ACCEPTED, asked.text
    where = asked.headers["content-location"]
    assert (await reader.get(where)).status_code == httpx.codes.ACCEPTED
    assert await services.bulk.make()
    assert not await services.bulk.make()
    manifest = (await reader.get(where)).json()
    assert manifest["requiresAccessToken"]
    for output in manifest["output"]:
        file = await reader.get(output["url"])
        assert file.headers["content-type"] == "application/fhir+ndjson"
        lines = [valid(json.loads(line)) for line in file.text.splitlines()]
        assert len(lines) == output["count"]
        assert lines == await entries(reader, f"{output['type']}?_count=1000")
    assert {one["type"] for one in manifest["output"]} == {"Patient", "Observation", "Task"}
    clock.move(hours=23)
    await sign_in(reader)
    await services.bulk.forget()
    assert (await reader.get(where)).status_code == httpx.codes.OK
    clock.move(hours=2)
    assert (await reader.get(where)).status_code == httpx.codes.NOT_FOUND
    await services.bulk.forget()
    async with services.database.transaction(CENTRE) as connection:
        assert await connection.fetchval("select count(*) from export_part") == 0


async def test_an_export_whose_replica_died_is_made_anew_and_can_be_deleted(
    reader: httpx.AsyncClient, services: Services, clock: SettableClock
) -> None:
    wait = {"Prefer": "respond-async"}
    asked = await reader.get("/v1/fhir/$export?_type=Patient", headers=wait)
    where = asked.headers["content-location"]
    async with services.database.transaction(CENTRE) as connection:
        await connection.execute(  # begun by a replica that is no more
            "update export_job set lease_until = $1", clock() + timedelta(minutes=5)
        )
        await connection.execute(
            "insert into export_part select job, 'Patient', 0, 1, 'old' from export_job"
        )
    assert not await services.bulk.make()
    clock.move(minutes=6)
    assert await services.bulk.make()
    file = await reader.get((await reader.get(where)).json()["output"][0]["url"])
    assert len(file.text.splitlines()) == 1
    valid(json.loads(file.text))
    assert (await reader.delete(where)).status_code == httpx.codes.ACCEPTED
    assert (await reader.get(where)).status_code == httpx.codes.NOT_FOUND


async def test_an_export_goes_with_the_first_home_that_is_erased(
    reader: httpx.AsyncClient, services: Services, connection: asyncpg.Connection
) -> None:
    await add_device(services, "leaves", organisation=1)
    await reader.get("/v1/fhir/$export?_type=Patient", headers={"Prefer": "respond-async"})
    assert await services.bulk.make()
    await connection.execute("delete from hub where home = 'leaves'")
    await connection.execute("delete from home where home = 'leaves'")
    assert await connection.fetchval("select count(*) from export_part") == 0
