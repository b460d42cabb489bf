"""Words about a person as they lie in the database: sealed where the centre has a key."""

from api.refusals import Conflict, Invalid
from api.store.sealed import Seal, Unsealable

OPEN = b"\x00"
"""Begins what was written down while the centre had no key; sealed bytes begin otherwise."""


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
        """Notes and words to say: sealed with a key, and without one as plain as alerts' notes."""
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


def _shut() -> Conflict:
    return Conflict(
        "What is kept of this home does not open with this centre's key; check secret_key_file."
    )
