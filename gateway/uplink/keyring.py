"""The hub's key while it is changed: the new one lies beside the old until the centre took it.

`hub.key` is the key; `hub.key.new` the one that is to follow. Whatever is cut off, one of the two
is the one that the centre knows, and the hub finds out which by trying.
"""

import fcntl
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from gateway.errors import HubError
from gateway.uplink.key import KeyFileError, load_key, make_key, public_text, sync_folder

_log = logging.getLogger(__name__)


class Looking:
    """The keys beside each other, for whoever changes nothing.

    Args:
        path: Where the hub's key is.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def all(self) -> list[Ed25519PrivateKey]:
        """The new one first: it may be moved to the old one's place between two looks."""
        found = []
        for path in (following(self._path), self._path):
            with suppress(KeyFileError):  # `doctor` tells of a file that cannot be used
                found.append(load_key(path))
        return found

    def taken(self, key: Ed25519PrivateKey) -> None:
        """Nothing is moved."""


class KeyRing(Looking):
    """The same, for the hub at work."""

    def taken(self, key: Ed25519PrivateKey) -> None:
        """Has the key that the centre knows be the hub's; it may have been cut off at that."""
        try:
            with alone(self._path, wait=False):
                settle(self._path, key)
        except (OSError, HubError) as error:
            _log.warning("the new key stays beside the old for now: %s", error)


def following(path: Path) -> Path:
    """Where the key is that is to follow the one at `path`."""
    return path.with_name(f"{path.name}.new")


def make_following(path: Path) -> Ed25519PrivateKey:
    """The key that is to follow: the one that waits, or a new one, whole on disk or not there.

    Raises:
        KeyFileError: It cannot be written or read.
    """
    waiting = following(path)
    if waiting.exists():
        return load_key(waiting)
    try:
        return make_key(waiting)
    except OSError as error:
        raise KeyFileError(f"{waiting}: the key cannot be written: {error.strerror}") from error


def settle(path: Path, key: Ed25519PrivateKey) -> None:
    """Puts the key that waits in the old one's place, where it is `key`.

    Raises:
        KeyFileError: It cannot be read.
        OSError: It cannot be moved.
    """
    waiting = following(path)
    if waiting.exists() and public_text(load_key(waiting)) == public_text(key):
        waiting.replace(path)
        sync_folder(path.parent)


@contextmanager
def alone(path: Path, *, wait: bool = True) -> Iterator[None]:
    """Keeps everybody else from changing the hub's key.

    Raises:
        OSError: Somebody else does, and `wait` is false.
    """
    handle = os.open(path.parent, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(handle)
