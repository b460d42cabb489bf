"""The last messages that the broker delivered, to know one that it delivers again."""

from collections import Counter
from collections.abc import Iterable
from hashlib import blake2b

from gateway.journal.deliveries import DELIVERIES_KEPT
from gateway.journal.intake import Delivery


class Deliveries:
    """Knows as many as the journal keeps.

    Args:
        past: Those of earlier listening, the oldest first.
    """

    def __init__(self, past: Iterable[Delivery] = ()) -> None:
        self._seen = dict.fromkeys(past)
        self._said = Counter(one.digest for one in self._seen)

    def __len__(self) -> int:
        """How many are known."""
        return len(self._seen)

    def __contains__(self, delivery: object) -> bool:
        """Whether a message came before, under the same number."""
        return delivery in self._seen

    def tell(self, delivery: Delivery) -> bool:
        """Whether a message came before, under whichever number."""
        return delivery.digest in self._said

    def remember(self, delivery: Delivery) -> None:
        """Keeps one, where it came last."""
        if delivery in self._seen:
            del self._seen[delivery]
        else:
            self._said[delivery.digest] += 1
        self._seen[delivery] = None
        if len(self._seen) > DELIVERIES_KEPT:
            oldest = next(iter(self._seen))
            del self._seen[oldest]
            self._said[oldest.digest] -= 1
            if not self._said[oldest.digest]:
                del self._said[oldest.digest]


def delivery_of(mid: int, topic: str, payload: bytes) -> Delivery | None:
    """What a message is known by; None where the broker does not ask for an acknowledgement."""
    if not mid:
        return None
    digest = blake2b(topic.encode(), digest_size=16)
    digest.update(b"\0" + payload)
    return Delivery(mid, digest.digest())
