"""What goes to the centre next: in turn, but for what cannot wait for its turn.

Urgent alerts go ahead of everything, then other alerts, then the newest heartbeat. Whatever goes
ahead goes again in its turn; the centre stores a number once. A quarter of each batch is left to
the turn, so that events arrive however much goes ahead of them.

A centre may have been set back while the hub was off: restored, or gone over to a standby. So after
a start it is asked once, by a batch without records, what it has of the epoch that it had confirmed
last; where that is less, all goes again from there.

What goes ahead may be of a later epoch than what is still to come. Of two words on one alert the
centre believes that of the later epoch. So the first batch of an epoch names those before it.
"""

from typing import NamedTuple

import msgspec

from contract import Record
from gateway.journal.epochs import TAKEN, Stretch, stretch_of
from gateway.journal.outbox import Outbox

MOST_AHEAD = 1000
"""Records of a kind that may be ahead of their turn: each is a gap in what the centre has."""


class Progress(NamedTuple):
    """How far the centre had received an epoch, and how far it has."""

    before: int
    after: int


class Turns:
    """Deals out the outbox in batches, each of one epoch and under its numbers.

    Args:
        outbox: What there is to send.

    Attributes:
        epoch: Of the batch dealt out last.
        before: Epochs that the centre is to know as earlier than that, the oldest first.
    """

    def __init__(self, outbox: Outbox) -> None:
        self._outbox = outbox
        self._gone: set[int] = set()  # sent ahead of their turn, which has not come yet
        self._dealt: list[int] = []
        self._tried = outbox.last  # up to here each may be at the centre, whatever was answered
        self._new = 0
        self._is_anew = False
        self._in_turn = True
        self._stretch = self._current()
        self._confirmed = outbox.cursor
        self._doubted = self._confirmed_last()
        self._asks = False
        self.epoch = self._stretch.name
        self.before: list[str] = []
        self._placed: set[str] = set()  # epochs that the centre knows to be later than those before

    def next(self, most: int, most_bytes: int) -> list[Record]:
        """The next batch; empty where the centre has everything, or is asked what it has.

        Args:
            most: Records at most.
            most_bytes: How long their bodies may be together; one record may be longer.

        Raises:
            DamagedError: A record is not as it was written.
        """
        cursor = self._outbox.cursor
        current = self._current()
        ahead = self._ahead(cursor)
        self._asks = self._doubted is not None and not ahead
        if self._doubted is not None and self._asks:
            return self._ask(self._doubted)
        self._stretch = stretch_of(self._outbox.epochs(), ahead[0].seq - 1) if ahead else current
        self._in_turn = self._stretch == current
        chosen = [one for one in ahead if _holds(self._stretch, one.seq)]
        chosen = _fitting(chosen[: max(1, most * 3 // 4)], most_bytes)
        if self._in_turn:
            left = most_bytes - sum(len(one.body) for one in chosen)
            room = max(most - len(chosen), 0)
            chosen += self._outbox.records(cursor, room, left, current.end) if room else []
        by_seq = {one.seq: one for one in chosen}
        self._dealt = sorted(by_seq)
        self._new = sum(seq > self._tried for seq in self._dealt)
        self._tried = max([self._tried, *self._dealt])
        self.epoch = self._stretch.name
        base = self._stretch.base
        placed = not self._dealt or self.epoch in self._placed
        self.before = [] if placed else self._outbox.epochs_before(base)
        return [msgspec.structs.replace(by_seq[seq], seq=seq - base) for seq in self._dealt]

    def _ask(self, doubted: Stretch) -> list[Record]:
        self._in_turn, self._dealt, self._new = True, [], 0
        self._stretch, self.epoch, self.before = doubted, doubted.name, []
        return []

    def is_beyond(self, contiguous: int) -> bool:
        """Whether the centre claims more of the batch's epoch than this journal ever had."""
        return self._stretch.end is None and self._stretch.base + contiguous > self._outbox.last

    def falls_short(self, stored: int) -> bool:
        """Whether the centre stored fewer of the batch than were never sent to it before."""
        return stored < self._new and self._stretch.end is None and not self._is_anew

    def begin_anew(self, at: float) -> bool:
        """Has all that the centre has not confirmed go under a new epoch; whether it will.

        Some of it may be at the centre already, which then has it twice: better than never. Once is
        enough: where nobody else can know the name, the centre is wrong and not the journal.

        Args:
            at: By the hub's clock, in epoch seconds.
        """
        if self._is_anew or self._stretch.end is not None:
            return False
        self._outbox.begin_anew(max(self._outbox.cursor, self._stretch.base), TAKEN, at)
        self._gone.clear()
        self._is_anew = True
        return True

    def received(self, contiguous: int, at: float) -> Progress:
        """Takes the centre's word for what it has of the batch's epoch; it may be less than before.

        Args:
            contiguous: The epoch's number up to which it has everything.
            at: By the hub's clock, in epoch seconds.
        """
        if self._dealt:
            self._placed.add(self.epoch)
        if not self._in_turn:
            self._gone.update(self._dealt)
            return Progress(0, contiguous)
        base, end = self._stretch.base, self._stretch.end
        before, after = self._outbox.cursor, base + contiguous
        after = after if end is None else min(after, end)
        if self._asks:
            self._asks, self._doubted = False, None
            if after >= self._confirmed:
                return Progress(self._confirmed - base, self._confirmed - base)
            before = self._confirmed
        if after < before and contiguous == 0:
            after = max(base - 1, 0)  # it was set back so far that it may lack an earlier epoch too
        self._outbox.move(after, at)
        if after < before:
            self._gone.clear()
            self._placed.clear()
        self._gone.update(self._dealt)
        self._gone = {seq for seq in self._gone if seq > after}
        return Progress(before - base, after - base)

    @property
    def more(self) -> bool:
        """Whether the centre lacks anything, or is yet to be asked whether it does."""
        return self._doubted is not None or self._outbox.last > self._outbox.cursor

    @property
    def urgent_waits(self) -> bool:
        """Whether there is an urgent alert that was not sent yet."""
        found = self._outbox.urgent(self._outbox.cursor, MOST_AHEAD)
        return any(one.seq not in self._gone for one in found)

    def _current(self) -> Stretch:
        return stretch_of(self._outbox.epochs(), self._outbox.cursor)

    def _confirmed_last(self) -> Stretch | None:
        """The epoch of the newest record that was confirmed; None where that is the one in turn."""
        if self._confirmed == 0:
            return None
        last = stretch_of(self._outbox.epochs(), self._confirmed - 1)
        return None if last == self._stretch else last

    def _ahead(self, cursor: int) -> list[Record]:
        """What goes ahead of its turn and has not yet, the most pressing first."""
        found = [
            *self._outbox.urgent(cursor, MOST_AHEAD),
            *self._outbox.other_alerts(cursor, MOST_AHEAD),
            *self._outbox.newest_health(cursor),
        ]
        return [one for one in found if one.seq not in self._gone]


def _holds(stretch: Stretch, seq: int) -> bool:
    return stretch.base < seq and (stretch.end is None or seq <= stretch.end)


def _fitting(records: list[Record], most_bytes: int) -> list[Record]:
    """As many as fit, and at least one."""
    size = 0
    for index, one in enumerate(records):
        size += len(one.body)
        if index and size > most_bytes:
            return records[:index]
    return records
