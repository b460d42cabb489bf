"""Nobody but the hub itself may speak for a home."""

import base64
import json
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from api.hubs.tokens import check, issuer
from api.refusals import NotSignedIn
from tests.api.support import NOON, Device

DEVICE = Device("hub-1", "h1", Ed25519PrivateKey.generate())
KEY = DEVICE.key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
T = NOON.timestamp()


def test_a_good_token_is_believed() -> None:
    token = DEVICE.token(NOON)
    check(token, KEY, NOON)
    assert issuer(token) == "hub-1"


@pytest.mark.parametrize(("iat", "exp"), [(55, 300), (-355, -55), (0, 300)])
def test_a_clock_that_is_a_minute_off_does_no_harm(iat: float, exp: float) -> None:
    check(DEVICE.token(NOON, iat=T + iat, exp=T + exp), KEY, NOON)


@pytest.mark.parametrize(
    "claims",
    [
        {"exp": T - 61},
        {"iat": T + 61, "exp": T + 120},
        {"exp": T + 301},
        {"aud": "somebody-else"},
        {"aud": None},
        {"exp": None},
        {"iat": None},
        {"exp": "soon"},
        {"exp": float("nan")},
        {"exp": float("inf")},
        {"iat": float("nan")},
        {"iat": -T},
        {"iat": T - 3600},
    ],
)
def test_a_token_for_another_time_or_place_is_not(claims: dict[str, Any]) -> None:
    payload = {"iss": "hub-1", "aud": "telecare-centre", "iat": T, "exp": T + 60, **claims}
    payload = {name: value for name, value in payload.items() if value is not None}
    token = jwt.encode(payload, DEVICE.key, algorithm="EdDSA")
    with pytest.raises(NotSignedIn):
        check(token, KEY, NOON)


def test_another_key_s_token_is_not() -> None:
    stranger = Device("hub-1", "h1", Ed25519PrivateKey.generate())
    with pytest.raises(NotSignedIn):
        check(stranger.token(NOON), KEY, NOON)


def unsigned(algorithm: str) -> str:
    parts = [
        {"alg": algorithm, "typ": "JWT"},
        {"iss": "hub-1", "aud": "telecare-centre", "iat": T, "exp": T + 60},
    ]
    coded = [base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=") for part in parts]
    return b".".join([*coded, b""]).decode()


@pytest.mark.parametrize("algorithm", ["none", "EdDSA", "HS256", "RS256"])
def test_an_unsigned_token_is_not(algorithm: str) -> None:
    with pytest.raises(NotSignedIn):
        check(unsigned(algorithm), KEY, NOON)


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "ä.ö.ü", "." * 1000, "e30.e30.e30"])
def test_what_is_no_token_is_refused_without_a_fault(token: str) -> None:
    with pytest.raises(NotSignedIn):
        issuer(token)
    with pytest.raises(NotSignedIn):
        check(token, KEY, NOON)
