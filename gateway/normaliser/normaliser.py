"""All the devices of a home: readings go in, events come out."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from contract import SensorEvent, SensorHealth
from gateway.dialects.protocol import Reading
from gateway.normaliser.channel import NEVER
from gateway.normaliser.device import Device
from gateway.normaliser.faults import Fault
from gateway.settings import Sensor


@dataclass(slots=True)
class Heard:
    """What came of listening.

    Attributes:
        events: What happened, in the order in which it became certain.
        counts: Counters to raise.
        devices: The devices whose state has changed.
    """

    events: list[SensorEvent] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    devices: set[str] = field(default_factory=set)


class Normaliser:
    """Pure: the same readings at the same times give the same events.

    Args:
        home: The home the devices are in.
        sensors: What was fitted.
    """

    def __init__(self, home: str, sensors: Iterable[Sensor]) -> None:
        fitted = sorted(sensors, key=lambda one: one.name)
        by_name = groupby(fitted, key=lambda one: one.name)
        self._names = {one.heard_as: one.name for one in fitted}
        self._devices = {name: Device(home, list(group)) for name, group in by_name}
        self._deadlines = dict.fromkeys(self._devices, NEVER)
        self._next_deadline = NEVER
        self._wrong: list[float] = []

    def knows(self, device: str) -> bool:
        """Whether the settings name the device."""
        return device in self._names

    def named(self, device: str) -> str | None:
        """How the settings call the sensor that is heard as a device; None where they name none."""
        return self._names.get(device)

    def parts(self, node: str) -> list[str]:
        """The devices of the settings that are parts of a node, as they are heard: `<node>/...`."""
        return [one for one in self._names if one.startswith(f"{node}/")]

    def hear(
        self,
        readings: Sequence[Reading],
        received: float,
        heard: Heard,
        *,
        compare: bool = False,
    ) -> None:
        """Takes in what one device that is known said at one time; adds to `heard`.

        What other devices left open is settled first, as of the time of the message.

        Args:
            readings: All of one message, at least one.
            received: When the hub got it; it counts then where it does not tell a time.
            heard: What came of it.
            compare: Whether `received` is by a clock that may judge the device's.
        """
        name = self._names[readings[0].device]
        at = readings[0].at
        self.tick(received if at is None else at, heard)
        device = self._devices[name]
        before = device.wrong_by
        heard.events += device.hear(
            readings, received, heard.counts, compare=compare, wrong=self._wrong
        )
        if device.wrong_by != before:
            self._wrong = self._known_wrong()
        self._changed(name, heard)

    def note(self, readings: Sequence[Reading], heard: Heard) -> None:
        """Takes note of a retained message: how a device fares or stands, never what was done."""
        name = self._names[readings[0].device]
        self._devices[name].recall(readings)
        self._changed(name, heard)

    def tick(self, now: float, heard: Heard) -> None:
        """Settles what has become certain by `now`; adds to `heard`."""
        while self._next_deadline <= now:
            name = min(self._deadlines, key=lambda one: (self._deadlines[one], one))
            heard.events += self._devices[name].settle(now, heard.counts)
            self._changed(name, heard)

    def health(self) -> list[SensorHealth]:
        """How each device fares."""
        return [device.health() for device in self._devices.values()]

    def faults(self) -> list[Fault]:
        """What is wrong with what devices say."""
        found = (device.fault() for device in self._devices.values())
        return [one for one in found if one is not None]

    def freeze(self, names: Iterable[str]) -> dict[str, bytes]:
        """The states of some devices, to be stored."""
        return {name: self._devices[name].freeze() for name in names}

    def thaw(self, states: dict[str, bytes], *, complete: bool = True) -> list[str]:
        """Goes on from stored states; those of devices that are no longer fitted are left alone.

        Args:
            states: By name.
            complete: Whether a device without a state was never heard; else it may have been.

        Returns:
            The devices that begin afresh, for theirs cannot be read: what they tell first is taken
            for a state and no change.
        """
        afresh = []
        for name, device in self._devices.items():
            if not (self._reads(name, states[name]) if name in states else complete):
                device.doubt()
                afresh.append(name)
            self._deadlines[name] = device.deadline()
        self._next_deadline = min(self._deadlines.values(), default=NEVER)
        self._wrong = self._known_wrong()
        return afresh

    def doubt(self, devices: Iterable[str]) -> dict[str, bytes]:
        """What some devices do is not known any more: the first state they tell is no change.

        Args:
            devices: As they are called where they are heard.

        Returns:
            Their states, to be stored.
        """
        names = {self._names[device] for device in devices}
        for name in names:
            self._devices[name].doubt()
            self._deadlines[name] = self._devices[name].deadline()
        self._next_deadline = min(self._deadlines.values(), default=NEVER)
        return self.freeze(names)

    def untell(self, names: Iterable[str]) -> dict[str, bytes]:
        """What was told of some devices' batteries reached nobody: the next word of it is told.

        Returns:
            Their states, to be stored.
        """
        names = list(names)
        for name in names:
            self._devices[name].untell()
        return self.freeze(names)

    def calls(self, said: Reading) -> bool:
        """Whether help may be called with what a device says."""
        return self._devices[self._names[said.device]].calls(said.signal)

    def call_in(self, said: Reading) -> Reading | None:
        """The call for help in what a device says, without what else it says; None without one."""
        name = self._names.get(said.device)
        return None if name is None else self._devices[name].call_in(said)

    def may_be_new(self, said: Reading, received: float) -> bool:
        """Whether what is marked as delivered before can be another call for help all the same."""
        return self._devices[self._names[said.device]].may_be_new(said, received)

    def _reads(self, name: str, state: bytes) -> bool:
        try:
            self._devices[name].thaw(state)
        except ValueError:
            return False
        return True

    def _known_wrong(self) -> list[float]:
        """By how much devices' clocks are known to be wrong, in seconds."""
        return sorted({one.wrong_by for one in self._devices.values()} - {0.0})

    def _changed(self, name: str, heard: Heard) -> None:
        heard.devices.add(name)
        self._deadlines[name] = self._devices[name].deadline()
        self._next_deadline = min(self._deadlines.values())
