"""A detector's state as bytes and back."""

from typing import TypeVar

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
