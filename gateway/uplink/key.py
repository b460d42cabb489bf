"""The hub's own key: made here, never leaves; the centre knows its public half."""

import os
from base64 import urlsafe_b64encode
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from gateway.errors import AS_WHOM, HubError

_ANEW = "move it away, ask the centre for a new code and claim the hub anew"


class KeyFileError(HubError):
    """The key file cannot be used. The sentence says what to do."""


def load_key(path: Path) -> Ed25519PrivateKey:
    """Reads the hub's private key.

    Raises:
        KeyFileError: It is missing, readable by others, or not an Ed25519 key.
    """
    try:
        if path.stat().st_mode & 0o077:
            raise KeyFileError(f"{path}: other users can read the hub's key; run chmod 600 {path}")
        key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    except PermissionError as error:
        raise KeyFileError(f"{path}: cannot be read: {error.strerror}; {AS_WHOM}") from error
    except OSError as error:
        raise KeyFileError(
            f"{path}: the hub has no key here ({error.strerror}); "
            "telecare-gateway claim makes one and makes it known to the centre"
        ) from error
    except (ValueError, TypeError) as error:
        raise KeyFileError(f"{path}: not a private key in PEM form; {_ANEW}") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise KeyFileError(f"{path}: not an Ed25519 key; {_ANEW}")
    return key


def load_or_make_key(path: Path) -> Ed25519PrivateKey:
    """Reads the hub's private key, or makes it where there is none.

    Raises:
        KeyFileError: There is one that cannot be used, or none can be written.
    """
    try:
        there = path.exists()
    except OSError as error:
        raise KeyFileError(f"{path}: cannot be read: {error.strerror}; {AS_WHOM}") from error
    if there:
        return load_key(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o750)
        return make_key(path)
    except OSError as error:
        raise KeyFileError(f"{path}: the key cannot be written: {error.strerror}") from error


def make_key(path: Path) -> Ed25519PrivateKey:
    """A new key, whole on disk or not there: half of one would open nothing, for ever.

    Raises:
        OSError: It cannot be written.
    """
    key, made = Ed25519PrivateKey.generate(), path.with_name(f"{path.name}.tmp")
    made.unlink(missing_ok=True)
    _write(made, key)
    made.rename(path)
    sync_folder(path.parent)
    return key


def sync_folder(folder: Path) -> None:
    """Has it on disk which files a folder holds.

    Raises:
        OSError: It cannot be done.
    """
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _write(path: Path, key: Ed25519PrivateKey) -> None:
    """Writes a key for its owner alone, and has it on disk."""
    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as out:
        out.write(pem)
        out.flush()
        os.fsync(out.fileno())
        _give_to_owner_of(path.parent, out.fileno())


def _give_to_owner_of(folder: Path, handle: int) -> None:
    """Claimed by root, the key is still for the user that the hub runs as."""
    if os.geteuid() == 0:
        owner = folder.stat()
        os.fchown(handle, owner.st_uid, owner.st_gid)


def public_text(key: Ed25519PrivateKey) -> str:
    """The public half: 32 bytes as base64url without padding."""
    raw = key.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    return urlsafe_b64encode(raw).rstrip(b"=").decode()
