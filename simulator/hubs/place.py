"""Where a virtual hub keeps its journal and key: a folder, or memory."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from gateway.journal import Journal
from gateway.journal.lock import only_one
from gateway.uplink.key import load_or_make_key
from simulator.files import write_whole


class Identity(msgspec.Struct, frozen=True):
    """Who a hub is to its centre."""

    hub: str
    home: str


class Place:
    """One hub's.

    Args:
        folder: Its own; None for memory, which forgets all at the end.
    """

    def __init__(self, folder: Path | None) -> None:
        self.folder = folder
        self._key: Ed25519PrivateKey | None = None

    def key(self) -> Ed25519PrivateKey:
        """The hub's private key, made where there is none.

        Raises:
            HubError: There is one that cannot be used, or none can be written.
        """
        if self._key is None:
            made = Ed25519PrivateKey.generate
            self._key = made() if self.folder is None else load_or_make_key(self.folder / "hub.key")
        return self._key

    def known(self) -> Identity | None:
        """Who the hub became in an earlier run, if there was one.

        Raises:
            ValueError: What was kept cannot be read.
        """
        if self.folder is None or not self._note.exists():
            return None
        try:
            return msgspec.json.decode(self._note.read_bytes(), type=Identity)
        except msgspec.DecodeError as error:
            raise ValueError(f"{self._note} cannot be read: {error}; delete its folder") from error

    def remember(self, identity: Identity) -> None:
        """Keeps who the hub has become."""
        if self.folder is not None:
            write_whole(self._note, msgspec.json.encode(identity) + b"\n")

    @contextmanager
    def journal(self, identity: Identity) -> Iterator[Journal]:
        """The hub's journal, for this process alone.

        Raises:
            JournalError: It cannot be used, or another process uses it.
        """
        if self.folder is None:
            with Journal.open(Path(":memory:"), identity.hub, identity.home) as journal:
                yield journal
            return
        file = self.folder / "journal.sqlite"
        with only_one(file), Journal.open(file, identity.hub, identity.home) as journal:
            yield journal

    @property
    def _note(self) -> Path:
        return (self.folder or Path()) / "identity.json"
