"""Secrets that the database keeps and must not be able to read: AES-GCM under the centre's key."""

import base64
import binascii
import secrets
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES = 32
_NONCE_BYTES = 12


class VaultError(ValueError):
    """The key is missing or none, or what was sealed was changed or sealed by another key."""


class Vault:
    """Seals and opens.

    Args:
        key: 32 bytes; without one nothing can be sealed or opened.
    """

    def __init__(self, key: bytes | None) -> None:
        self._cipher = AESGCM(key) if key else None

    @classmethod
    def from_file(cls, path: str) -> "Vault":
        """With the key of a file, base64 of 32 bytes; without a key where `path` is empty.

        Raises:
            VaultError: There is no such file or no such key in it.
        """
        return cls(read_key(Path(path)) if path else None)

    @property
    def usable(self) -> bool:
        """Whether there is a key."""
        return self._cipher is not None

    def seal(self, plain: bytes, about: str) -> bytes:
        """Encrypts; what is sealed about one thing cannot be opened as another's."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return nonce + self._needed().encrypt(nonce, plain, about.encode())

    def open(self, sealed: bytes, about: str) -> bytes:
        """Decrypts.

        Raises:
            VaultError: It was changed, is about something else, or is another key's.
        """
        nonce, rest = sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:]
        try:
            return self._needed().decrypt(nonce, rest, about.encode())
        except InvalidTag as error:
            raise VaultError("A sealed secret cannot be opened with this centre's key.") from error

    def _needed(self) -> AESGCM:
        if self._cipher is None:
            raise VaultError("There is no key; set secret_key_file.")
        return self._cipher


def read_key(path: Path) -> bytes:
    """The key of a file.

    Raises:
        VaultError: There is none.
    """
    try:
        key = base64.b64decode(path.read_text("ascii").strip(), validate=True)
    except (OSError, UnicodeDecodeError, binascii.Error) as error:
        raise VaultError(f"{path}: no key can be read from it: {error}") from error
    if len(key) != KEY_BYTES:
        raise VaultError(f"{path}: a key is {KEY_BYTES} bytes in base64; this one has {len(key)}")
    return key
