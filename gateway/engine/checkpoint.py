"""The engine's memory as one blob: what it takes to go on as if it had never stopped."""

import msgspec

from gateway.engine.alert_book import Entry
from gateway.engine.unjudged import Call

FORM = 1
"""Rises when the blob changes form; an older form is then learned anew from the journal."""


class Learned(msgspec.Struct, frozen=True):
    """One detector's snapshot, with the version of the detector that took it."""

    condition: str
    version: int
    snapshot: bytes


class Strikes(msgspec.Struct, frozen=True, array_like=True):
    """So many failures of a detector, the last of them at `at` (epoch seconds)."""

    count: int
    at: float


class Checkpoint(msgspec.Struct, frozen=True, kw_only=True):
    """An engine between two events.

    Attributes:
        form: The blob's form.
        now: The engine's present moment in epoch seconds; None before the first event.
        detectors: What each detector has learned.
        entries: The alert book.
        dues: When detectors judge next that do not say it themselves: they failed to.
        strikes: How often each detector failed of late, by its condition.
        calls: Calls for help that stand and could not be judged, by the button.
    """

    form: int = FORM
    now: float | None
    detectors: list[Learned]
    entries: list[Entry]
    dues: dict[str, float] = {}
    strikes: dict[str, Strikes] = {}
    calls: dict[str, Call] = {}


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(Checkpoint)


def pack(checkpoint: Checkpoint) -> bytes:
    """The checkpoint as bytes."""
    return _encoder.encode(checkpoint)


def unpack(blob: bytes) -> Checkpoint:
    """Reads what :func:`pack` wrote.

    Raises:
        ValueError: The bytes are no checkpoint, or one of another form.
    """
    try:
        checkpoint = _decoder.decode(blob)
    except msgspec.DecodeError as error:
        raise ValueError(f"not a checkpoint: {error}") from error
    if checkpoint.form != FORM:
        raise ValueError(f"a checkpoint of form {checkpoint.form}; this version writes {FORM}")
    return checkpoint
