"""Seals and opens what is personal, each to the row in which it stands."""

import msgspec

from api.people.consent import Said
from api.people.identity import Identity
from api.refusals import Conflict
from api.store.sealed import Seal, Unsealable
from api.store.stored import Unreadable, read_stored

NO_KEY = "This centre has no key to keep names with: its operator must set secret_key_file."
UNREADABLE = Said(note="It cannot be opened with this centre's keys.")


class Sealing:
    """The centre's key, for people.

    Args:
        seal: None where the centre has no key; then nothing personal can be put on record.
    """

    def __init__(self, seal: Seal | None) -> None:
        self._seal = seal

    def identity(self, resident: str, identity: Identity) -> bytes:
        """Who somebody is, sealed.

        Raises:
            Conflict: There is no key.
        """
        return self._close(msgspec.json.encode(identity), place_of(resident))

    def said(self, resident: str, version: int, said: Said) -> bytes:
        """Who gave a consent and what was said, sealed.

        Raises:
            Conflict: There is no key.
        """
        return self._close(msgspec.json.encode(said), place_of_said(resident, version))

    def open_identity(self, resident: str, sealed: bytes) -> Identity | None:
        """Who somebody is; None where it does not open."""
        try:
            return read_stored(self._open(sealed, place_of(resident)), Identity).known
        except (Unsealable, Unreadable):
            return None

    def open_said(self, resident: str, version: int, sealed: bytes | None) -> Said:
        """What was said; that it cannot be opened, where that is so."""
        if sealed is None:
            return Said()
        try:
            opened = self._open(sealed, place_of_said(resident, version))
            return read_stored(opened, Said).known
        except (Unsealable, Unreadable):
            return UNREADABLE

    def _close(self, secret: bytes, place: str) -> bytes:
        if self._seal is None:
            raise Conflict(NO_KEY)
        return self._seal.close(secret, place)

    def _open(self, sealed: bytes, place: str) -> bytes:
        if self._seal is None:
            raise Unsealable(NO_KEY)
        return self._seal.open(sealed, place)


def place_of(resident: str) -> str:
    """Where an identity opens."""
    return f"resident {resident}"


def place_of_said(resident: str, version: int) -> str:
    """Where what was said opens."""
    return f"consent {version} of resident {resident}"
