"""How a webhook proves to be ours: HMAC-SHA256, after the Standard Webhooks form. Pure."""

import base64
import binascii
import hashlib
import hmac

from api.channels.protocol import BadSettings

PREFIX = "whsec_"
SHORTEST = 24
LONGEST = 64


def key_of(secret: str) -> bytes:
    """The key within a secret, `whsec_` and 24 to 64 bytes in base64.

    Raises:
        BadSettings: It is no such thing.
    """
    try:
        key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadSettings("secret must be whsec_ and base64") from error
    if not SHORTEST <= len(key) <= LONGEST:
        raise BadSettings(f"secret must hold {SHORTEST} to {LONGEST} bytes")
    return key


def sign(secret: str, key: str, timestamp: int, body: bytes) -> str:
    """The signature of one message, `v1,` and base64.

    Args:
        secret: Shared with the receiver.
        key: The message's.
        timestamp: Seconds since 1970, when it is sent.
        body: As it is sent.
    """
    signed = f"{key}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.digest(key_of(secret), signed, hashlib.sha256)).decode()
