"""Secrets at rest: AES-GCM with keys from a file, each bound to the place where it stands.

What is sealed names its key, so that keys can be changed: the newest seals, older ones still open.
"""

import base64
import binascii
import hashlib
import os
from collections.abc import Callable, Sequence
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES = 32
_NONCE_BYTES = 12
_NAME_BYTES = 4
_NAMELESS = b"\x01"
"""How earlier versions sealed: whichever key opens it was the one."""
_NAMED = b"\x02"


class BadKey(ValueError):  # noqa: N818 - a key is bad, nothing has failed
    """The key file will not do, or there is none; the sentence says what to do."""


class Unsealable(ValueError):  # noqa: N818 - said of a value, as `unreadable` is
    """It was sealed with another key, for another place, or has been changed."""


class Seal:
    """Seals and opens small secrets.

    Args:
        key: 32 bytes; what is sealed from now on is sealed with it.
        randomness: As :func:`os.urandom`.
        older: Keys that sealed earlier and still open.
    """

    def __init__(
        self,
        key: bytes,
        randomness: Callable[[int], bytes] = os.urandom,
        *,
        older: Sequence[bytes] = (),
    ) -> None:
        for one in (key, *older):
            if len(one) != KEY_BYTES:
                raise BadKey(f"the secret key has {len(one)} bytes; it must have {KEY_BYTES}")
        self._ciphers = {_name(one): AESGCM(one) for one in (key, *older)}
        self._newest = _name(key)
        self._randomness = randomness

    def close(self, secret: bytes, place: str) -> bytes:
        """Seals `secret` so that it opens only at `place`, such as `destination/1/desk`."""
        nonce = self._randomness(_NONCE_BYTES)
        text = self._ciphers[self._newest].encrypt(nonce, secret, place.encode())
        return _NAMED + self._newest + nonce + text

    def open(self, sealed: bytes, place: str) -> bytes:
        """What was sealed at `place`.

        Raises:
            Unsealable: It was not sealed so.
        """
        if sealed[:1] == _NAMELESS:
            names, rest = list(self._ciphers), sealed[1:]
        elif sealed[:1] == _NAMED:
            names, rest = [sealed[1 : 1 + _NAME_BYTES]], sealed[1 + _NAME_BYTES :]
        else:
            raise Unsealable("it is not of a form that this version knows")
        for name in names:
            cipher = self._ciphers.get(name)
            try:
                if cipher is not None:
                    return cipher.decrypt(rest[:_NONCE_BYTES], rest[_NONCE_BYTES:], place.encode())
            except (InvalidTag, ValueError):
                continue
        raise Unsealable("the secret does not open with these keys, at this place")

    @property
    def mark(self) -> bytes:
        """The five bytes that begin whatever is sealed with the key that seals now."""
        return _NAMED + self._newest


def _name(key: bytes) -> bytes:
    """What tells a key from others, and nothing of it."""
    return hashlib.sha256(b"telecare key " + key).digest()[:_NAME_BYTES]


def read_keys(file: Path) -> list[bytes]:
    """The keys in a file, one a line: 32 bytes as base64, such as `openssl rand -base64 32` makes.

    The first seals; what the others sealed still opens.

    Raises:
        BadKey: There is none, or one of them will not do.
    """
    try:
        lines = file.read_text("ascii").split()
        keys = [base64.b64decode(line, validate=True) for line in lines]
    except (OSError, UnicodeDecodeError, binascii.Error) as error:
        raise BadKey(f"{file}: no key of {KEY_BYTES} bytes in base64") from error
    for key in keys:
        if len(key) != KEY_BYTES:
            raise BadKey(f"{file}: the key has {len(key)} bytes; it must have {KEY_BYTES}")
    if not keys:
        raise BadKey(f"{file}: no key of {KEY_BYTES} bytes in base64")
    return keys


def read_key(file: Path) -> bytes:
    """The key in a file that seals: its first.

    Raises:
        BadKey: There is none.
    """
    return read_keys(file)[0]


def seal_of(file: Path) -> Seal:
    """The seal with the keys in a file.

    Raises:
        BadKey: There is none, or one of them will not do.
    """
    newest, *older = read_keys(file)
    return Seal(newest, older=older)
