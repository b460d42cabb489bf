"""Whether a token of the provider is to be believed (OpenID Connect Core 1.0, 3.1.3.7)."""

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
LOGOUT = "http://schemas.openid.net/event/backchannel-logout"


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
    read = _signed(token, keys)
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
    _subject(claims["sub"])
    found: Mapping[str, Any] = claims
    return found


def believe_logout(token: Any, keys: KeySet, *, issuer: str, client: str, now: datetime) -> str:
    """Whom a logout token says to have signed out (OpenID Connect Back-Channel Logout 1.0, 2.6).

    Raises:
        UnknownKey: As :func:`believe`.
        NotLetIn: It is not to be believed, or names nobody.
    """
    claims = _signed(token, keys).claims
    rules = jwt.JWTClaimsRegistry(
        now=int(now.timestamp()),
        leeway=LEEWAY_SECONDS,
        iss={"essential": True, "value": issuer},
        aud={"essential": True, "value": client},
        iat={"essential": True},
        exp={"essential": True},
        events={"essential": True},
    )
    try:
        rules.validate(claims)
    except (JoseError, ValueError, TypeError) as error:
        raise NotLetIn(Why.NONSENSE, f"the token: {type(error).__name__}: {error}") from error
    events = claims["events"]
    if not isinstance(events, dict) or LOGOUT not in events or "nonce" in claims:
        raise NotLetIn(Why.NONSENSE, "the token is not one of signing out")
    return _subject(claims.get("sub"))


def _signed(token: Any, keys: KeySet) -> jwt.Token:
    if not isinstance(token, str):
        raise NotLetIn(Why.NONSENSE, "the provider gave no token")
    try:
        return jwt.decode(token, keys, algorithms=list(ALGORITHMS))
    except InvalidKeyIdError as error:
        raise UnknownKey(Why.NONSENSE, "the token names a key of nobody") from error
    except (JoseError, ValueError, KeyError, TypeError) as error:
        raise NotLetIn(Why.NONSENSE, f"the token: {type(error).__name__}: {error}") from error


def _subject(subject: Any) -> str:
    plain = isinstance(subject, str) and subject.isprintable()
    if not plain or not 0 < len(subject) <= LONGEST_SUBJECT:
        raise NotLetIn(Why.NONSENSE, "the token names nobody")
    return str(subject)
