"""Whether a device is what the settings say: a button listed as a motion sensor calls nobody."""

from collections.abc import Mapping, Sequence

import msgspec

from contract import Kind
from gateway.dialects.protocol import Reading, Signal
from gateway.normaliser.channel import Channel

MEASURES_ALONE_S = 86_400.0
"""Seconds for which a device may tell of nothing but what it measures besides what people do."""

MEASURES = frozenset({Signal.TEMPERATURE, Signal.HUMIDITY})
"""What a device may measure besides what people do."""

OF_THE_DEVICE = frozenset({Signal.BATTERY, Signal.BATTERY_LOW, Signal.LINK_QUALITY, Signal.ONLINE})
"""How a device fares: that says nothing of what it is."""

_BESIDE = frozenset({Kind.LINK, Kind.TEMPERATURE, Kind.HUMIDITY})
"""Kinds that are about no person: with these alone a device that is pressed calls nobody."""

_DONE = frozenset(
    {
        str(Signal.OCCUPANCY), str(Signal.PRESENCE), str(Signal.OPEN), str(Signal.SWITCH),
        str(Signal.VIBRATION), "shake",
    }
)  # fmt: skip
"""What a button cannot tell. One may measure its own warmth, or the power of what it switches, for
years before somebody presses it."""

SHAKEN = frozenset({"vibration", "tilt", "drop"})
"""Actions of a vibration sensor, and not of a button."""

_IN_A_REGION = "region_"
"""So begin the actions of a presence sensor that tells in which part of the room somebody is."""

SHAKE = "shake"
_ACTIONS = {SHAKE: Kind.FLUSH, str(Signal.ACTION): Kind.BUTTON}


class Likeness(msgspec.Struct):
    """Of what a device has told.

    Attributes:
        kinds: Those of its kinds of which it has told.
        others: Of what else it told, and when first, in epoch seconds, while it had not told of
            each of its kinds.
    """

    kinds: list[str] = []
    others: dict[str, float] = {}

    def hear(self, readings: Sequence[Reading], channels: Mapping[str, Channel], t: float) -> None:
        """Takes note of what one message told at `t`, in epoch seconds."""
        if not self._silent(channels) and not _is_bystander(channels):
            return
        for reading in readings:
            word = _word(reading)
            told = _listening(word, channels)
            self.kinds += [kind for kind in told if kind not in self.kinds]
            if not told and reading.signal not in OF_THE_DEVICE:
                self.others.setdefault(word, t)

    def unlike(self, channels: Mapping[str, Channel], heard_at: float | None) -> list[str]:
        """Kinds of which it has told nothing, though it told of what none of its kinds means.

        A device that is listed for nothing that people do, and was pressed, is unlike all its
        kinds: it may be a help button.

        Args:
            channels: What listens to it now, by kind.
            heard_at: When it was last heard, in epoch seconds.
        """
        if _is_bystander(channels) and Signal.ACTION in self.others:
            return sorted(channels.keys() - {Kind.LINK}) or [Kind.LINK]
        spoke = {
            signal
            for signal, since in self.others.items()
            if not _listening(signal, channels)
            and (signal not in MEASURES or (heard_at or since) - since >= MEASURES_ALONE_S)
        }
        return [
            kind
            for kind in self._silent(channels)
            if (spoke & _DONE if kind == Kind.BUTTON else spoke)
        ]

    def _silent(self, channels: Mapping[str, Channel]) -> list[str]:
        return [kind for kind in channels if kind not in self.kinds and kind != Kind.LINK]


def _word(reading: Reading) -> str:
    """What a reading tells, where its action says more than that there was one."""
    if reading.text in SHAKEN:
        return SHAKE
    if reading.text.startswith(_IN_A_REGION):
        return str(Signal.PRESENCE)
    return str(reading.signal)


def _is_bystander(channels: Mapping[str, Channel]) -> bool:
    return channels.keys() <= _BESIDE


def _listening(word: str, channels: Mapping[str, Channel]) -> list[str]:
    """The kinds that mean by what was told what they are: a cistern is shaken, a button is not."""
    if word in _ACTIONS:
        return [kind for kind in channels if kind == _ACTIONS[word]]
    return [kind for kind, channel in channels.items() if word in channel.signals]
