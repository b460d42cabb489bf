"""What goes to the centre next: in turn, but for what cannot wait for its turn.

Urgent alerts go ahead of everything, then other alerts, then the newest heartbeat. Whatever goes
ahead goes again in its turn; the centre stores a number once. A quarter of each batch is left to
the turn, so that events arrive however much goes ahead of them.

A centre may be set back: restored, or gone over to a standby. Then it has less of the epoch in turn
than it had confirmed, and may lack some of earlier ones; of these the later may be whole though the
earlier is not, as what is urgent went ahead. So it is asked, by batches without records, what it
has of each, backwards, until it has a record that never goes ahead: all before was there when that
was sent. Then all goes again from the first that it lacks. After a start, and after a try that came
to nothing, it is asked so too where no such record of the epoch in turn is confirmed yet. A try
that comes to nothing in the midst has it begin anew. Only a centre that is exchanged for an older
one between two answers, without a try that fails, is not found out.

What goes ahead may be of a later epoch than what is still to come. Of two words on one alert the
centre believes that of the later epoch. So the first batch of an epoch names those before it.
"""

from typing import NamedTuple

import msgspec

from contract import Record
from gateway.journal.epochs import TAKEN, Stretch, stretch_of
from gateway.journal.outbox import Outbox

MOST_ANEW = 8
"""So often at most a questioning begins anew: on a bad line one of many epochs would never end."""

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
        first: Whether the centre is to know that there was none: the journal begins with it.
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
        self._doubted = self._in_doubt()
        self._is_answered = True
        self._asks = False
        self._begun_anew = 0
        self._lacks_after: int | None = None  # the lowest yet, while it is asked what it has
        self.epoch = self._stretch.name
        self.before: list[str] = []
        self.first = False
        self._placed: set[str] = set()  # epochs that the centre knows to be later than those before

    def next(self, most: int, most_bytes: int) -> list[Record]:
        """The next batch; empty where the centre has everything, or is asked what it has.

        Args:
            most: Records at most.
            most_bytes: How long their bodies may be together; one record may be longer.

        Raises:
            DamagedError: A record is not as it was written.
        """
        if not self._is_answered:
            self._ask_anew()
        self._is_answered = False
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
        self.first = not placed and base == 0
        return [msgspec.structs.replace(by_seq[seq], seq=seq - base) for seq in self._dealt]

    def _ask_anew(self) -> None:
        """Begins questioning where a try came to nothing: who answered before may be no more."""
        newest = self._in_doubt()
        if self._doubted is None:
            self._doubted, self._begun_anew = newest, 0
        elif newest is not None and newest != self._doubted and self._begun_anew < MOST_ANEW:
            self._doubted = newest
            self._begun_anew += 1

    def _ask(self, doubted: Stretch) -> list[Record]:
        self._in_turn, self._dealt, self._new = True, [], 0
        self._stretch, self.epoch, self.before, self.first = doubted, doubted.name, [], False
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
        self._is_answered = True
        if self._dealt:
            self._placed.add(self.epoch)
        if not self._in_turn:
            self._gone.update(self._dealt)
            return Progress(0, contiguous)
        base, end = self._stretch.base, self._stretch.end
        before, after = self._outbox.cursor, base + contiguous
        if end is not None:
            before, after = min(before, end), min(after, end)
        if self._asks or after < before:
            self._look_back(before, after, at)
        else:
            self._outbox.move(after, at)
        self._gone.update(self._dealt)
        self._gone = {seq for seq in self._gone if seq > self._outbox.cursor}
        return Progress(before - base, after - base)

    def _look_back(self, before: int, after: int, at: float) -> None:
        """Takes note of what the centre lacks, until it is known from where; then goes there."""
        if self._doubted is not None and not self._asks:
            return  # the centre is being asked already about what came before
        if after < before:
            self._lacks_after = after
        base = self._stretch.base
        is_proved = self._outbox.has_only_in_turn(base, after)
        self._doubted = None if is_proved else self._last_before(base)
        if self._doubted is None and self._lacks_after is not None:
            self._outbox.move(self._lacks_after, at)
            self._lacks_after = None
            self._gone.clear()
            self._placed.clear()

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

    def _in_doubt(self) -> Stretch | None:
        """The epoch before the one in turn, where no receipt for that would show a set-back."""
        base, cursor = self._current().base, self._outbox.cursor
        return None if self._outbox.has_only_in_turn(base, cursor) else self._last_before(base)

    def _last_before(self, base: int) -> Stretch | None:
        """The epoch of the newest record that is kept, up to that number; None without one."""
        newest = self._outbox.newest_until(base)
        return None if newest is None else stretch_of(self._outbox.epochs(), newest - 1)

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
