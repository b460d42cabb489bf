"""The base of every message: frozen, versioned, and careful with what it does not know yet."""

from datetime import UTC, datetime
from typing import Annotated, Any

import msgspec

VERSION = 1

Instant = Annotated[datetime, msgspec.Meta(tz=True)]
"""A moment with its UTC offset; a time without one is refused."""

Share = Annotated[float, msgspec.Meta(ge=0, le=1)]
"""A part of a whole, from 0 to 1."""

Name = Annotated[str, msgspec.Meta(min_length=1, max_length=128)]
"""An identifier of a home, hub, sensor or place. Pseudonymous: never a person's name."""


class Part(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    omit_defaults=True,
    forbid_unknown_fields=True,
    gc=False,  # what came from JSON holds no cycles, and there are many of these
):
    """Anything on the wire, whole or within a message.

    Attributes:
        unknown: Fields this reader's version does not know, kept so that a round trip loses
            nothing. Set by :func:`contract.codec.decode`; on the wire they stand where they stood.
    """

    unknown: dict[str, Any] = msgspec.field(default_factory=dict, name="$unknown")


class Message(Part, frozen=True, kw_only=True):
    """What hub and centre exchange.

    Attributes:
        v: The version of the contract the writer spoke. A reader takes any version >= 1.
    """

    # A factory, so that `omit_defaults` still writes the version on every line.
    v: Annotated[int, msgspec.Meta(ge=1)] = msgspec.field(default_factory=lambda: VERSION)


def utc(seconds: float) -> datetime:
    """The instant `seconds` after 1970-01-01T00:00Z, to the millisecond."""
    return datetime.fromtimestamp(round(seconds * 1000) / 1000, UTC)
