"""The last messages that the broker delivered, to know one that it delivers again."""

import math
from collections.abc import Iterable
from hashlib import blake2b
from typing import NamedTuple

from gateway.hearing.message import Message
from gateway.journal.deliveries import DELIVERIES_KEPT
from gateway.journal.intake import Delivery

SAVED_S = 60.0
"""So long ago at most had a broker that is killed written down what it held: its
`autosave_interval`."""

BACK_S = 15.0
"""Within so long of its return it delivers that again, and devices say again what it had not
acknowledged."""

MOST_ECHOES = 5
"""So often in succession a figure is taken for an echo: a link that is lost again and again must
not hide for ever what stays as it is."""

_CLOSE_S = 5.0  # what comes as the connection is made comes before the hub is told of it


class _Said(NamedTuple):
    times: int
    at: float  # last
    echoes: int  # since it was none


_NEVER = _Said(0, -math.inf, 0)


class Deliveries:
    """Knows as many as the journal keeps.

    Args:
        past: Those of earlier listening, the oldest first.
    """

    def __init__(self, past: Iterable[Delivery] = ()) -> None:
        self._seen: dict[tuple[int, bytes], None] = {}
        self._said: dict[bytes, _Said] = {}
        self._newest = -math.inf
        self._back_at = -math.inf
        self._since = math.inf
        self._passed_over: set[bytes] = set()
        for one in past:
            self.remember(one)

    def __len__(self) -> int:
        """How many are known."""
        return len(self._seen)

    def __contains__(self, delivery: Delivery) -> bool:
        """Whether a message came before, under the same number."""
        return delivery[:2] in self._seen

    def tell(self, delivery: Delivery) -> bool:
        """Whether a message came before, under whichever number."""
        return delivery.digest in self._said

    def broker_is_back(self, elapsed: float) -> None:
        """There is a broker, where there was none; it may deliver again what it had before.

        Args:
            elapsed: By a clock that only runs forward, in seconds: one that is set just then, as
                after a power cut, says nothing of how long ago that was.
        """
        self._back_at = elapsed
        self._since = self._newest - SAVED_S
        self._passed_over.clear()

    def is_echo(self, delivery: Delivery, elapsed: float) -> bool:
        """Whether a broker that is just back says what it said in its last minute, a first time.

        The device may have said the same anew: nobody can tell, so it is for who asks to know what
        is worse.

        Args:
            delivery: What came.
            elapsed: When that was, by the clock of :meth:`broker_is_back`.
        """
        ago = elapsed - self._back_at
        said = self._said.get(delivery.digest)
        if said is None or not -_CLOSE_S <= ago <= BACK_S:
            return False
        lately = self._since <= said.at < delivery.at - ago
        first = said.echoes < MOST_ECHOES and delivery.digest not in self._passed_over
        return lately and first

    def pass_over(self, delivery: Delivery) -> None:
        """Takes note of one that was an echo: a second one is none."""
        self._passed_over.add(delivery.digest)
        self._newest = delivery.at
        said = self._said[delivery.digest]
        self._said[delivery.digest] = said._replace(at=delivery.at, echoes=said.echoes + 1)

    def remember(self, delivery: Delivery) -> None:
        """Keeps one, where it came last."""
        mid, digest, at = delivery
        said = self._said.get(digest, _NEVER)
        if (mid, digest) in self._seen:
            del self._seen[mid, digest]
            said = said._replace(times=said.times - 1)
        self._seen[mid, digest] = None
        if math.isfinite(at):
            self._newest = at  # the last, and not the latest: a clock may have stood ahead
            said = said._replace(at=at, echoes=0)
        self._said[digest] = said._replace(times=said.times + 1)
        if len(self._seen) > DELIVERIES_KEPT:
            self._forget(next(iter(self._seen)))

    def _forget(self, oldest: tuple[int, bytes]) -> None:
        del self._seen[oldest]
        said = self._said[oldest[1]]
        if said.times > 1:
            self._said[oldest[1]] = said._replace(times=said.times - 1)
        else:
            del self._said[oldest[1]]


def delivery_of(message: Message) -> Delivery | None:
    """What a message is known by; None where the broker does not ask for an acknowledgement.

    A state that the broker had kept was not said when it came.
    """
    if not message.mid:
        return None
    digest = blake2b(message.topic.encode(), digest_size=16)
    digest.update(b"\0" + message.payload)
    at = -math.inf if message.retain else message.received
    return Delivery(message.mid, digest.digest(), at)
