"""What a watcher knows of each home: who was seen where, what devices said, what was raised."""

from collections import deque
from dataclasses import dataclass, field

from contract import Alert, Kind, Phase, SensorEvent
from simulator.devices import Message
from simulator.live.telling import Because
from simulator.sinks import Sink
from simulator.sinks.explainer import in_words

_KEPT = 30


@dataclass
class Seen:
    """One home.

    Attributes:
        rooms: When somebody last moved there, in epoch seconds.
        things: What doors, bed and appliances last told: when, and in words.
        doing: What each resident last set out to do: when, and why.
        messages: The newest, each with when.
        story: Events and reasons, the newest last, each with when.
        last: The sensor that spoke last.
    """

    rooms: dict[str, float] = field(default_factory=dict)
    things: dict[str, tuple[float, str]] = field(default_factory=dict)
    doing: dict[int, tuple[float, str]] = field(default_factory=dict)
    messages: deque[tuple[float, str]] = field(default_factory=lambda: deque(maxlen=_KEPT))
    story: deque[tuple[float, str]] = field(default_factory=lambda: deque(maxlen=_KEPT))
    last: str = ""


class Board(Sink):
    """All homes.

    Args:
        homes: How many.

    Attributes:
        seen: By the number of the home, from 0.
        alerts: The newest of all homes, the newest last.
        messages: How many were said.
    """

    def __init__(self, homes: int) -> None:
        self.seen = [Seen() for _ in range(homes)]
        self.alerts: deque[tuple[int, Alert]] = deque(maxlen=_KEPT)
        self.open: dict[str, int] = {}
        self.messages = 0

    def happened(self, home: int, event: SensorEvent) -> None:
        """Notes where somebody moved, and what things tell."""
        seen, t = self.seen[home], event.at.timestamp()
        seen.last = event.sensor
        words = in_words(event)
        if event.kind == Kind.MOTION:
            seen.rooms[event.place] = t
        else:
            seen.things[event.place] = (t, words)
        seen.story.append((t, f"    {event.sensor} {words}"))

    def said(self, home: int, message: Message, due: float) -> None:
        """Notes what a device said."""
        del due
        self.messages += 1
        _, _, topic = message.topic.partition("/")
        text = message.payload.decode(errors="replace")
        self.seen[home].messages.append((message.t, f"{topic} {text}"))

    def because(self, home: int, why: Because) -> None:
        """Notes why somebody does what they do."""
        seen = self.seen[home]
        seen.doing[why.who] = (why.reason.t, str(why.reason))
        seen.story.append((why.reason.t, f"person {why.who + 1}  {why.reason}"))

    def raised(self, home: int, alert: Alert) -> None:
        """Notes one version of an alert."""
        self.alerts.append((home, alert))
        if alert.phase == Phase.OPEN:
            self.open[alert.id] = home
        else:
            self.open.pop(alert.id, None)
