"""A hub proves who it is by a short-lived token, signed with the key it claimed its place with."""

from datetime import datetime
from typing import Annotated, Any

import jwt
import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from api.refusals import NotSignedIn

AUDIENCE = "telecare-centre"
ALGORITHM = "EdDSA"
LIFETIME_SECONDS = 300
"""How long a token may be good for."""
LEEWAY_SECONDS = 60
"""How far a hub's clock may be off."""


Seconds = Annotated[float, msgspec.Meta(ge=0, le=1e11)]
"""Since 1970; the bounds also refuse what is no number, which would pass every comparison."""


class Claims(msgspec.Struct, frozen=True):
    """What a token says."""

    iss: str
    iat: Seconds
    exp: Seconds


def issuer(token: str) -> str:
    """Who a token says it is from; not yet to be believed.

    Raises:
        NotSignedIn: It is no token.
    """
    try:
        return _read(jwt.decode(token, options={"verify_signature": False})).iss
    except (jwt.InvalidTokenError, ValueError) as error:
        raise NotSignedIn("The token cannot be read.") from error


def check(token: str, key: bytes, now: datetime) -> None:
    """Believes a token, or not.

    Args:
        token: As it came.
        key: The raw Ed25519 public key of the hub it says it is from.
        now: The centre's time. The hub's may be `LEEWAY_SECONDS` off.

    Raises:
        NotSignedIn: It was not signed with that key, is for somebody else, or not for this time.
    """
    try:
        claims = jwt.decode(
            token,
            Ed25519PublicKey.from_public_bytes(key),
            algorithms=[ALGORITHM],
            audience=AUDIENCE,
            # The times are checked below, against the given clock and with an upper bound.
            options={"verify_exp": False, "verify_iat": False, "require": ["iss", "iat", "exp"]},
        )
    except jwt.InvalidTokenError as error:
        raise NotSignedIn(f"The token is not good: {error}.") from error
    _check_times(_read(claims), now.timestamp())


def _read(claims: dict[str, Any]) -> Claims:
    try:
        return msgspec.convert(claims, Claims)
    except msgspec.ValidationError as error:
        raise NotSignedIn(f"The token does not say what it must: {error}.") from error


def _check_times(claims: Claims, now: float) -> None:
    if claims.exp - claims.iat > LIFETIME_SECONDS:
        raise NotSignedIn(f"The token must be good for at most {LIFETIME_SECONDS} seconds.")
    if claims.iat > now + LEEWAY_SECONDS:
        raise NotSignedIn("The token is from the future. Set the hub's clock.")
    if claims.exp <= now - LEEWAY_SECONDS:
        raise NotSignedIn("The token has expired. Make a new one, and check the hub's clock.")
