"""Which sensors usually speak, and which of them have not all day."""

from math import exp

import msgspec

MOST_SENSORS = 30
"""Names beyond these are not missed, so that memory stays bounded."""
SAME = 60.0
"""Seconds within which a sensor that speaks again has said one thing."""
FORGOTTEN_DAYS = 7
"""A sensor that has been silent for longer is no longer expected to speak."""
OFTEN = 10.0
"""A sensor that usually speaks so often is silent all day by its own fault, not by chance."""
MEMORY_DAYS = 7.0


class Voice(msgspec.Struct, array_like=True):
    """One sensor.

    Attributes:
        today: How often it has spoken today.
        last: When it last did, in whole epoch seconds.
        usual: How often it does on a day on which it does, faded.
        silent: For how many days it has not.
    """

    today: int = 0
    last: int = -(10**9)
    usual: float = 0.0
    silent: int = 0


class Voices(msgspec.Struct):
    """The sensors of a home.

    Attributes:
        known: By name.
    """

    known: dict[str, Voice] = {}

    def hear(self, sensor: str, t: float) -> None:
        """Takes in that a sensor spoke at `t`, in epoch seconds."""
        voice = self.known.get(sensor)
        if voice is None:
            if len(self.known) >= MOST_SENSORS:
                return
            voice = self.known[sensor] = Voice()
        if t - voice.last > SAME:
            voice.today += 1
            voice.last = int(t)

    def end_day(self) -> tuple[str, ...]:
        """Ends a day; the sensors that usually speak often, and were heard lately but not today."""
        for voice in self.known.values():
            if voice.today:
                fresh = 1.0 - exp(-1.0 / MEMORY_DAYS) if voice.usual else 1.0
                voice.usual += fresh * (voice.today - voice.usual)
            voice.silent = 0 if voice.today else voice.silent + 1
            voice.today = 0
        self.known = {
            name: voice for name, voice in self.known.items() if voice.silent <= FORGOTTEN_DAYS
        }
        return tuple(
            name
            for name, voice in sorted(self.known.items())
            if voice.silent and voice.usual >= OFTEN
        )
