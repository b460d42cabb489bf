"""One life told by its devices: what happens and what they say of it, each when it is due."""

from collections import deque
from collections.abc import Iterator, Mapping
from itertools import count
from typing import NamedTuple

from contract import SensorEvent
from simulator.appliances import curve
from simulator.devices import Message, Stage
from simulator.devices.stage import Refuse
from simulator.devices.voices import Voice
from simulator.live.casting import cast_of
from simulator.live.clock import NEVER
from simulator.living.home import Home
from simulator.living.trace import Reason

_STEP_S = 1800.0  # lives are asked for so far ahead at once


class Because(NamedTuple):
    """Why a resident did something, by their number from 0."""

    who: int
    reason: Reason


Told = SensorEvent | Message | Because


class Wanted(NamedTuple):
    """What somebody listens to, besides events; the rest is not made up or kept."""

    messages: bool = True
    reasons: bool = False


class Telling:
    """A home from its first moment to an end, in order of time.

    Args:
        home: Nothing of it has been asked for yet.
        end: In epoch seconds; it may have none.
        voices: How each sensor speaks.
        refuse: Told of each event that no message can tell.
        wanted: What is listened to.

    Attributes:
        events: How many have become due.
    """

    def __init__(
        self,
        home: Home,
        end: float,
        voices: Mapping[str, Voice],
        refuse: Refuse,
        wanted: Wanted,
    ) -> None:
        self.home = home
        self.events = 0
        self._end = end
        self._wanted = wanted
        self._happened: deque[SensorEvent] = deque()
        self._reasons: deque[Because] = deque()
        stage = Stage(cast_of(home), refuse, voices, curve=curve)
        self._said = stage.messages(self._live()) if wanted.messages else self._silent()
        self._next_said = next(self._said, None)

    @property
    def next(self) -> float:
        """When something is next due, in epoch seconds; `NEVER` at the end."""
        happens = self._happened[0].at.timestamp() if self._happened else NEVER
        why = self._reasons[0].reason.t if self._reasons else NEVER
        says = NEVER if self._next_said is None else self._next_said.t
        return min(happens, why, says)

    def take(self, t: float) -> Iterator[Told]:
        """What is due up to `t`: first why, then what happened, then what devices say of it."""
        while (turn := self.next) <= t and turn < NEVER:
            if self._reasons and self._reasons[0].reason.t <= turn:
                yield self._reasons.popleft()
            elif self._happened and self._happened[0].at.timestamp() <= turn:
                self.events += 1
                yield self._happened.popleft()
            else:
                said, self._next_said = self._next_said, next(self._said, None)
                if said is not None and said.payload:
                    yield said

    def _live(self) -> Iterator[SensorEvent]:
        """The life, step by step, noting what is due on the way."""
        for number in count(1):
            upto = min(self.home.start + number * _STEP_S, self._end)
            events, reasons = list(self.home.until(upto)), self.home.reasons()
            if self._wanted.reasons:
                self._reasons += [Because(*item) for item in reasons]
            self._happened += events
            yield from events
            if upto >= self._end:
                return

    def _silent(self) -> Iterator[Message]:
        """A life that nobody tells of: each event stands for itself."""
        for event in self._live():
            yield Message(event.at.timestamp(), "", b"")
