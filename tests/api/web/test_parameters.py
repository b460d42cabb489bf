"""A filter that does nothing would show more than was asked for, and nobody would notice."""

import httpx

from api.identity.doors import MARK, OPEN
from api.services import Services
from tests.api.support import PASSWORD, SettableClock, add_device, add_user


async def test_no_route_for_staff_or_programs_passes_over_what_it_does_not_know(
    client: httpx.AsyncClient, services: Services
) -> None:
    await add_user(services, role="administrator")
    await client.post("/v1/session", json={"username": "ann", "password": PASSWORD})
    document = (await client.get("/v1/openapi.json")).json()
    asked = 0
    for path, item in document["paths"].items():
        for method, one in item.items():
            if one[MARK] == OPEN or path.startswith("/v1/fhir/"):
                continue
            there = sorted(p["name"] for p in one.get("parameters", []) if p["in"] == "query")
            address = path.format(**{p["name"]: "1" for p in one.get("parameters", [])})
            answer = await client.request(method, address, params={"form": "1"})
            says = f"there are {', '.join(there)}" if there else "there are none here"
            assert answer.status_code == 422, (method, path)
            assert answer.json()["detail"] == f"There is no parameter 'form'; {says}."
            asked += 1
    assert asked > 100


async def test_a_report_whose_period_is_misspelled_is_not_that_of_another_period(
    client: httpx.AsyncClient, services: Services
) -> None:
    await add_user(services, role="supervisor", organisations=[1])
    await client.post("/v1/session", json={"username": "ann", "password": PASSWORD})
    address = "/v1/organisations/1/report"
    assert (await client.get(address, params={"since": "2026-03-01"})).status_code == 200
    for wrong in ("from", "Since", "since ", "until[]"):
        answer = await client.get(address, params={wrong: "2026-03-01"})
        assert answer.status_code == 422, wrong
        assert "there are since, small_numbers, until" in answer.json()["detail"]


async def test_a_hub_that_is_newer_than_the_centre_may_ask_for_more(
    client: httpx.AsyncClient, services: Services, clock: SettableClock
) -> None:
    device = await add_device(services)
    answer = await client.get(
        f"/v1/hubs/{device.hub}/downlink?later=1",
        headers={"Authorization": f"Bearer {device.token(clock.now)}"},
    )
    assert answer.status_code == 200, answer.text
