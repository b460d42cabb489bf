"""Words about a person as they lie in the database: sealed where the centre has a key."""

from api.refusals import Conflict, Invalid
from api.store.sealed import Seal, Unsealable

OPEN = b"\x00"
"""Begins what was written down while the centre had no key; sealed bytes begin otherwise."""
SHUT = "It cannot be opened with this centre's keys."


class Cover:
    """Closes and opens words, each bound to the place where it stands.

    Args:
        seal: The centre's, or None where it has no key.
    """

    def __init__(self, seal: Seal | None) -> None:
        self._seal = seal

    @property
    def sealing(self) -> bool:
        """Whether the centre has a key."""
        return self._seal is not None

    def words(self, text: str, place: str) -> bytes:
        """Notes, reasons and words to say: sealed with a key, and without one plain."""
        return self.secret(text, place) if self._seal else OPEN + text.encode()

    def secret(self, text: str, place: str) -> bytes:
        """Names, numbers and codes, which never lie open.

        Raises:
            Invalid: The centre has no key.
        """
        if self._seal is None:
            raise Invalid("Set secret_key_file first: names, numbers and codes are kept sealed.")
        return self._seal.close(text.encode(), place)

    def opened(self, kept: bytes | None, place: str) -> str:
        """What was kept at `place`; empty where nothing was.

        Raises:
            Conflict: It was sealed with a key that this centre has not.
        """
        if not kept:
            return ""
        if kept.startswith(OPEN):
            return kept[1:].decode()
        if self._seal is None:
            raise _shut()
        try:
            return self._seal.open(kept, place).decode()
        except Unsealable as error:
            raise _shut() from error

    def shown(self, kept: bytes | None, place: str) -> str:
        """The same for whoever must go on all the same: in place of what does not open, `SHUT`."""
        try:
            return self.opened(kept, place)
        except Conflict:
            return SHUT


def kept_in(plain: str, words: bytes | None) -> bytes | None:
    """What a row keeps; plain text is of an earlier version, and stands until it is sealed."""
    return OPEN + plain.encode() if plain else words


def _shut() -> Conflict:
    return Conflict(
        "What is kept of this home does not open with this centre's key; check secret_key_file."
    )
