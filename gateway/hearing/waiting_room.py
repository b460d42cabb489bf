"""Where messages wait until it is known when they count, so that none is lost or dated wrongly.

Until the hub knows the time, all do; until the broker has told what it kept, those without a time.
"""

import math
from collections.abc import Sequence
from dataclasses import replace
from itertools import takewhile

from gateway.clock.clock import LEAP_S, HubClock
from gateway.hearing.message import Message
from gateway.journal import Journal
from gateway.journal.held import HeldMessage

AT_ONCE = 500


class WaitingRoom:
    """Keeps messages as they came, and lets them go with the time at which they came.

    Messages of the machine's present run are dated to the second. Of an earlier run that ended
    before it knew the time, only the order and the seconds between are known: they are dated as
    well as can be and their events count as `clock_unsure`.

    Args:
        journal: Where they are kept.
        clock: The hub's.
        past: The latest time that the hub knows to have been, in epoch seconds.
    """

    def __init__(self, journal: Journal, clock: HubClock, past: float | None) -> None:
        self._held = journal.held
        self._clock = clock
        self._past = past
        self._bases: dict[str, float] = {}
        self.waiting = self._held.count()

    @property
    def open(self) -> bool:
        """Whether the hub knows the time, so that messages need not wait."""
        return self._clock.sure

    def keep(self, messages: Sequence[Message]) -> None:
        """Stores messages as they came; after this they may be acknowledged."""
        self._held.keep([self._as_held(one) for one in messages])
        self.waiting += len(messages)

    def dated(self, message: Message) -> Message:
        """A message that came just before the clock was set, by the clock as it is now."""
        if message.elapsed is None:
            return message
        received = self._clock.started_at + message.elapsed
        if abs(received - message.received) <= LEAP_S:
            return message
        return replace(message, received=received, shift=received - message.received)

    def next(self, until: float = math.inf) -> tuple[int, list[Message]]:
        """The oldest that wait, with the times at which they came, and the last one's number.

        Args:
            until: None from the first on that came later than this, in epoch seconds.
        """
        upto, held = self._held.next(AT_ONCE)
        known = [self._known(one) for one in held]
        due = list(takewhile(lambda one: one.received <= until, known))
        return (upto if len(due) == len(known) else self._held.next(len(due))[0]), due

    def gone(self, count: int) -> None:
        """So many were dated and taken out."""
        self.waiting -= count

    def _as_held(self, one: Message) -> HeldMessage:
        elapsed = self._clock.elapsed() if one.elapsed is None else one.elapsed
        return HeldMessage(
            self._clock.boot,
            elapsed,
            one.received,
            one.topic,
            one.payload,
            one.mid,
            one.dup,
            one.retain,
        )

    def _known(self, one: HeldMessage) -> Message:
        received = self._base(one) + one.elapsed
        waited = one.boot == self._clock.boot and abs(received - one.clock) <= LEAP_S
        received = one.clock if waited else received  # it was known then as it is now
        return Message(
            one.topic,
            one.payload,
            one.mid,
            one.dup,
            one.retain,
            received,
            elapsed=one.elapsed,
            shift=received - one.clock,
            sure=one.boot == self._clock.boot,
            waited=waited,
        )

    def _base(self, one: HeldMessage) -> float:
        """When the machine was started on which it came, in epoch seconds."""
        if one.boot == self._clock.boot:
            return self._clock.started_at
        if one.boot not in self._bases:
            self._bases[one.boot] = self._supposed(one)
        return self._bases[one.boot]

    def _supposed(self, first: HeldMessage) -> float:
        """The same for an earlier run: by its own clock, within what can have been.

        It began after all that the hub knows to have been, and was over before this one began.
        """
        latest = self._clock.started_at - self._held.last_elapsed(first.boot)
        by_its_clock = first.clock - first.elapsed
        return min(by_its_clock if self._past is None else max(by_its_clock, self._past), latest)
