"""The line from a home's devices to its hub, with the faults that lie on it.

Messages may be pulled through it, or pushed as they come; the outcome is the same.
"""

from collections.abc import Iterable, Iterator, Sequence
from copy import copy
from heapq import heappop, heappush

from simulator.devices.message import Message
from simulator.faults.fault import NEVER, Fault
from simulator.faults.memory import Memory
from simulator.living.chance import Chance


def apply(
    messages: Iterable[Message], faults: Sequence[Fault], chance: Chance
) -> Iterator[Message]:
    """What of the messages reaches the hub, in order of publishing time, as it is asked for.

    Args:
        messages: Of one home, in order of time.
        faults: The first lies nearest to the devices.
        chance: Each fault gets a stream of its own out of it.
    """
    line = Line(faults, chance)
    for message in messages:
        yield from line.feed(message)
    yield from line.due(NEVER)


class Line:
    """The same, pushed: for a home that lives while it is watched.

    Args:
        faults: The first lies nearest to the devices.
        chance: Each fault gets a stream of its own out of it.
    """

    def __init__(self, faults: Sequence[Fault], chance: Chance) -> None:
        self._chance = chance
        self._faults: list[Fault] = []
        self._memory = Memory()
        self._number = 0
        # What waits to come to each fault and, last, to the hub.
        self._waiting: list[list[tuple[float, int, Message]]] = [[]]
        for fault in faults:
            self.add(fault)

    def add(self, fault: Fault) -> Fault:
        """Sets a fault from now on, nearest to the hub.

        Returns:
            The fault as it lies on this line: its `duration` may be shortened to end it.
        """
        mine = copy(fault)
        mine.begin(Chance.of(int(self._chance.share() * 2**53)), self._memory.copy())
        self._faults.append(mine)
        self._waiting.append([])
        return mine

    @property
    def faults(self) -> Sequence[Fault]:
        """The faults on it, from the devices to the hub."""
        return tuple(self._faults)

    @property
    def next(self) -> float:
        """When something next moves on it, while the devices say nothing; or `NEVER`."""
        turn = self._next(endless=True)
        return NEVER if turn is None else turn[0]

    def feed(self, message: Message) -> list[Message]:
        """Lets the devices say something; what reaches the hub up to then."""
        out = self.due(message.t)
        self._put(0, [message])
        return out + self.due(message.t)

    def due(self, t: float) -> list[Message]:
        """What reaches the hub up to `t`, as the devices say nothing more until then.

        With `NEVER` all that is under way arrives, and faults that end say what they have to say;
        those without an end fall quiet.
        """
        out: list[Message] = []
        endless = t < NEVER
        while (turn := self._next(endless=endless)) is not None and turn[0] <= t:
            out += self._step(turn[1], rings=turn[2])
        return out

    def _next(self, *, endless: bool) -> tuple[float, int, bool] | None:
        """When and where something moves next: at one time alarms first, then nearest the hub."""
        turns = [(_alarm(fault, endless), 0, -n) for n, fault in enumerate(self._faults)]
        turns += [(one[0][0], 1, -n) for n, one in enumerate(self._waiting) if one]
        at, waits, minus = min(turns, default=(NEVER, 0, 0))
        return None if at == NEVER else (at, -minus, not waits)

    def _step(self, place: int, *, rings: bool) -> list[Message]:
        if rings:
            self._put(place + 1, self._faults[place].ring())
            return []
        message = heappop(self._waiting[place])[2]
        if place < len(self._faults):
            self._put(place + 1, self._faults[place].take(message))
            return []
        self._memory.note(message)
        return [message]

    def _put(self, place: int, messages: list[Message]) -> None:
        for message in messages:
            self._number += 1  # keeps the order of what is said at one instant
            heappush(self._waiting[place], (message.t, self._number, message))


def _alarm(fault: Fault, endless: bool) -> float:
    return fault.alarm() if endless or fault.until < NEVER else NEVER
