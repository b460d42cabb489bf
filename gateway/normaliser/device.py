"""One device of the home: the sensors in it, and how it fares itself."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from contract import Kind, Quality, SensorEvent, SensorHealth, utc
from gateway.dialects.protocol import Occasion, Reading, Signal
from gateway.normaliser.appliance import Appliance
from gateway.normaliser.button import Button
from gateway.normaliser.channel import NEVER, Channel, Told
from gateway.normaliser.channels import CHANNELS
from gateway.normaliser.device_clock import DeviceClock
from gateway.normaliser.edges import Edge, Link
from gateway.normaliser.faults import Fault, fault_of
from gateway.normaliser.likeness import MEASURES, Likeness
from gateway.normaliser.pulses import Motion
from gateway.settings import Sensor

SAID_LOW = 10.0
"""Per cent that a battery counts as where its device says no more than that it is low."""
SAID_WELL = 100.0
"""The same where it said that it was low, and says so no longer: it was changed."""
_MEASURES = MEASURES | {Signal.BATTERY, Signal.BATTERY_LOW}
_OF_BATTERY = frozenset({Signal.BATTERY, Signal.BATTERY_LOW})


class DeviceState(msgspec.Struct):
    """Everything the hub remembers of a device.

    Attributes:
        newest: The newest time at which a reading of its own counted.
        clock: How its clock stands to the hub's.
        heard_at: When it last said something itself.
        battery: Per cent, as last heard.
        battery_low: Whether the device says that its battery is low, as last heard.
        measures: What it measures besides what people do, as last heard.
        told_battery: Per cent, as last told in an event.
        link_quality: 0 to 255, as last heard.
        online: Whether it can be reached, where its network says.
        told: Of which of its kinds it has told, and of what else.
        channels: The state of each of its sensors, by kind.
    """

    newest: float | None = None
    clock: DeviceClock = msgspec.field(default_factory=DeviceClock)
    heard_at: float | None = None
    battery: float | None = None
    battery_low: bool | None = None
    measures: dict[str, float] = {}
    told_battery: float | None = None
    link_quality: float | None = None
    online: bool | None = None
    told: Likeness = msgspec.field(default_factory=Likeness)
    channels: dict[str, Any] = {}


class Device:
    """A device that the settings name, under one or more kinds."""

    def __init__(self, home: str, sensors: list[Sensor]) -> None:
        self._home = home
        self._sensors: dict[str, Sensor] = {sensor.kind: sensor for sensor in sensors}
        self._first = sensors[0]
        self._channels = self._make_channels()
        self.state = DeviceState()
        for kind, channel in self._channels.items():
            if isinstance(channel, Edge) and kind != Kind.LINK:  # what is fitted is within reach
                channel.doubt()

    def hear(
        self,
        readings: Sequence[Reading],
        received: float,
        counts: Counter[str],
        *,
        compare: bool = False,
        wrong: Iterable[float] = (),
    ) -> list[SensorEvent]:
        """Takes in what one message said.

        A message that bears an older time than one before it is the bridge repeating itself: what
        it tells is kept, marked as replayed, and the sensors' states stay as they are. But a press
        that was not told yet is a call all the same. And a time that lies ahead of `received` is
        none by which another is older: the clock that dated it stood ahead.

        Args:
            readings: All of one message, at least one.
            received: When the hub got it, in epoch seconds.
            counts: Counters to raise where something is odd.
            compare: Whether the hub's clock may judge the device's.
            wrong: By how much the clocks of other devices are known to be wrong, in seconds.
        """
        before = self.state.clock.stamp
        if compare:
            self._compare(readings[0], received, wrong)
        readings, is_new = self._dated(readings, received, before, counts)
        at, newest = readings[0].at, self.state.newest
        t = received if at is None else at
        if at is not None and newest is not None and at < newest <= received and not is_new:
            return self._repeated(readings, t, counts)
        self.state.newest = at if at is not None else newest
        # That its network reaches it, or its node, is no word of its own, unless it has no other.
        if self._channels.keys() == {Kind.LINK} or any(
            one.signal is not Signal.ONLINE for one in readings
        ):
            self.state.heard_at = t
        readings = self._measured(readings)
        self.note(readings)
        self.state.told.hear(readings, self._channels, t)
        was_stuck = self.is_stuck
        events = self._listen(self._channels, readings, t, counts, Quality.OK)
        if self.is_stuck and not was_stuck:
            counts["stuck"] += 1
        return self._with_battery(readings, t, events)

    def recall(self, readings: Sequence[Reading]) -> None:
        """Takes note of what the broker had kept: how it fares, and how it stands if none knows."""
        self.note(readings)
        for reading in readings:
            for channel in self._channels.values():
                states = channel.signals - {Signal.ACTION}
                if isinstance(channel, Edge | Button) and reading.signal in states:
                    channel.recall(reading.value)

    def note(self, readings: Sequence[Reading]) -> None:
        """Takes note of how the device fares."""
        state = self.state
        for reading in readings:
            if reading.signal == Signal.BATTERY:
                state.battery = reading.value
            elif reading.signal == Signal.BATTERY_LOW:
                state.battery_low = bool(reading.value)
            elif reading.signal == Signal.LINK_QUALITY:
                state.link_quality = reading.value
            elif reading.signal == Signal.ONLINE:
                state.online = bool(reading.value)

    def settle(self, now: float, counts: Counter[str]) -> list[SensorEvent]:
        """What has become certain by `now`, on the hub's clock."""
        lead = self.state.clock.lead_s
        return [
            self._event(kind, told, counts, Quality.OK)
            for kind, channel in self._channels.items()
            if channel.deadline() + lead <= now
            for told in channel.settle(max(now - lead, channel.deadline()))
        ]

    def calls(self, signal: Signal) -> bool:
        """Whether help may be called with what it says so."""
        button = self._channels.get(Kind.BUTTON)
        return button is not None and signal in button.signals

    def call_in(self, said: Reading) -> Reading | None:
        """The call for help in what it says, without what else that says; None without one."""
        button = self._channels.get(Kind.BUTTON)
        return button.call_in(said) if isinstance(button, Button) else None

    def may_be_new(self, said: Reading, received: float) -> bool:
        """Whether what is marked as delivered before can be another call for help all the same."""
        button = self._channels.get(Kind.BUTTON)
        return isinstance(button, Button) and button.may_be_new(said, received)

    @property
    def is_stuck(self) -> bool:
        """Whether it says for longer than anybody moves that something does."""
        return any(isinstance(one, Motion) and one.state.stuck for one in self._channels.values())

    @property
    def _is_untried(self) -> bool:
        """Whether it is a help button of which no press has come yet."""
        button = self._channels.get(Kind.BUTTON)
        return isinstance(button, Button) and button.state.pressed_at is None

    @property
    def wrong_by(self) -> float:
        """Seconds by which its clock is known to be behind the hub's."""
        return self.state.clock.mended_by

    def deadline(self) -> float:
        """When, on the hub's clock, something becomes certain though nothing is heard."""
        due = min((one.deadline() for one in self._channels.values()), default=NEVER)
        return due + self.state.clock.lead_s

    def health(self) -> SensorHealth:
        """How it fares."""
        state = self.state
        return SensorHealth(
            sensor=self._first.name,
            kind=self._first.kind,
            place=self._first.place,
            last_seen=None if state.heard_at is None else utc(state.heard_at),
            battery=self._battery,
            link_quality=state.link_quality,
            online=state.online,
            stuck=self.is_stuck,
            unlike=state.told.unlike(self._channels, state.heard_at),
            untried=state.heard_at is not None and self._is_untried,
        )

    @property
    def _battery(self) -> float | None:
        """Per cent; that it is low counts for more than a figure, which may be an old one."""
        state = self.state
        if state.battery_low:
            return SAID_LOW if state.battery is None else min(state.battery, SAID_LOW)
        was_low = state.battery_low is False and state.told_battery is not None
        return SAID_WELL if state.battery is None and was_low else state.battery

    def fault(self) -> Fault | None:
        """What is wrong with what it says; None where nothing is."""
        state = self.state
        return fault_of(self._first.name, self._channels, state.told, state.heard_at)

    def freeze(self) -> bytes:
        """Everything it remembers, as JSON."""
        self.state.channels = {
            kind: msgspec.to_builtins(channel.state) for kind, channel in self._channels.items()
        }
        return msgspec.json.encode(self.state)

    def thaw(self, frozen: bytes) -> None:
        """Goes on from what :meth:`freeze` gave.

        Raises:
            ValueError: It is not such a thing; nothing has changed.
        """
        state = msgspec.json.decode(frozen, type=DeviceState)
        found = {
            kind: msgspec.convert(state.channels[kind], type(channel.state))
            for kind, channel in self._channels.items()
            if kind in state.channels
        }
        for kind, one in found.items():  # all of them, or none
            self._channels[kind].state = one
        self.state = state

    def doubt(self) -> None:
        """What its sensors were doing is not known any more: a state they tell is no change."""
        for channel in self._channels.values():
            if isinstance(channel, Edge | Appliance | Button):
                channel.doubt()

    def untell(self) -> None:
        """What was told of its battery reached nobody."""
        self.state.told_battery = None

    def _measured(self, readings: Sequence[Reading]) -> Sequence[Reading]:
        """The readings; beside a measure that has changed the others are what was known before."""
        told = {str(one.signal): one.value for one in readings if one.signal in _MEASURES}
        if not told:
            return readings
        known = self.state.measures
        self.state.measures = known | told
        if all(known.get(signal, value) == value for signal, value in told.items()):
            return readings
        return [
            one._replace(occasion=Occasion.BESIDE) if one.occasion is Occasion.OPEN else one
            for one in readings
        ]

    def _compare(self, first: Reading, received: float, wrong: Iterable[float]) -> None:
        """Judges its clock by one message; one without a time of its own counts as in step.

        What is under way is heard to its end by the clock with which it began.
        """
        clock = self.state.clock
        clock.hear(received if first.at is None else first.at, received)
        if clock.is_doubtful and all(one.deadline() == NEVER for one in self._channels.values()):
            clock.mend(wrong)

    def _dated(
        self,
        readings: Sequence[Reading],
        received: float,
        before: float | None,
        counts: Counter[str],
    ) -> tuple[Sequence[Reading], bool]:
        """The readings at the times at which they count, and whether a wrong clock went on."""
        at, mended_by = readings[0].at, self.state.clock.mended_by
        if at is None or not mended_by:
            return readings, False
        counts["device_clock_wrong"] += 1
        is_new = before is None or at > before
        mended = min(at + mended_by, received)
        newest = self.state.newest
        if is_new and newest is not None:  # the line's jitter must not turn their order about
            mended = min(max(mended, newest), received)
        return [one._replace(at=mended, said=one.stamp) for one in readings], is_new

    def _repeated(
        self, readings: Sequence[Reading], t: float, counts: Counter[str]
    ) -> list[SensorEvent]:
        """What an older message tells: nothing new, unless it is a press that was not heard yet."""
        channels, calls = self._make_channels(), list[SensorEvent]()
        button = self._channels.get(Kind.BUTTON)
        if isinstance(button, Button) and (missed := button.missed(readings, t)):
            del channels[Kind.BUTTON]
            calls = self._listen({Kind.BUTTON: button}, missed, t, counts, Quality.OK)
        return calls + self._listen(channels, readings, t, counts, Quality.REPLAYED)

    def _listen(
        self,
        channels: dict[str, Channel],
        readings: Sequence[Reading],
        t: float,
        counts: Counter[str],
        quality: Quality,
    ) -> list[SensorEvent]:
        return [
            self._event(kind, told, counts, quality)
            for reading in readings
            for kind, channel in channels.items()
            if reading.signal in channel.signals
            for told in channel.hear(reading, t)
        ]

    def _with_battery(
        self, readings: Sequence[Reading], t: float, events: list[SensorEvent]
    ) -> list[SensorEvent]:
        """Tells the battery level with the message's events, or alone where it has changed."""
        level = self._battery if any(one.signal in _OF_BATTERY for one in readings) else None
        if level is None or (not events and level == self.state.told_battery):
            return events
        self.state.told_battery = level
        if not events:
            alive = Told(t, 1.0)
            events = [self._event(Kind.LINK, alive, Counter(), Quality.OK)]
        return [msgspec.structs.replace(event, battery=level) for event in events]

    def _event(self, kind: str, told: Told, counts: Counter[str], quality: Quality) -> SensorEvent:
        if told.note:
            counts[told.note] += 1
        sensor = self._sensors.get(kind, self._first)
        return SensorEvent(
            home=self._home,
            sensor=sensor.name,
            kind=kind,
            place=sensor.place,
            at=utc(told.at),
            value=told.value,
            duration=told.duration,
            quality=quality,
        )

    def _make_channels(self) -> dict[str, Channel]:
        made: dict[str, Channel] = {
            kind: CHANNELS[kind](sensor)
            for kind, sensor in self._sensors.items()
            if kind in CHANNELS
        }
        return {**made, Kind.LINK: Link(at_rest=1.0)}
