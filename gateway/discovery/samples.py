"""What was overheard on a broker, in bounded memory: of each topic the last few payloads."""

from collections import deque
from collections.abc import Iterator
from typing import NamedTuple

MOST_TOPICS = 5000
MOST_PAYLOADS = 6
"""Of one topic: a plug that tells power and energy in turn is seen to tell both."""
MOST_BYTES = 16 * 1024 * 1024
"""Of all payloads together; beyond it nothing more is kept."""
LONGEST_TOPIC = 512


class Sample(NamedTuple):
    """One topic, and what was said on it.

    Attributes:
        payloads: The last few that differ, the oldest first.
        said: How many came.
        live: How many of them were said while we listened; the others the broker had kept.
    """

    topic: str
    payloads: tuple[bytes, ...]
    said: int
    live: int


class Overheard:
    """Takes in all that is said."""

    def __init__(self) -> None:
        self._payloads: dict[str, deque[bytes]] = {}
        self._tallies: dict[str, list[int]] = {}
        self._bytes = 0
        self.messages = 0
        self.left_out = 0
        """Messages beyond what is kept: they are counted and not looked at."""

    def hear(self, topic: str, payload: bytes, *, retained: bool) -> None:
        """Takes in one message."""
        self.messages += 1
        known = self._payloads.get(topic)
        if known is None:
            if len(self._payloads) >= MOST_TOPICS or len(topic) > LONGEST_TOPIC:
                self.left_out += 1
                return
            known = self._payloads[topic] = deque()
            self._tallies[topic] = [0, 0]
        self._tallies[topic][0] += 1
        self._tallies[topic][1] += not retained
        if payload not in known:
            self._keep(known, payload)

    def samples(self) -> Iterator[Sample]:
        """All of it, topic by topic in the order in which they were first heard."""
        for topic, payloads in self._payloads.items():
            yield Sample(topic, tuple(payloads), *self._tallies[topic])

    def _keep(self, known: deque[bytes], payload: bytes) -> None:
        if self._bytes + len(payload) > MOST_BYTES:
            self.left_out += 1
            return
        known.append(payload)
        self._bytes += len(payload)
        if len(known) > MOST_PAYLOADS:
            self._bytes -= len(known.popleft())
