"""The centre knows the hub by tokens that soon end, also when the hub's clock is wrong."""

from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from gateway.uplink.token import AUDIENCE, LIFE_S, Signer

KEY = Ed25519PrivateKey.generate()


def claims(token: str) -> dict[str, Any]:
    return jwt.decode(
        token,
        KEY.public_key(),
        algorithms=["EdDSA"],
        audience=AUDIENCE,
        options={"verify_exp": False, "verify_iat": False},
    )


def test_a_token_says_who_to_whom_and_for_how_long() -> None:
    found = claims(Signer("hub-1", KEY).token(1_000_000.7))
    assert found == {
        "iss": "hub-1",
        "aud": "telecare-centre",
        "iat": 1_000_000,
        "exp": 1_000_000 + LIFE_S,
    }
    assert LIFE_S <= 300


def test_a_token_is_used_again_while_it_holds_and_renewed_in_time() -> None:
    signer = Signer("hub-1", KEY)
    first = signer.token(1000)
    assert signer.token(1000 + LIFE_S - 61) == first
    renewed = signer.token(1000 + LIFE_S - 59)
    assert claims(renewed)["iat"] == 1000 + LIFE_S - 59


def test_a_hub_whose_clock_is_wrong_dates_its_tokens_by_the_centres() -> None:
    signer = Signer("hub-1", KEY)
    signer.token(1000)
    assert signer.set_right(centre=9000, now=1000)
    assert claims(signer.token(1010))["iat"] == 9010
    assert not signer.set_right(centre=9011, now=1010)


def test_a_few_seconds_of_difference_are_no_wrong_clock() -> None:
    signer = Signer("hub-1", KEY)
    first = signer.token(1000)
    assert not signer.set_right(centre=1020, now=1000)
    assert signer.token(1000) == first


def test_a_clock_put_back_does_not_keep_an_old_token() -> None:
    signer = Signer("hub-1", KEY)
    signer.token(100_000)
    assert claims(signer.token(1000))["iat"] == 1000
