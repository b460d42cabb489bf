"""How a push service knows the centre: an ES256 key and a short-lived token (RFC 8292). Pure."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime, timedelta

import jwt
from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    EllipticCurvePrivateKey,
    derive_private_key,
    generate_private_key,
)
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

KEY_BYTES = 32
GOOD_FOR = timedelta(hours=1)
"""Of a token; push services take none of more than a day."""


def new_key() -> str:
    """A new private key, 32 bytes in base64url."""
    number = generate_private_key(SECP256R1()).private_numbers().private_value
    return encode(number.to_bytes(KEY_BYTES, "big"))


def read_key(text: str) -> EllipticCurvePrivateKey:
    """A private key from its text.

    Raises:
        ValueError: It is none.
    """
    return derive_private_key(int.from_bytes(decode(text), "big"), SECP256R1())


def public(key: EllipticCurvePrivateKey) -> str:
    """What a browser is given as `applicationServerKey`: 65 bytes in base64url."""
    return encode(key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))


def authorization(key: EllipticCurvePrivateKey, audience: str, contact: str, now: datetime) -> str:
    """The header that says who sends.

    Args:
        key: The centre's.
        audience: The push service's origin, such as `https://push.example`.
        contact: Whom its operator can reach about us: `mailto:...` or `https://...`.
        now: When it is sent.
    """
    claims = {"aud": audience, "exp": int((now + GOOD_FOR).timestamp()), "sub": contact}
    token = jwt.encode(claims, key, algorithm="ES256")
    return f"vapid t={token}, k={public(key)}"


def encode(raw: bytes) -> str:
    """Base64url without padding."""
    return urlsafe_b64encode(raw).decode("ascii").rstrip("=")


def decode(text: str) -> bytes:
    """From base64url, padded or not.

    Raises:
        ValueError: It is none.
    """
    return urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
