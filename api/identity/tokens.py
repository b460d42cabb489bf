"""Session tokens: random, kept by the browser alone; the database has only their hash."""

import hashlib
import hmac
import secrets
from base64 import urlsafe_b64encode

TOKEN_BYTES = 32


def new_token() -> str:
    """A fresh token of 256 random bits."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def token_hash(token: str) -> bytes:
    """What the database keeps of a token. Plain SHA-256 is enough: nobody guesses 256 bits."""
    return hashlib.sha256(token.encode()).digest()


def csrf_token(token: str) -> str:
    """The session's CSRF token: another site can neither read it nor work it out."""
    mac = hmac.new(token.encode(), b"telecare csrf", hashlib.sha256).digest()
    return urlsafe_b64encode(mac).decode().rstrip("=")


def same(one: str, other: str) -> bool:
    """Compares secrets without telling by the time taken where they differ."""
    return hmac.compare_digest(one.encode(), other.encode())
