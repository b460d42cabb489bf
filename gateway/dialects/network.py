"""One kind of devices on the broker, as the settings name it, and what may be wrong with that."""

from collections.abc import Iterable
from typing import Annotated

import msgspec

from gateway.dialects.fields import below
from gateway.dialects.registry import DIALECTS

LONGEST_BASE = 128
Topic = Annotated[str, msgspec.Meta(max_length=LONGEST_BASE)]


class Network(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`[[networks]]`: a further kind of devices that speaks on the same broker.

    Attributes:
        dialect: What they speak: one of those in docs/hub-devices.md.
        base_topic: Under which they speak; by default the dialect's name. "" where nothing stands
            before a device's name.
    """

    dialect: Annotated[str, msgspec.Meta(min_length=1, max_length=128)]
    base_topic: Topic | None = None

    @property
    def base(self) -> str:
        """The base topic."""
        return self.dialect if self.base_topic is None else self.base_topic


def slip_in(network: Network, before: Iterable[Network]) -> tuple[str, str] | None:
    """The key that is wrong and what is allowed, or None.

    Args:
        network: The one in question.
        before: Those that stand above it, in which nothing is wrong.
    """
    if network.dialect not in DIALECTS:
        known = ", ".join(DIALECTS)
        return "dialect", f"{network.dialect!r} is no dialect; allowed are {known}"
    base = network.base
    odd = set("+#") & set(base) or base.endswith("/") or base.startswith("$")
    if odd or not base.isprintable():  # below $ the broker itself speaks
        return "base_topic", (
            f"{base!r} names no one topic; allowed is one such as {network.dialect}, "
            "without + and #, no / at its end and no $ at its beginning"
        )
    if {"+", "#"} & set(DIALECTS[network.dialect](base).topics):
        wrong = f"{network.dialect} would take every message for its own; allowed is a topic"
        return "base_topic", wrong
    for other in before:
        if network == other or (network.dialect, base) == (other.dialect, other.base):
            return "dialect", f"{other.dialect} on {base!r} stands above; allowed is each once"
        if _takes_all_of(network, other) or _takes_all_of(other, network):
            return "base_topic", (
                f"{base!r} and {other.base!r} of {other.dialect} lie within each other; "
                "allowed are topics apart"
            )
    return None


def _takes_all_of(network: Network, other: Network) -> bool:
    """Whether one listens to everything below a topic that the other's lies below too."""
    topics = DIALECTS[network.dialect](network.base).topics
    return any(one.endswith("#") and below(other.base).startswith(one[:-1]) for one in topics)
