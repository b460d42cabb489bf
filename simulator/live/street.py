"""A street lived live: all homes by one clock, told to all who listen, in one thread."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from heapq import heapify, heappop, heappush

from contract import SensorEvent
from simulator.devices import Message
from simulator.faults import Fault
from simulator.live.clock import NEVER, LiveClock
from simulator.live.lived import LivedHome
from simulator.live.telling import Told
from simulator.living.episodes.episode import Episode
from simulator.sinks import Sink

_TURN_S = 0.02  # after which others may have a look in
_REST_S = 0.25  # the longest rest, so that a change of pace is noticed
_FULL_REST_S = 0.002  # where somebody can take no more
PASSES_S = 60.0
"""Time passes for those who listen at each of these at the latest, however fast a machine is."""


@dataclass
class Lag:
    """How far telling has trailed what was due.

    Attributes:
        worst_s: At most, in seconds of the real clock.
    """

    worst_s: float = 0.0


class LiveStreet:
    """Homes that are told as they are lived.

    Args:
        homes: All of them.
        sinks: Who listens.
        clock: Up to when all is due.
        elapsed: Seconds that only rise.

    Attributes:
        homes: As they were given.
        clock: By which they live.
        at: How far all has been told, in epoch seconds.
        lag: How far that trails behind.
    """

    def __init__(
        self,
        homes: Sequence[LivedHome],
        sinks: Sequence[Sink],
        clock: LiveClock,
        elapsed: Callable[[], float],
    ) -> None:
        self.homes = homes
        self.clock = clock
        self.lag = Lag()
        self.at = self._start = min(home.home.start for home in homes)
        self._sinks = list(sinks)
        self._elapsed = elapsed
        self._turns = [(home.next, index) for index, home in enumerate(homes)]
        heapify(self._turns)
        self._held: list[tuple[float, int]] = []
        self._in_order = any(sink.in_order for sink in sinks)

    def listen(self, sink: Sink) -> None:
        """Somebody else listens, from now on."""
        self._sinks.append(sink)
        self._in_order |= sink.in_order

    async def run(self, until: Callable[[], bool] = lambda: False) -> None:
        """Lives to the end, or until told to stop; then waits for those who listen."""
        while not until():
            rest = self.turn()
            if rest is None:
                break
            await asyncio.sleep(rest)
        for sink in self._sinks:
            await sink.finish()

    def turn(self) -> float | None:
        """Tells what is due, for a while.

        Returns:
            How many seconds to rest; None where nothing is left to tell.
        """
        ends, present = self._elapsed() + _TURN_S, self.clock.present()
        self._let_go()
        while self._turns and self._turns[0][0] <= present:
            t, index = self._turns[0]
            if t == NEVER:
                break
            if not self._has_room(index):
                if self._in_order:
                    return _FULL_REST_S
                self._held.append(heappop(self._turns))
                continue
            heappop(self._turns)
            if t // PASSES_S > self.at // PASSES_S:
                self._has_passed(t)
            self._tell(index, self.homes[index].take(t))
            heappush(self._turns, (self.homes[index].next, index))
            if self._elapsed() > ends:
                self._has_passed(t)
                return 0.0
        return self._rest(present)

    def befall(self, index: int, episode: Episode) -> None:
        """Something befalls a home.

        Raises:
            ValueError: It does not fit it.
        """
        self._catch_up(index)
        self._tell(index, self.homes[index].befall(episode))
        self._line_up(index)

    def spoil(self, index: int, fault: Fault) -> None:
        """Something goes wrong on the line of a home."""
        self._catch_up(index)
        self.homes[index].spoil(fault)
        self._line_up(index)

    def _catch_up(self, index: int) -> None:
        """Lets the home know how late it is, though nothing happened there lately."""
        self._tell(index, self.homes[index].take(self.at))

    def _line_up(self, index: int) -> None:
        """The home's next turn is another than was thought."""
        self._turns = [turn for turn in self._turns if turn[1] != index]
        self._held = [turn for turn in self._held if turn[1] != index]
        self._turns.append((self.homes[index].next, index))
        heapify(self._turns)

    def _rest(self, present: float) -> float | None:
        if self._held:
            return _FULL_REST_S
        if not self._turns or self._turns[0][0] == NEVER:
            if (end := max(home.end for home in self.homes)) < NEVER:
                self._has_passed(end)
            return None
        self._has_passed(min(present, self._turns[0][0]))
        wait = self.clock.due(self._turns[0][0]) - self._elapsed()
        return _REST_S if self.clock.paused else min(max(wait, 0.0), _REST_S)

    def _has_passed(self, t: float) -> None:
        if t > self.at:
            self.at = t
            for sink in self._sinks:
                sink.passed(t)

    def _has_room(self, index: int) -> bool:
        return all(sink.room(index) for sink in self._sinks)

    def _let_go(self) -> None:
        """Homes that waited for room are asked again."""
        for turn in self._held:
            heappush(self._turns, turn)
        self._held.clear()

    def _due(self, t: float) -> float:
        """When a message was due; what was said before all began is due when it is told."""
        return self._elapsed() if t < self._start else self.clock.due(t)

    def _tell(self, index: int, told: Sequence[Told]) -> None:
        for one in told:
            if isinstance(one, SensorEvent):
                for sink in self._sinks:
                    sink.happened(index, one)
            elif isinstance(one, Message):
                due = self._due(one.t)
                if self.clock.speed:
                    self.lag.worst_s = max(self.lag.worst_s, self._elapsed() - due)
                for sink in self._sinks:
                    sink.said(index, one, due)
            else:
                for sink in self._sinks:
                    sink.because(index, one)
