"""Which numbers of a journal have been received: ranges, so that a whole journal is one pair."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence

from contract import Gap

Range = tuple[int, int]
"""From the first, up to but without the second: `[first, beyond)`, as PostgreSQL has it."""


class Received:
    """An immutable set of numbers from 1, as ranges that rise and do not touch."""

    __slots__ = ("ranges",)

    def __init__(self, ranges: Sequence[Range] = ()) -> None:
        self.ranges = tuple(ranges)

    def __contains__(self, seq: int) -> bool:
        at = bisect_right(self.ranges, (seq, float("inf"))) - 1
        return at >= 0 and seq < self.ranges[at][1]

    def add(self, seqs: Iterable[int]) -> "Received":
        """With these numbers too. They may come in any order and any number of times."""
        return Received(list(_merged(sorted([*self.ranges, *_runs(sorted(seqs))]))))

    @property
    def contiguous(self) -> int:
        """Every number from 1 up to this one is in it; 0 when 1 is not."""
        return self.ranges[0][1] - 1 if self.ranges and self.ranges[0][0] == 1 else 0

    def gaps(self, limit: int) -> list[Gap]:
        """What is missing below the highest number, the lowest first, at most `limit` of them."""
        gaps: list[Gap] = []
        expected = 1
        for first, beyond in self.ranges:
            if len(gaps) == limit:
                break
            if first > expected:
                gaps.append(Gap(first=expected, last=first - 1))
            expected = beyond
        return gaps


def _runs(seqs: Iterable[int]) -> Iterator[Range]:
    return _merged((seq, seq + 1) for seq in seqs)


def _merged(ranges: Iterable[Range]) -> Iterator[Range]:
    """Joins rising ranges that touch or overlap."""
    first = beyond = 0
    for low, high in ranges:
        if beyond and low <= beyond:
            beyond = max(beyond, high)
            continue
        if beyond:
            yield first, beyond
        first, beyond = low, high
    if beyond:
        yield first, beyond
