"""A home that is lived while somebody looks on: more may befall it, and its line, at any time."""

from collections import Counter, deque
from collections.abc import Callable, Iterable, Mapping, Sequence

from contract import SensorEvent
from simulator.devices import Message
from simulator.devices.voices import Voice
from simulator.faults import Fault, Line
from simulator.live.clock import NEVER
from simulator.live.spoiling import faults_of_episode
from simulator.live.telling import Telling, Told, Wanted
from simulator.living.chance import Chance
from simulator.living.episodes.episode import Episode
from simulator.living.home import Home

_REMEMBERED_S = 900.0  # devices speak of what lies less than this ahead of them

Make = Callable[[Sequence[Episode]], Home]


class LivedHome:
    """One home, its devices, and the line from them to its hub.

    Args:
        make: Makes the home, with what befalls it besides all that was known from the start.
        end: When it ends, in epoch seconds; it may have no end.
        voices: How each sensor speaks, below the dialect's name.
        faults: On its line.
        chance: Of its line alone.
        wanted: What is listened to.

    Attributes:
        home: As it is known now.
        end: When it ends, in epoch seconds; it may have no end.
        events, messages: How many have become due.
        untold: Events that no message could tell, by reason.
    """

    def __init__(
        self,
        make: Make,
        *,
        end: float,
        voices: Mapping[str, Voice],
        faults: Iterable[Fault],
        chance: Chance,
        wanted: Wanted,
    ) -> None:
        self.untold: Counter[str] = Counter()
        self.messages = 0
        self._make = make
        self.end = end
        self._voices = voices
        self._wanted = wanted
        self._chance = chance
        self._line: Line | None = None
        self._over = False
        self._befallen: list[Episode] = []
        self._lately: deque[Message] = deque()
        self._last: dict[str, Message] = {}
        self._telling = self._tell(make(()))
        self._present = self.home.start
        for fault in faults:
            self.spoil(fault)
        self._spoil_with(self.home.episodes)

    @property
    def name(self) -> str:
        """Of the home."""
        return self.home.name

    @property
    def home(self) -> Home:
        """As it is known now; what it has been asked for lies ahead of what is due."""
        return self._telling.home

    @property
    def events(self) -> int:
        """How many have become due."""
        return self._telling.events

    @property
    def next(self) -> float:
        """When something is next due, from devices or from the line by itself.

        Its end is due, too: then arrives what is still under way. `NEVER` after it.
        """
        if self._over:
            return NEVER
        line = NEVER if self._line is None else self._line.next
        return min(self._telling.next, line, self.end)

    @property
    def spoiled(self) -> bool:
        """Whether anything lies on its line."""
        return self._line is not None

    def take(self, t: float) -> list[Told]:
        """What becomes due up to `t`, in order of time."""
        told: list[Told] = []
        for one in self._telling.take(t):
            if isinstance(one, Message):
                self._lately.append(one)
                self._last[one.topic] = one
                told += self._through_the_line(one)
            else:
                told.append(one)
        self._present = max(self._present, t if t < NEVER else self._present)
        self._over = t >= self.end
        if self._line is not None:
            told += self._line.due(NEVER if self._over else t)
        self.messages += sum(isinstance(one, Message) for one in told)
        while self._lately and self._lately[0].t < self._present - _REMEMBERED_S:
            self._lately.popleft()
        return told

    def befall(self, episode: Episode) -> list[Told]:
        """Something befalls the home from now on, or later: the life is told anew from here.

        Returns:
            What devices have now said already, as they did not know what comes.

        Raises:
            ValueError: It would have begun in the past, or does not fit this home.
        """
        if episode.onset < self._present:
            raise ValueError("what befalls a home cannot begin in the past")
        befallen = [*self._befallen, episode]
        telling = self._tell(self._make(befallen))
        said = Counter(self._lately)
        missed: list[Told] = []
        for one in telling.take(self._present):
            if isinstance(one, Message) and one.t >= self._present - _REMEMBERED_S:
                said[one] -= 1
                if said[one] < 0:
                    missed += self._through_the_line(one._replace(t=self._present))
        known = self.home.episodes
        self._befallen, self._telling = befallen, telling
        self._spoil_with(one for one in self.home.episodes if one not in known)
        self.messages += len(missed)
        return missed

    def spoil(self, fault: Fault) -> Fault:
        """A fault lies on the line from now on; returns it as it lies there."""
        if self._line is None:
            self._line = Line((), self._chance)
            for message in sorted(self._last.values()):
                self._line.feed(message)  # so that it knows who has spoken
        return self._line.add(fault)

    def _spoil_with(self, episodes: Iterable[Episode]) -> None:
        for episode in episodes:
            for fault in faults_of_episode(self.home, episode):
                self.spoil(fault)

    def _tell(self, home: Home) -> Telling:
        return Telling(home, self.end, self._voices, self._refuse, self._wanted)

    def _refuse(self, event: SensorEvent, reason: str) -> None:
        self.untold[f"{event.sensor}: {reason}"] += 1

    def _through_the_line(self, message: Message) -> list[Message]:
        return [message] if self._line is None else self._line.feed(message)
