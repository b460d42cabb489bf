"""Codes that change with the time (RFC 6238): HMAC-SHA-1, six digits, steps of 30 seconds.

These are the values that every authenticator app takes. It is these lines and no library because
what matters here is which step a code belongs to, so that none is taken twice.
"""

import hmac
from base64 import b32encode
from datetime import datetime
from urllib.parse import quote

STEP_SECONDS = 30
DIGITS = 6
SECRET_BYTES = 20
AROUND = 1
"""Steps before and after the present one that still do: clocks differ, and typing takes time."""


def step_of(at: datetime) -> int:
    """The step that a moment belongs to."""
    return int(at.timestamp()) // STEP_SECONDS


def code(secret: bytes, step: int) -> str:
    """The code of one step (RFC 4226, section 5.3)."""
    mac = hmac.digest(secret, step.to_bytes(8, "big"), "sha1")
    start = mac[-1] & 15
    number = int.from_bytes(mac[start : start + 4], "big") & 0x7FFFFFFF
    return f"{number % 10**DIGITS:0{DIGITS}}"


def matching_step(secret: bytes, typed: str, at: datetime, after: int) -> int | None:
    """The step whose code was typed, around `at` and later than `after`; None where there is none.

    Looks at every step, so that the time taken does not tell which it was.
    """
    found = None
    now = step_of(at)
    for step in range(now - AROUND, now + AROUND + 1):
        fits = hmac.compare_digest(code(secret, step).encode(), typed.encode())
        if fits and step > after:
            found = step
    return found


def written(secret: bytes) -> str:
    """The secret as an app takes it from the keyboard: base32."""
    return b32encode(secret).decode()


def address(secret: bytes, username: str) -> str:
    """The secret as an app takes it from a picture or a link."""
    name = quote(f"telecare:{username}")
    return f"otpauth://totp/{name}?secret={written(secret)}&issuer=telecare"
