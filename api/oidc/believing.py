"""Whether an ID token is to be believed (OpenID Connect Core 1.0, 3.1.3.7)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet

from api.oidc.refusing import NotLetIn, Why

ALGORITHMS = ("RS256", "PS256", "ES256", "EdDSA", "Ed25519")
"""Signed with a key that only the provider has. Never `none`, nor with what the client knows."""
LEEWAY_SECONDS = 60
LONGEST_SUBJECT = 255


class UnknownKey(NotLetIn):
    """It names a key that is not among the provider's; they may have changed."""


def believe(
    token: Any,
    keys: KeySet,
    *,
    issuer: str,
    client: str,
    nonce: str,
    access_token: str,
    now: datetime,
) -> Mapping[str, Any]:
    """The claims of an ID token that came for this sign-in from this provider.

    Raises:
        UnknownKey: The keys may have changed; fetch them anew and try once more.
        NotLetIn: It is not to be believed.
    """
    if not isinstance(token, str):
        raise NotLetIn(Why.NONSENSE, "the provider gave no ID token")
    try:
        read = jwt.decode(token, keys, algorithms=list(ALGORITHMS))
    except InvalidKeyIdError as error:
        raise UnknownKey(Why.NONSENSE, "the ID token names a key of nobody") from error
    except (JoseError, ValueError, KeyError, TypeError) as error:
        raise NotLetIn(Why.NONSENSE, f"the ID token: {type(error).__name__}: {error}") from error
    claims = CodeIDToken(
        read.claims,
        read.header,
        options={
            "iss": {"essential": True, "value": issuer},
            "aud": {"essential": True, "value": client},
            "sub": {"essential": True},
        },
        params={"nonce": nonce, "client_id": client, "access_token": access_token},
    )
    try:
        claims.validate(now=int(now.timestamp()), leeway=LEEWAY_SECONDS)
    except (JoseError, ValueError, TypeError) as error:
        raise NotLetIn(Why.NONSENSE, f"the ID token: {type(error).__name__}: {error}") from error
    subject = claims["sub"]
    plain = isinstance(subject, str) and subject.isprintable()
    if not plain or not 0 < len(subject) <= LONGEST_SUBJECT:
        raise NotLetIn(Why.NONSENSE, "the ID token names nobody")
    found: Mapping[str, Any] = claims
    return found
