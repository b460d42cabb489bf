"""Secrets at rest: AES-GCM with a key from a file, each bound to the place where it stands."""

import base64
import binascii
import os
from collections.abc import Callable
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES = 32
_NONCE_BYTES = 12
_VERSION = b"\x01"


class BadKey(ValueError):  # noqa: N818 - a key is bad, nothing has failed
    """The key file will not do, or there is none; the sentence says what to do."""


class Unsealable(ValueError):  # noqa: N818 - said of a value, as `unreadable` is
    """It was sealed with another key, for another place, or has been changed."""


class Seal:
    """Seals and opens small secrets.

    Args:
        key: 32 bytes.
        randomness: As :func:`os.urandom`.
    """

    def __init__(self, key: bytes, randomness: Callable[[int], bytes] = os.urandom) -> None:
        if len(key) != KEY_BYTES:
            raise BadKey(f"the secret key has {len(key)} bytes; it must have {KEY_BYTES}")
        self._cipher = AESGCM(key)
        self._randomness = randomness

    def close(self, secret: bytes, place: str) -> bytes:
        """Seals `secret` so that it opens only at `place`, such as `destination/1/desk`."""
        nonce = self._randomness(_NONCE_BYTES)
        return _VERSION + nonce + self._cipher.encrypt(nonce, secret, place.encode())

    def open(self, sealed: bytes, place: str) -> bytes:
        """What was sealed at `place`.

        Raises:
            Unsealable: It was not sealed so.
        """
        nonce, text = sealed[1 : 1 + _NONCE_BYTES], sealed[1 + _NONCE_BYTES :]
        try:
            if sealed[:1] != _VERSION:
                raise Unsealable("it is not of a form that this version knows")
            return self._cipher.decrypt(nonce, text, place.encode())
        except (InvalidTag, ValueError) as error:
            raise Unsealable("the secret does not open with this key, at this place") from error


def read_key(file: Path) -> bytes:
    """The key in a file: 32 bytes as base64, such as `openssl rand -base64 32` makes.

    Raises:
        BadKey: There is none.
    """
    try:
        key = base64.b64decode(file.read_text("ascii").strip(), validate=True)
    except (OSError, UnicodeDecodeError, binascii.Error) as error:
        raise BadKey(f"{file}: no key of {KEY_BYTES} bytes in base64") from error
    if len(key) != KEY_BYTES:
        raise BadKey(f"{file}: the key has {len(key)} bytes; it must have {KEY_BYTES}")
    return key
