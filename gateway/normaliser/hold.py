"""A button that is held says so each second, each time as a new press: it is one all the same."""

from typing import NamedTuple

from gateway.dialects.protocol import Reading

GOES_ON_S = 10.0
"""Words of one hold follow one another within this time; some are lost on the radio."""

LONGEST_S = 300.0
"""Who still holds it after this time calls anew: one that got stuck is told of now and then."""

_WORD = "hold"


class _Moment(NamedTuple):
    """When a word was said: by the device's own clock, where it told, and when it was heard."""

    stamp: float | None
    heard: float

    def apart(self, other: "_Moment") -> float:
        """Seconds between two; by the device's own clock, where both bear it."""
        if self.stamp is not None and other.stamp is not None:
            return abs(self.stamp - other.stamp)
        return abs(self.heard - other.heard)


class Hold:
    """What is known of a button being held. Of this process, and not kept: then it is a new one."""

    def __init__(self) -> None:
        self._began: _Moment | None = None
        self._last: _Moment | None = None

    def includes(self, reading: Reading, heard: float) -> bool:
        """Whether a press is one that was told, held on.

        Args:
            reading: The press.
            heard: When the hub got it, by a clock that is the same for all, in seconds.
        """
        if reading.text != _WORD or self._began is None or self._last is None:
            return False
        now = _Moment(reading.stamp, heard)
        return now.apart(self._last) < GOES_ON_S and now.apart(self._began) < LONGEST_S

    def note(self, reading: Reading, heard: float) -> None:
        """Takes note of a press, after it was asked of; any other word ends the hold."""
        now = _Moment(reading.stamp, heard) if reading.text == _WORD else None
        if not self.includes(reading, heard):
            self._began = now
        self._last = now
