"""While recording is paused, and just after, "it cannot be told" is the answer.

Pure: what becomes of an answer depends on the answer and the pauses alone.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

import msgspec

from contract import SEVERITY, Assessment, Condition, Severity, State

UNTOUCHED = frozenset(
    {Condition.HELP_BUTTON, Condition.BATTERY_LOW, Condition.HUB_SILENT, Condition.TEST_ALERT}
)
"""A call for help is answered also in a pause; a battery tells nothing of the person."""
LEAST_S = 3600.0
"""After a pause, silence counts anew for at least so long where nobody knows what is usual."""
PAUSED_UNTIL = "Recording is paused until"
MENTIONED_S = 86_400.0
"""An alert so soon after a pause says that there was one."""


class Interval(NamedTuple):
    """From when (included) until when (not included), in epoch seconds.

    Attributes:
        said: How it is told; empty where that goes by its end.
    """

    since: float
    until: float
    said: str = ""


class PauseGate:
    """What the pauses of a home make of its answers.

    Args:
        pauses: In any order.
        time_zone: The home's.
    """

    def __init__(self, pauses: Sequence[Interval], time_zone: str) -> None:
        self._pauses = sorted(pauses)
        self._zone = ZoneInfo(time_zone)

    def __call__(self, answer: Assessment) -> Assessment:
        """The answer, or that it cannot be told, or the answer with word of the pause."""
        if not self._pauses or answer.condition in UNTOUCHED:
            return answer
        t = answer.at.timestamp()
        for pause in self._pauses:
            if pause.since <= t < pause.until:
                said = pause.said or f"{PAUSED_UNTIL} {self._clock(pause.until)}."
                return self._blind(answer, said)
            if answer.state == State.RAISED and pause.until <= t < pause.until + MENTIONED_S:
                return self._after(answer, pause, t)
        return answer

    def _after(self, answer: Assessment, pause: Interval, t: float) -> Assessment:
        """An alert soon after a pause: silence that reaches back into it counts from its end."""
        until = self._clock(pause.until)
        if SEVERITY.get(answer.condition) == Severity.URGENT and answer.evidence:
            first = answer.evidence[0]
            silent = first.value * 60 if first.unit == "minutes" and first.value else 0.0
            borne = first.high * 60 if first.high is not None else LEAST_S
            if t - silent < pause.until and t - pause.until < borne:
                return self._blind(
                    answer, f"Recording was paused until {until}; it is too soon to tell."
                )
        said = f"Nothing was recorded from {self._clock(pause.since)} to {until}: it was paused."
        return msgspec.structs.replace(answer, excluded=[*answer.excluded, said])

    @staticmethod
    def _blind(answer: Assessment, reason: str) -> Assessment:
        return msgspec.structs.replace(
            answer, state=State.BLIND, score=0.0, evidence=[], excluded=[], reason=reason,
            text=reason, prompt="",
        )  # fmt: skip

    def _clock(self, t: float) -> str:
        return spoken(t, self._zone)


def spoken(t: float, zone: ZoneInfo) -> str:
    """A time in epoch seconds as people say it, such as `14:30 on 3 May`."""
    at = datetime.fromtimestamp(t, zone)
    return f"{at:%H:%M} on {at.day} {at:%B}"
