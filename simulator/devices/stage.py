"""All devices of a home together: events go in, their messages come out in order of time."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from heapq import heappop, heappush

from contract import SensorEvent
from simulator.devices.cast import Cast
from simulator.devices.curve import Curve, constant
from simulator.devices.fitted import Fitted
from simulator.devices.message import Message
from simulator.devices.protocol import Device, UntellableError
from simulator.devices.registry import make_device
from simulator.devices.said import Said
from simulator.devices.voices.protocol import Voice
from simulator.devices.voices.zigbee2mqtt import Zigbee2Mqtt

_JOINING_S = 1.0  # devices join this long before the first event of all
_AFTER_S = 120.0  # what devices do by themselves is over by then

Refuse = Callable[[SensorEvent, str], None]


class Stage:
    """The devices of one home.

    An appliance's use is an event at its end, but the plug speaks from its start. So events are
    looked at ahead of the messages, by as much as the longest use.

    Args:
        cast: Which devices there are.
        refuse: Told of each event that no message can tell, with the reason.
        voice: How they speak: one dialect for the whole home, or one for every sensor by its name.
        curve: How appliances draw power.
    """

    def __init__(
        self,
        cast: Cast,
        refuse: Refuse,
        voice: Voice | Mapping[str, Voice] | None = None,
        *,
        curve: Curve = constant,
    ) -> None:
        self._cast = cast
        self._refuse = refuse
        self._say = _speakers(cast, Zigbee2Mqtt() if voice is None else voice)
        self._devices: dict[tuple[str, str], Device] = {}
        for key, part in cast.parts.items():
            fitted = Fitted(part.sensor, part.kind, part.place, part.both, curve)
            with suppress(KeyError):  # said of each of its events, when they come
                self._devices[key] = make_device(fitted)
        self._ahead_s = cast.longest_s + _AFTER_S
        self._waiting: list[tuple[float, int, Message]] = []
        self._number = 0

    def messages(self, events: Iterable[SensorEvent]) -> Iterator[Message]:
        """What the devices say, first of all in what state they are."""
        joined = False
        for event in events:
            t = event.at.timestamp()
            if not joined:
                self._announce(t - self._cast.longest_s - _JOINING_S)
                joined = True
            self._settle(t - self._ahead_s)
            yield from self._up_to(t - self._ahead_s)
            self._tell(event)
        self._settle(float("inf"))
        yield from self._up_to(float("inf"))

    def _announce(self, t: float) -> None:
        for device in self._devices.values():
            self._say_by_itself(device.announce(round(t, 3)))

    def _settle(self, t: float) -> None:
        for device in self._devices.values():
            self._say_by_itself(device.settle(t))

    def _tell(self, event: SensorEvent) -> None:
        device = self._devices.get((event.sensor, event.kind))
        if device is None:
            self._refuse(event, f"no device here tells {event.kind}")
            return
        try:
            self._put(self._messages(device.tell(event)))
        except UntellableError as error:
            self._refuse(event, str(error))

    def _say_by_itself(self, said: list[Said]) -> None:
        # What a dialect has no words for is refused at the events themselves.
        with suppress(UntellableError):
            self._put(self._messages(said))

    def _messages(self, said: list[Said]) -> list[Message]:
        return [message for one in said for message in self._say[one.device](one)]

    def _put(self, messages: list[Message]) -> None:
        for message in messages:
            self._number += 1  # keeps the order of what is said at one instant
            heappush(self._waiting, (message.t, self._number, message))

    def _up_to(self, t: float) -> Iterator[Message]:
        while self._waiting and self._waiting[0][0] <= t:
            yield heappop(self._waiting)[2]


def _speakers(
    cast: Cast, voice: Voice | Mapping[str, Voice]
) -> dict[str, Callable[[Said], list[Message]]]:
    sensors = {sensor for sensor, _ in cast.parts}
    if isinstance(voice, Mapping):
        return {sensor: voice[sensor].say for sensor in sensors}
    return dict.fromkeys(sensors, voice.say)
