"""Staff who are away from the queue must hear that an alert waits, as long as it is theirs."""

import asyncio
from hashlib import sha256
from typing import Any

import asyncpg
import httpx
import pytest

from api.identity.permissions import Permission, Role, roles
from api.outbox.service import Wanted
from api.people.consent import Purpose
from api.refusals import Invalid
from api.services import Services
from api.store.reach import CENTRE
from tests.api.channels.browser import Browser, raw
from tests.api.channels.receiver import Receiver, answer
from tests.api.people.support import withdraw
from tests.api.support import PASSWORD, SettableClock, add_alert, add_device, add_user, agree

pytestmark = pytest.mark.network
SETTINGS = {"contact": "mailto:duty@centre.example", "allow_private": True}


async def nudges(services: Services, organisation: int = 1, **more: Any) -> int:
    wanted = {"name": "browsers", "channel": "webpush", "settings": SETTINGS, **more}
    return await services.outbox.set(organisation, Wanted(**wanted))


async def sign_in(client: httpx.AsyncClient, username: str) -> dict[str, str]:
    said = await client.post("/v1/session", json={"username": username, "password": PASSWORD})
    return {"x-csrf-token": said.json()["csrf"]}


async def subscribe(
    client: httpx.AsyncClient, username: str, service: Receiver, at: str, **more: Any
) -> Browser:
    """A browser at the push service's address `at`."""
    headers, browser = await sign_in(client, username), Browser.new()
    body = {"endpoint": f"{service.url}/{at}", "expirationTime": None, "keys": browser.keys}
    said = await client.post("/v1/push/subscriptions", json={**body, **more}, headers=headers)
    assert said.status_code == 201, said.text
    return browser


def told(service: Receiver) -> list[str]:
    return sorted(got.line.split()[1].rpartition("/")[2] for got in service.got)


async def raise_alert(services: Services, seq: int = 1, **more: Any) -> int:
    device = await add_device(services, label="Flat 12", **more)
    number = await add_alert(services, device, seq, severity="urgent", condition="possible_fall")
    await services.worker.run_dry()
    return number


async def test_who_subscribed_hears_of_an_alert_and_their_browser_alone_reads_it(
    client: httpx.AsyncClient, services: Services, service: Receiver
) -> None:
    await add_user(services, "ann")
    await add_user(services, "bob")
    await nudges(services)
    ann = await subscribe(client, "ann", service, "ann")
    bob = await subscribe(client, "bob", service, "bob")
    alert = await raise_alert(services)
    assert told(service) == ["ann", "bob"]
    for got in service.got:
        browser = ann if got.line.split()[1].endswith("/ann") else bob
        assert browser.shown(got.body)["title"] == f"Urgent alert {alert} raised."
        assert b"Flat 12" not in browser.opened(got.body)
    (line,) = (await services.outbox.view(CENTRE)).destinations
    assert (line.delivered, line.waiting, line.dead) == (2, 0, 0)


async def test_the_key_that_a_browser_is_given_is_the_one_that_signs(
    client: httpx.AsyncClient, services: Services, service: Receiver
) -> None:
    await add_user(services, "ann")
    await sign_in(client, "ann")
    asked = await asyncio.gather(*(client.get("/v1/push/key") for _ in range(4)))
    (key,) = {answered.json()["key"] for answered in asked}
    assert len(raw(key)) == 65
    await nudges(services)
    await subscribe(client, "ann", service, "ann")
    await raise_alert(services)
    assert service.got[0].headers["authorization"].endswith(f"k={key}")


@pytest.mark.parametrize("status", [404, 410])
async def test_a_browser_that_has_left_is_forgotten_and_no_dead_letter(
    client: httpx.AsyncClient, services: Services, service: Receiver, status: int
) -> None:
    await add_user(services, "ann")
    await nudges(services)
    await subscribe(client, "ann", service, "left")
    service.reply = lambda _: answer(status)
    await raise_alert(services)
    assert (await client.get("/v1/push/subscriptions")).json() == []
    view = await services.outbox.view(CENTRE)
    assert (view.destinations[0].waiting, view.destinations[0].dead) == (0, 0)
    await raise_alert(services, 2)
    assert told(service) == ["left"]


async def test_one_that_is_away_for_a_while_hears_of_it_when_it_is_back(
    client: httpx.AsyncClient, services: Services, service: Receiver, clock: SettableClock
) -> None:
    await add_user(services, "ann")
    await nudges(services)
    await subscribe(client, "ann", service, "ann")
    service.reply = lambda _: answer(503)
    await raise_alert(services)
    service.reply = lambda _: answer(201)
    clock.move(seconds=10)
    await services.worker.run_dry()
    assert told(service) == ["ann", "ann"]
    assert (await services.outbox.view(CENTRE)).destinations[0].delivered == 1


async def test_a_nudge_of_an_hour_ago_is_not_sent_any_more(
    client: httpx.AsyncClient, services: Services, service: Receiver, clock: SettableClock
) -> None:
    await add_user(services, "ann")
    await nudges(services)
    await subscribe(client, "ann", service, "ann")
    await add_alert(services, await add_device(services))
    clock.move(hours=2)
    await services.worker.run_dry()
    assert service.got == []
    assert (await services.outbox.view(CENTRE)).destinations[0].dead == 1


async def test_only_who_looks_after_a_home_now_hears_of_it(
    client: httpx.AsyncClient,
    services: Services,
    service: Receiver,
    connection: asyncpg.Connection,
) -> None:
    other = (await services.organisations.add("Others")).organisation
    await add_user(services, "everywhere")
    theirs = await add_user(services, "theirs", organisations=[other])
    ours = await add_user(services, "ours", organisations=[1])
    left = await add_user(services, "left")
    await nudges(services)
    for name in ("everywhere", "theirs", "ours", "left"):
        await subscribe(client, name, service, name)
    await connection.execute("update staff set disabled_at = now() where id = $1", left.id)
    await raise_alert(services)
    assert told(service) == ["everywhere", "ours"]
    await connection.execute("delete from staff_organisation where staff = $1", ours.id)
    await connection.execute("insert into staff_organisation values ($1, 1)", theirs.id)
    service.got.clear()
    await raise_alert(services, 2)
    assert told(service) == ["everywhere", "theirs"]


async def each_role(
    client: httpx.AsyncClient,
    services: Services,
    service: Receiver,
    connection: asyncpg.Connection,
) -> None:
    """One of each role, who subscribed while they were an operator."""
    for role in Role:
        await add_user(services, role, organisations=[1])
        await subscribe(client, role, service, role)
        await connection.execute("update staff set role = $1 where username = $1", role)


async def test_only_who_may_see_the_alert_hears_that_there_is_one(
    client: httpx.AsyncClient,
    services: Services,
    service: Receiver,
    connection: asyncpg.Connection,
) -> None:
    await nudges(services)
    await each_role(client, services, service, connection)
    boss = await add_user(services, "boss", role=Role.ADMINISTRATOR)
    device = await add_device(services, "h1")
    may = roles(Permission.READ_ALERTS)
    await add_alert(services, device, 1)
    await services.worker.run_dry()
    assert told(service) == sorted({*may} - {Role.CARE_PROFESSIONAL}), "nobody there was asked"
    service.got.clear()
    await agree(services, boss, "h1", Purpose.CARE_TEAM)
    await add_alert(services, device, 2)
    await services.worker.run_dry()
    assert told(service) == sorted(may)


async def test_a_nudge_that_waits_goes_to_nobody_who_may_not_see_the_alert_any_more(
    client: httpx.AsyncClient,
    services: Services,
    service: Receiver,
    clock: SettableClock,
    connection: asyncpg.Connection,
) -> None:
    await nudges(services)
    await each_role(client, services, service, connection)
    boss = await add_user(services, "boss", role=Role.ADMINISTRATOR)
    device = await add_device(services, "h1")
    await agree(services, boss, "h1", Purpose.CARE_TEAM)
    service.reply = lambda _: answer(503)
    await add_alert(services, device)
    await services.worker.run_dry()
    service.reply = lambda _: answer(201)
    service.got.clear()
    await withdraw(services, "h1")
    await connection.execute(
        "update staff set role = 'installer' where username = $1", Role.OPERATOR
    )
    clock.move(seconds=10)
    await services.worker.run_dry()
    assert told(service) == [Role.ADMINISTRATOR, Role.SUPERVISOR]
    (line,) = (await services.outbox.view(CENTRE)).destinations
    assert (line.delivered, line.waiting, line.dead, line.left_out) == (2, 0, 0, 0)


async def test_a_subscription_ends_when_its_owner_says_so_and_at_its_own_time(
    client: httpx.AsyncClient, services: Services, service: Receiver, clock: SettableClock
) -> None:
    await add_user(services, "ann")
    await add_user(services, "bob")
    await nudges(services)
    ends = (clock.now.timestamp() + 600) * 1000
    await subscribe(client, "ann", service, "short", expirationTime=ends, name="Desk 3")
    await subscribe(client, "ann", service, "long")
    shown = (await client.get("/v1/push/subscriptions")).json()
    assert [one["name"] for one in shown] == ["", "Desk 3"]
    assert "short" not in str(shown)  # the address itself is a secret
    path = f"/v1/push/subscriptions/{shown[0]['id']}"
    assert (await client.delete(path, headers=await sign_in(client, "bob"))).status_code == 404
    headers = await sign_in(client, "ann")
    assert (await client.delete(path)).status_code == 403
    assert (await client.delete(path, headers=headers)).status_code == 204
    clock.move(seconds=900)
    await raise_alert(services)
    assert service.got == []
    await services.push.forget()
    assert (await client.get("/v1/push/subscriptions")).json() == []


async def test_a_browser_that_two_share_tells_the_one_who_signed_in_there_last(
    client: httpx.AsyncClient, services: Services, service: Receiver
) -> None:
    await add_user(services, "ann")
    await add_user(services, "bob")
    await nudges(services)
    await subscribe(client, "ann", service, "desk")
    browser = await subscribe(client, "bob", service, "desk")
    await sign_in(client, "ann")
    assert (await client.get("/v1/push/subscriptions")).json() == []
    await raise_alert(services)
    (got,) = service.got
    assert browser.shown(got.body)["v"] == 1


async def test_what_a_browser_gave_is_read_by_nobody_in_the_database(
    client: httpx.AsyncClient,
    services: Services,
    service: Receiver,
    connection: asyncpg.Connection,
) -> None:
    await add_user(services, "ann")
    await client.get("/v1/push/key")
    await subscribe(client, "ann", service, "a-long-and-secret-address")
    rows = await connection.fetch("select * from push_subscription, push_key")
    assert "a-long-and-secret-address" not in str(rows)
    assert b"secret-address" not in rows[0]["sealed"]


@pytest.mark.parametrize(
    "wrong",
    [{"endpoint": "x"}, {"endpoint": "https://push.example/" + "x" * 2000},
     {"endpoint": "https://push.example/é"}, {"keys": {"p256dh": "AAAA", "auth": "AAAA"}},
     {"expirationTime": -1}, {"expirationTime": 1e300}, {"name": "x" * 81}, {"name": "\x00"}],
)  # fmt: skip
async def test_what_is_no_subscription_is_refused_with_what_is(
    client: httpx.AsyncClient, services: Services, wrong: dict[str, Any]
) -> None:
    await add_user(services, "ann")
    headers = await sign_in(client, "ann")
    fine = {"endpoint": "https://push.example/1", "keys": Browser.new().keys}
    said = await client.post("/v1/push/subscriptions", json={**fine, **wrong}, headers=headers)
    assert said.status_code == 422, said.text


async def test_nobody_fills_the_centre_with_browsers(
    client: httpx.AsyncClient, services: Services, service: Receiver
) -> None:
    await add_user(services, "ann")
    for number in range(10):
        await subscribe(client, "ann", service, f"b{number}")
    headers = await sign_in(client, "ann")
    body = {"endpoint": f"{service.url}/b11", "keys": Browser.new().keys}
    said = await client.post("/v1/push/subscriptions", json=body, headers=headers)
    assert said.status_code == 409


async def test_people_are_sent_no_heartbeats(services: Services) -> None:
    with pytest.raises(Invalid, match="heartbeat_s"):
        await nudges(services, heartbeat_s=60)


async def test_a_test_goes_the_way_of_every_nudge_to_that_browser_alone_and_says_what_it_is(
    client: httpx.AsyncClient, services: Services, service: Receiver
) -> None:
    await add_user(services, "ann")
    await nudges(services, lanes=["urgent"], actions=["raise"])
    browser = await subscribe(client, "ann", service, "desk")
    await subscribe(client, "ann", service, "phone")
    phone, desk = (await client.get("/v1/push/subscriptions")).json()
    assert desk["address"] == sha256(f"{service.url}/desk".encode()).hexdigest()
    headers = await sign_in(client, "ann")
    path = f"/v1/push/subscriptions/{desk['id']}/test"
    for _ in range(2):  # an impatient hand
        assert (await client.post(path, headers=headers)).status_code == 204
    await services.worker.run_dry()
    assert told(service) == ["desk"]
    shown = browser.shown(service.got[0].body)
    assert (shown["title"], shown["alert"]) == ("This is a test.", 0)
    assert phone["address"] != desk["address"]


async def test_nobody_tests_what_is_a_colleague_s_or_what_goes_nowhere(
    client: httpx.AsyncClient, services: Services, service: Receiver
) -> None:
    other = (await services.organisations.add("Others")).organisation
    await add_user(services, "ann", organisations=[1])
    await add_user(services, "bob")
    await nudges(services, other)
    await subscribe(client, "ann", service, "desk")
    (desk,) = (await client.get("/v1/push/subscriptions")).json()
    path = f"/v1/push/subscriptions/{desk['id']}/test"
    said = await client.post(path, headers=await sign_in(client, "ann"))
    assert (said.status_code, "must set a destination" in said.text) == (409, True)
    assert (await client.post(path, headers=await sign_in(client, "bob"))).status_code == 404
    await services.worker.run_dry()
    assert service.got == []
