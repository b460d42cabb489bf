"""The press of a button that calls for help: every call, and each once."""

import re
from collections.abc import Iterable
from typing import ClassVar

import msgspec

from gateway.dialects.protocol import Occasion, Reading, Signal
from gateway.normaliser.channel import NEVER, Told, since
from gateway.normaliser.hold import Hold

PRESSED_AGAIN_S = 10.0
"""Whoever presses a button twice within this time asks once, where no press bears its own time."""

REDELIVERED_S = 600.0
"""A broker that delivers a press again does so within this time after the hub was cut off.

A later one without a time of its own may be a new press under an old number: it is told, for a call
that is told twice costs a question, and one that is not told may cost a life."""

KNOWN_PRESSES = 64
"""So many presses are known again by their own times."""

_CANCELS = frozenset({"cancel", "off", "disarm"})
_NO_PRESS = ("release", "released")
_LET_GO = re.compile(
    r"(brightness|color_hue|color_temperature_move|dial_rotate|hue|rotate|saturation)_stop(_.*)?"
)
"""What dimmers and knobs say when they are let go; a word that is not known here is a press."""


class ButtonState(msgspec.Struct):
    """The last presses that were told.

    Attributes:
        action: Which the last one was.
        at: Its time by the device's own clock, where the message told.
        pressed_at: When it counted.
        told: The last that bore such a time, the oldest first: a bridge may say them again. Words
            and no numbers, for they are names: nobody moves them when a clock is set back.
        on: Whether the switch is on that is pulled or pressed; None where that is not known.
    """

    action: str = ""
    at: float | None = None
    pressed_at: float | None = None
    told: list[str] = []
    on: bool | None = None


class Button:
    """A button to ask for help: 1 asked, 0 cancelled. Every press is an event.

    Where presses bear no time of their own, the same one within `PRESSED_AGAIN_S` is that press
    delivered twice, or an anxious finger: it asks for nothing that was not just asked for. That
    time is counted by no clock that can be set, where the hub has one: a clock that is put right
    must swallow no call. Its count is of this process and not kept: after a restart a press is one.

    Where a press bears its own time, it is said again only where both time and action are the same.
    Within one second of a device that tells no more, who takes a call back may call again.
    Where a press bears the number of its packet, two gateways may have heard it, each with its own
    time: within `PRESSED_AGAIN_S` the same number is the same press. Where a bridge tells a press
    twice, with and without its time, it is one, whichever comes first. One that is held is one.

    A cord or a button that is wired to a switch presses where that goes on; that it goes off is
    letting go. Of one of which nothing is known, whatever is said live is a call, but for what is
    read again with all else. One that is on and says that it went on just now was let go unheard.
    Its contacts bounce: going on within `PRESSED_AGAIN_S` is the same pull, whatever its time.
    """

    signals: ClassVar[frozenset[Signal]] = frozenset({Signal.ACTION, Signal.SWITCH})

    def __init__(self) -> None:
        self.state = ButtonState()
        self._came: float | None = None
        self._packets: dict[str, float] = {}  # when each was heard; of this process, and not kept
        self._hold = Hold()

    def hear(self, reading: Reading, t: float) -> list[Told]:
        """Tells a press at `t`; letting go is none, and neither is the same press said again."""
        state = self.state
        if reading.signal is Signal.SWITCH:
            went_on = self._went_on(reading)
            state.on = bool(reading.value)
            reading = _pressed(reading)
            if not went_on or self._is_just_asked(reading, t):
                return []
        known, told = self.knows(reading), self._has_told(reading, t)
        if not known:
            self._hold.note(reading, _moment(reading, t))
        if told or _is_let_go(reading.text):
            return []
        state.action, state.pressed_at = reading.text, t
        self._came = reading.came
        self._remember(reading, t)
        return [Told(t, 0.0 if reading.text in _CANCELS else 1.0)]

    def _has_told(self, reading: Reading, t: float) -> bool:
        """Whether a press is one that was told; if so, takes note of how it is told this time."""
        if self._is_again(reading, t) or self._has_packet(reading, t):
            return True
        goes_on = self._hold.includes(reading, _moment(reading, t))
        if goes_on or self._told_untimed(reading, t):
            self._remember(reading, t)
            return True
        return False

    def _told_untimed(self, reading: Reading, t: float) -> bool:
        """Whether just this was told just now without its time, which it bears this time."""
        state = self.state
        timed_now = reading.stamp is not None and state.at is None
        if not timed_now or reading.text != state.action or state.pressed_at is None:
            return False
        if reading.came is not None and self._came is not None:
            return abs(reading.came - self._came) < PRESSED_AGAIN_S
        return abs(t - state.pressed_at) < PRESSED_AGAIN_S

    def _remember(self, reading: Reading, t: float) -> None:
        """By what a press is known again, should it be told again."""
        state = self.state
        state.at = reading.stamp
        if reading.packet is not None:
            self._packets[_numbered(reading)] = _moment(reading, t)
            if len(self._packets) > KNOWN_PRESSES:
                del self._packets[next(iter(self._packets))]
        if reading.stamp is not None:
            state.told = [*state.told[1 - KNOWN_PRESSES :], _name(reading)]

    def missed(self, readings: Iterable[Reading], t: float) -> list[Reading]:
        """The presses of an older message; none where any was told. A switch may be off since."""
        presses = [
            _pressed(one) if _went_on_just_now(one) else one
            for one in readings
            if one.signal is Signal.ACTION or _went_on_just_now(one)
        ]
        told = [self.knows(one) or self._has_told(one, t) for one in presses]
        return [] if any(told) else presses

    def call_in(self, reading: Reading) -> Reading | None:
        """The call for help in what is said, without what else that says; None without one."""
        if _went_on_just_now(reading):
            return _pressed(reading)
        is_press = reading.signal is Signal.ACTION and not _is_let_go(reading.text)
        return reading if is_press and reading.text not in _CANCELS else None

    def may_be_new(self, reading: Reading, received: float) -> bool:
        """Whether what is marked as delivered before, and may be, can be another call all the same.

        Args:
            reading: What is said.
            received: When it was, by the hub's clock, in epoch seconds.
        """
        went_on = reading.signal is Signal.SWITCH and self._went_on(reading)
        asks = went_on or self.call_in(reading) is not None
        if reading.came is not None and self._came is not None:
            ago = reading.came - self._came
        else:
            ago = since(self.state.pressed_at, received)
        return asks and reading.stamp is None and ago >= REDELIVERED_S

    def knows(self, reading: Reading) -> bool:
        """Whether it has told this very press before, by the press's own time."""
        state = self.state
        if reading.stamp is None:
            return False
        last = (reading.text, reading.stamp) == (state.action, state.at)
        return last or _name(reading) in state.told

    def _has_packet(self, reading: Reading, t: float) -> bool:
        """Whether another gateway told this very press just now."""
        heard = None if reading.packet is None else self._packets.get(_numbered(reading))
        return heard is not None and abs(_moment(reading, t) - heard) < PRESSED_AGAIN_S

    def _is_again(self, reading: Reading, t: float) -> bool:
        if reading.stamp is not None:
            return self.knows(reading) and not self._is_anew(reading)
        return self._is_just_asked(reading, t)

    def _is_just_asked(self, reading: Reading, t: float) -> bool:
        """Whether the last press asked for the same, and that was just now."""
        if reading.text != self.state.action:
            return False
        if reading.came is not None:
            return since(self._came, reading.came) < PRESSED_AGAIN_S
        return since(self.state.pressed_at, t) < PRESSED_AGAIN_S

    def _went_on(self, reading: Reading) -> bool:
        """Whether a switch is on that was off, as far as is known.

        Where nothing is known it may have been on for long. But who pulled may be on the floor.
        """
        return bool(reading.value) and (not self.state.on or _went_on_just_now(reading))

    def recall(self, value: float) -> None:
        """Takes a state that the broker had kept for that of the switch, where none is known."""
        if self.state.on is None:
            self.state.on = bool(value)

    def doubt(self) -> None:
        """Whether its switch is on is not known any more."""
        self.state.on = None

    def _is_anew(self, reading: Reading) -> bool:
        """Whether a call was taken back and made anew within a second that is told as a whole."""
        state = self.state
        same = reading.stamp == state.at and float(reading.stamp or 0.0).is_integer()
        return same and state.action in _CANCELS and reading.text not in _CANCELS

    def settle(self, now: float) -> list[Told]:
        """Nothing ever waits."""
        del now
        return []

    def deadline(self) -> float:
        """Nothing ever waits."""
        return NEVER


def _is_let_go(action: str) -> bool:
    return action.endswith(_NO_PRESS) or _LET_GO.fullmatch(action) is not None


def _went_on_just_now(reading: Reading) -> bool:
    changed = reading.signal is Signal.SWITCH and reading.occasion is Occasion.CHANGE
    return changed and bool(reading.value)


def _pressed(switch: Reading) -> Reading:
    """The press that is meant by a switch going on."""
    return switch._replace(signal=Signal.ACTION, text="on")


def _moment(reading: Reading, t: float) -> float:
    return t if reading.came is None else reading.came


def _numbered(reading: Reading) -> str:
    """What a press is known by, whichever gateway heard it."""
    return f"{reading.packet} {reading.text}"


def _name(reading: Reading) -> str:
    """What a press that bears its own time is known by."""
    return f"{reading.stamp} {reading.text}"
