"""One sign-in that is under way, kept by the browser that began it and nowhere else.

State, nonce and PKCE's verifier are worked out of one secret in a cookie that scripts cannot read.
So an answer counts only in the browser that asked, any replica can take it, and nothing is stored.
"""

import hashlib
import hmac
import secrets
from base64 import urlsafe_b64encode
from datetime import datetime
from typing import NamedTuple
from urllib.parse import quote, unquote

from authlib.oauth2.rfc7636 import create_s256_code_challenge

LIFETIME_SECONDS = 600
_BYTES = 32


class Attempt(NamedTuple):
    """A sign-in that is under way; `next` is the page that it is for."""

    secret: str
    begun: int
    next: str

    @property
    def state(self) -> str:
        """Comes back with the answer: of another browser it is another."""
        return self._of("state")

    @property
    def nonce(self) -> str:
        """Comes back within the ID token: a token of another sign-in has another."""
        return self._of("nonce")

    @property
    def verifier(self) -> str:
        """Shows the provider that whoever has the code is who asked for it (RFC 7636)."""
        return self._of("verifier")

    @property
    def challenge(self) -> str:
        """What the provider is told of the verifier beforehand."""
        challenge: str = create_s256_code_challenge(self.verifier)
        return challenge

    @property
    def cookie(self) -> str:
        """As the browser keeps it."""
        return f"{self.secret}.{self.begun}.{quote(self.next, safe='')}"

    def _of(self, purpose: str) -> str:
        mac = hmac.new(self.secret.encode(), f"telecare oidc {purpose}".encode(), hashlib.sha256)
        return urlsafe_b64encode(mac.digest()).decode().rstrip("=")


def begin(path: str, now: datetime) -> Attempt:
    """A new one."""
    return Attempt(secrets.token_urlsafe(_BYTES), int(now.timestamp()), path)


def read(cookie: str, now: datetime) -> Attempt | None:
    """The one in a cookie; None where it is none, or was begun too long ago."""
    secret, _, rest = cookie.partition(".")
    begun, _, path = rest.partition(".")
    if len(secret) < _BYTES or not (begun.isascii() and begun.isdigit()):
        return None
    if not 0 <= now.timestamp() - int(begun[:12]) <= LIFETIME_SECONDS:
        return None
    return Attempt(secret, int(begun[:12]), unquote(path))
