"""A hub in the wrong home tells staff the wrong person's day: a place is given once, to one key."""

import asyncio
from datetime import timedelta

import asyncpg
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from api.hubs.claims import ClaimRequest, read_key
from api.refusals import Conflict, Invalid, NotFound, TooMany
from api.services import Services
from api.store.reach import CENTRE
from tests.api.support import SettableClock, public_key

ADDRESS = "192.0.2.1"


def request(code: str, key: Ed25519PrivateKey | None = None) -> ClaimRequest:
    return ClaimRequest(code=code, public_key=public_key(key or Ed25519PrivateKey.generate()))


async def test_a_code_is_good_once_and_the_same_key_may_ask_again(services: Services) -> None:
    invitation = await services.claims.add_hub("h1", organisation=1)
    key = Ed25519PrivateKey.generate()
    first, new = await services.claims.claim(request(invitation.code, key), ADDRESS)
    assert (first.hub, first.home, new) == (invitation.hub, "h1", True)
    again, new = await services.claims.claim(request(invitation.code.lower(), key), ADDRESS)
    assert (again, new) == (first, False)
    with pytest.raises(Conflict, match="another hub"):
        await services.claims.claim(request(invitation.code), ADDRESS)


async def test_of_many_devices_with_the_same_code_one_gets_the_place(services: Services) -> None:
    invitation = await services.claims.add_hub("h1", organisation=1)
    tries = [services.claims.claim(request(invitation.code), ADDRESS) for _ in range(8)]
    results = await asyncio.gather(*tries, return_exceptions=True)
    assert sum(isinstance(result, tuple) for result in results) == 1
    assert sum(isinstance(result, Conflict) for result in results) == 7


async def test_an_expired_code_is_refused_but_a_hub_that_used_it_in_time_stays(
    services: Services, clock: SettableClock
) -> None:
    late, used = [await services.claims.add_hub("h1", organisation=1) for _ in range(2)]
    key = Ed25519PrivateKey.generate()
    await services.claims.claim(request(used.code, key), ADDRESS)
    clock.move(days=8)
    with pytest.raises(NotFound, match="expired"):
        await services.claims.claim(request(late.code), ADDRESS)
    _, new = await services.claims.claim(request(used.code, key), ADDRESS)
    assert not new


@pytest.mark.parametrize("code", ["", "0000-0000-0000", "AAAA-AAAA-AAAB", "x" * 5000])
async def test_a_mistyped_or_unknown_code_is_refused(services: Services, code: str) -> None:
    with pytest.raises(NotFound):
        await services.claims.claim(request(code), ADDRESS)


async def test_guessing_codes_is_slowed_by_address_and_others_are_not_held_up(
    services: Services, clock: SettableClock
) -> None:
    invitation = await services.claims.add_hub("h1", organisation=1)
    for _ in range(20):
        with pytest.raises(NotFound):
            await services.claims.claim(request("nonsense"), ADDRESS)
    with pytest.raises(TooMany) as refused:
        await services.claims.claim(request(invitation.code), ADDRESS)
    assert 0 < refused.value.retry_after <= 15 * 60
    await services.claims.claim(request(invitation.code), "192.0.2.2")
    clock.move(minutes=16)
    with pytest.raises(NotFound):
        await services.claims.claim(request("nonsense"), ADDRESS)


@pytest.mark.parametrize("key", ["", "AAAA", "ä" * 43, "A" * 44, "!" * 43])
def test_what_is_no_key_is_refused(key: str) -> None:
    with pytest.raises(Invalid, match="32 bytes"):
        read_key(key)


@pytest.mark.parametrize(
    ("home", "label", "zone"),
    [
        ("", "", "Europe/London"),
        ("a b", "", "Europe/London"),
        ("h1", "x" * 81, "Europe/London"),
        ("h1", "tab\there", "Europe/London"),
        ("h1", "", "Europe/Atlantis"),
        ("h1", "", "../../etc/passwd"),
    ],
)
async def test_a_home_is_added_only_with_names_that_will_do(
    services: Services, home: str, label: str, zone: str
) -> None:
    with pytest.raises(Invalid):
        await services.claims.add_hub(home, organisation=1, label=label, time_zone=zone)


async def test_a_second_hub_keeps_the_home_s_label_unless_a_new_one_is_given(
    services: Services,
) -> None:
    for label, expected in (("Flat 12", "Flat 12"), ("", "Flat 12"), ("Flat 13", "Flat 13")):
        await services.claims.add_hub("h1", organisation=1, label=label, lifetime=timedelta(days=1))
        assert (await services.homes.one(CENTRE, "h1")).label == expected


async def test_the_database_never_has_the_code_itself(
    services: Services, connection: asyncpg.Connection
) -> None:
    invitation = await services.claims.add_hub("h1", organisation=1)
    row = await connection.fetchrow("select h::text as whole from hub h")
    assert row is not None
    assert invitation.code not in row["whole"]
    assert invitation.code.replace("-", "") not in row["whole"]
