"""A hub's whole conversation over HTTP: each answer is what the hub acts on, so each is pinned."""

import gzip

import asyncpg
import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from api.hubs.routes import MAX_BATCH_BYTES, MAX_UNPACKED_BYTES
from api.services import Services
from contract import Receipt, decode
from tests.api.support import Device, SettableClock, add_device, public_key


async def post(
    client: httpx.AsyncClient,
    device: Device,
    clock: SettableClock,
    body: bytes,
    **headers: str,
) -> httpx.Response:
    headers.setdefault("Authorization", f"Bearer {device.token(clock.now)}")
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    return await client.post(f"/v1/hubs/{device.hub}/batches", content=body, headers=sent)


async def test_claim_then_send_then_ask_for_the_receipt_alone(
    client: httpx.AsyncClient, services: Services, clock: SettableClock
) -> None:
    invitation = await services.claims.add_hub("h1", organisation=1)
    key = Ed25519PrivateKey.generate()
    asked = {"code": invitation.code, "public_key": public_key(key)}
    first = await client.post("/v1/claims", json=asked)
    assert (first.status_code, first.json()) == (201, {"hub": invitation.hub, "home": "h1"})
    again = await client.post("/v1/claims", json=asked)
    assert (again.status_code, again.json()) == (200, first.json())
    device = Device(invitation.hub, "h1", key)
    sent = await post(client, device, clock, device.batch_json([device.event(1)]))
    assert sent.status_code == 200
    assert decode(sent.content, Receipt).contiguous == 1
    receipt = await post(client, device, clock, device.batch_json([]))
    assert decode(receipt.content, Receipt).contiguous == 1


async def test_a_used_code_is_told_apart_from_an_unknown_one(
    client: httpx.AsyncClient, services: Services
) -> None:
    invitation = await services.claims.add_hub("h1", organisation=1)
    statuses = []
    for code in (invitation.code, invitation.code, "0000-0000-0000"):
        key = public_key(Ed25519PrivateKey.generate())
        answer = await client.post("/v1/claims", json={"code": code, "public_key": key})
        statuses.append(answer.status_code)
    assert statuses == [201, 409, 404]


async def test_gzip_is_welcome(
    client: httpx.AsyncClient, services: Services, clock: SettableClock
) -> None:
    device = await add_device(services)
    packed = gzip.compress(device.batch_json([device.event(seq) for seq in range(1, 500)]))
    answer = await post(client, device, clock, packed, Content_Encoding="gzip")
    assert decode(answer.content, Receipt).contiguous == 499


async def test_a_hub_cannot_speak_for_another(
    client: httpx.AsyncClient,
    services: Services,
    clock: SettableClock,
    connection: asyncpg.Connection,
) -> None:
    mine, other = await add_device(services), await add_device(services)
    token = f"Bearer {mine.token(clock.now)}"
    body = other.batch_json([other.event(1)])
    by_address = await post(client, other, clock, body, Authorization=token)
    by_body = await post(client, mine, clock, body)
    assert (by_address.status_code, by_body.status_code) == (403, 403)
    assert await connection.fetchval("select count(*) from event") == 0


@pytest.mark.parametrize("header", ["", "Basic eDp5", "Bearer", "Bearer x.y.z"])
async def test_without_a_good_token_nothing_is_read(
    client: httpx.AsyncClient, services: Services, clock: SettableClock, header: str
) -> None:
    device = await add_device(services)
    body = device.batch_json([])
    answer = await post(client, device, clock, body, Authorization=header)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"


async def test_a_hub_nobody_knows_or_that_is_not_yet_claimed_is_refused(
    client: httpx.AsyncClient, services: Services, clock: SettableClock
) -> None:
    invitation = await services.claims.add_hub("h1", organisation=1)
    for hub in (invitation.hub, "hub-nobody", "hub\0"):
        device = Device(hub, "h1", Ed25519PrivateKey.generate())
        token = f"Bearer {device.token(clock.now)}"
        address = f"/v1/hubs/{invitation.hub}/batches"
        answer = await client.post(address, content=b"{}", headers={"Authorization": token})
        assert answer.status_code == 401


@pytest.mark.parametrize(
    "wrong",
    [
        (b"", "identity", 422),
        (b"{", "identity", 422),
        (b"[]", "identity", 422),
        (b'{"hub":"x"}', "identity", 422),
        (b"\xff\xfe", "identity", 422),
        (b"not gzip", "gzip", 422),
        (gzip.compress(b"{}", mtime=0)[:-4], "gzip", 422),
        (gzip.compress(b"{}", mtime=0) + b"more", "gzip", 422),
        (b"{}", "br", 422),
        (b" " * (MAX_BATCH_BYTES + 1), "identity", 413),
        (gzip.compress(b" " * (MAX_UNPACKED_BYTES + 1), mtime=0), "gzip", 413),
    ],
    ids=lambda value: str(value)[:20],
)
async def test_what_is_no_batch_is_refused_with_a_reason(
    client: httpx.AsyncClient,
    services: Services,
    clock: SettableClock,
    wrong: tuple[bytes, str, int],
) -> None:
    body, encoding, status = wrong
    device = await add_device(services)
    answer = await post(client, device, clock, body, Content_Encoding=encoding)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"]


@pytest.mark.parametrize("depth", [100, 900, 20_000, 1_000_000])
async def test_a_record_nested_out_of_all_reason_is_kept_or_refused_and_never_a_fault(
    client: httpx.AsyncClient, services: Services, clock: SettableClock, depth: int
) -> None:
    device = await add_device(services)
    nested = b"[" * depth + b"]" * depth
    records = b'[{"seq":1,"kind":"dream","body":%b}]' % nested
    body = b'{"hub":"%b","epoch":"e","records":%b}' % (device.hub.encode(), records)
    answer = await post(client, device, clock, body)
    assert answer.status_code == (200 if depth < 1000 else 422)


async def test_more_records_than_a_batch_may_have_are_refused_whole(
    client: httpx.AsyncClient, services: Services, clock: SettableClock
) -> None:
    device = await add_device(services)
    body = device.batch_json([device.event(seq) for seq in range(1, 1002)])
    assert (await post(client, device, clock, body)).status_code == 422
