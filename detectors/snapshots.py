"""A detector's state as bytes and back."""

from typing import Generic, TypeVar

import msgspec

S = TypeVar("S", bound=msgspec.Struct)

_encoder = msgspec.msgpack.Encoder()


def freeze(state: msgspec.Struct) -> bytes:
    """The state as MessagePack."""
    return _encoder.encode(state)


def thaw(snapshot: bytes, kind: type[S]) -> S:
    """The state that :func:`freeze` wrote.

    Raises:
        ValueError: The bytes are not a state of this kind.
    """
    try:
        return msgspec.msgpack.decode(snapshot, type=kind)
    except msgspec.DecodeError as error:
        raise ValueError(f"not a snapshot of {kind.__module__}: {error}; learn anew") from error


class Remembering(Generic[S]):
    """Whoever remembers no more than one state.

    Attributes:
        memory: The state.
    """

    memory: S

    def snapshot(self) -> bytes:
        """Everything it remembers."""
        return freeze(self.memory)

    def restore(self, snapshot: bytes) -> None:
        """Goes on from a snapshot.

        Raises:
            ValueError: The bytes are no such snapshot.
        """
        self.memory = thaw(snapshot, type(self.memory))
