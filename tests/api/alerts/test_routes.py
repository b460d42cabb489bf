"""What a program that works for staff relies on: the addresses, the answers, the conflicts."""

from datetime import timedelta

import httpx

from api.services import Services
from tests.api.support import PASSWORD, SettableClock, add_alert, add_device, add_user


async def signed_in(client: httpx.AsyncClient, username: str) -> dict[str, str]:
    answer = await client.post("/v1/session", json={"username": username, "password": PASSWORD})
    return {"X-CSRF-Token": answer.json()["csrf"]}


async def test_from_the_queue_to_the_outcome(client: httpx.AsyncClient, services: Services) -> None:
    await add_user(services)
    alert = await add_alert(services, await add_device(services), new_field=1)
    headers = await signed_in(client, "ann")
    queue = (await client.get("/v1/alerts")).json()
    assert queue["advisory"][0]["id"] == alert
    detail = (await client.get(f"/v1/alerts/{alert}")).json()
    assert detail["report"]["new_field"] == 1  # as the hub sent it
    claimed = await client.post(f"/v1/alerts/{alert}/claim", headers=headers)
    assert claimed.json()["claim"]["by"]["name"] == "Ann B"
    noted = await client.post(
        f"/v1/alerts/{alert}/note", json={"text": "Rang twice.", "version": 2}, headers=headers
    )
    assert noted.json()["version"] == 3
    body = {"outcome": "no_contact", "note": "Asked the warden to knock.", "seen": 1, "version": 3}
    done = await client.post(f"/v1/alerts/{alert}/resolve", json=body, headers=headers)
    assert done.json()["resolution"]["outcome"] == "no_contact"
    history = (await client.get(f"/v1/alerts/{alert}")).json()["history"]
    assert [entry["action"] for entry in history] == ["claim", "note", "resolve"]


async def test_a_call_from_a_hub_whose_clock_is_years_ahead_stands_where_it_came(
    client: httpx.AsyncClient, services: Services, clock: SettableClock
) -> None:
    await add_user(services)
    device = await add_device(services)
    ahead = (clock.now + timedelta(days=9999)).isoformat()
    before = clock.now - timedelta(hours=2)
    urgent = {"severity": "urgent", "condition": "help_button"}
    first = await add_alert(services, device, 1, id="ahead", raised_at=ahead, **urgent)
    clock.move(minutes=5)
    then = await add_alert(
        services, device, 2, id="then", raised_at=clock.now.isoformat(), **urgent
    )
    old = await add_alert(services, device, 3, id="old", raised_at=before.isoformat(), **urgent)
    await signed_in(client, "ann")
    shown = (await client.get("/v1/alerts")).json()["urgent"]
    assert [one["id"] for one in shown] == [old, first, then]


async def test_a_second_operator_is_told_who_has_it_and_since_when(
    client: httpx.AsyncClient, services: Services
) -> None:
    ann = await add_user(services, "ann")
    await add_user(services, "bob")
    alert = await add_alert(services, await add_device(services))
    await services.alerts.claim(alert, ann)
    headers = await signed_in(client, "bob")
    answer = await client.post(f"/v1/alerts/{alert}/claim", headers=headers)
    assert answer.status_code == 409
    problem = answer.json()
    assert problem["detail"] == "Ann B has had this alert since 12:00 UTC on 10 March 2026."
    assert problem["alert"]["claim"]["by"]["username"] == "ann"


SEEN = {"version": 1, "seen": 1}


async def test_wrong_requests_are_told_what_is_wrong(
    client: httpx.AsyncClient, services: Services
) -> None:
    await add_user(services)
    alert = await add_alert(services, await add_device(services))
    headers = await signed_in(client, "ann")
    for path, body, status, says in (
        ("/v1/alerts/999/claim", {}, 404, "no alert 999"),
        (f"/v1/alerts/{alert}/resolve", {**SEEN, "outcome": "shrug"}, 422, "must be one of"),
        (f"/v1/alerts/{alert}/resolve", SEEN, 422, "outcome"),
        (f"/v1/alerts/{alert}/resolve", {"version": 1, "outcome": "test"}, 422, "seen"),
        (f"/v1/alerts/{alert}/resolve", {**SEEN, "outcome": "test"}, 409, "Claim this alert first"),
        (f"/v1/alerts/{alert}/note", {"text": "Yet to come.", "version": 9}, 409, "at version 1"),
        (f"/v1/alerts/{alert}/note", {"text": "Far.", "version": 2**31}, 422, "version"),
        (f"/v1/alerts/{alert}/note", {"text": "A \0.", "version": 1}, 422, "NUL"),
        (f"/v1/alerts/{alert}/offer", {"to": "\0", "version": 1}, 422, "NUL"),
        (f"/v1/alerts/{alert}/note", {"text": "No version."}, 422, "version"),
        (f"/v1/alerts/{alert}/note", {"text": " ", "version": 1}, 422, "needs some text"),
        (f"/v1/alerts/{alert}/note", {"text": 5, "version": 1}, 422, "text"),
    ):
        answer = await client.post(path, json=body, headers=headers)
        assert answer.status_code == status
        assert says in answer.json()["detail"]
