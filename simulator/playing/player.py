"""Plays events to a broker: through the devices of their home, at a pace, to the last receipt."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from contract import SensorEvent
from simulator.devices import Stage
from simulator.devices.cast import Cast
from simulator.devices.voices import Voice
from simulator.playing.pace import Pace
from simulator.playing.publisher import Publisher


@dataclass
class Played:
    """What came of it.

    Attributes:
        events, messages: How many there were.
        untold: Events that no message could tell, by reason.
    """

    events: int = 0
    messages: int = 0
    untold: Counter[str] = field(default_factory=Counter)


def play(
    events: Iterable[SensorEvent],
    cast: Cast,
    *,
    publisher: Publisher,
    pace: Pace,
    voice: Voice | None = None,
    advance: Callable[[], None] = lambda: None,
) -> Played:
    """Publishes what the devices of one home say about its events, until all is acknowledged.

    Args:
        events: In order of time.
        cast: The devices that they need.
        publisher: Where the messages go.
        pace: How fast.
        voice: The dialect; Zigbee2MQTT where none is named.
        advance: Told after each event.

    Raises:
        BrokerError: The broker refuses us.
    """
    played = Played()

    def counted() -> Iterable[SensorEvent]:
        for event in events:
            played.events += 1
            advance()
            yield event

    def refuse(event: SensorEvent, reason: str) -> None:
        played.untold[f"{event.sensor}: {reason}"] += 1

    for message in Stage(cast, refuse, voice).messages(counted()):
        pace.wait_for(message.t)
        publisher.publish(message)
        played.messages += 1
    publisher.drain()
    return played
