"""While recording is paused, and just after, "it cannot be told" is the answer.

So it is where the hub could not hear its sensors. Pure: what becomes of an answer depends on the
answer and those intervals alone.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from math import inf
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
_SECONDS = {"minutes": 60.0, "hours": 3600.0}
_ON_SILENCE = frozenset({Condition.SENSOR_SILENT})
"""What rests on silence though it is not urgent."""


class Words(NamedTuple):
    """What is said of an interval, from `since` until `until`.

    Attributes:
        during: Of an answer in it.
        after: Of an answer soon after it that would rest on silence in it; empty where none can.
        mention: On an alert soon after it.
    """

    during: str
    after: str
    mention: str


PAUSED = Words(
    PAUSED_UNTIL + " {until}.",
    "Recording was paused until {until}; it is too soon to tell.",
    "Nothing was recorded from {since} to {until}: it was paused.",
)
UNHEARD = Words(
    "The hub could not hear its sensors from {since} on.",
    "The hub could not hear its sensors until {until}; it is too soon to tell.",
    "The hub could not hear its sensors from {since} to {until}.",
)
LEAPT = Words(
    "The hub's clock was set ahead from {since} to {until}.",
    "",
    "The hub's clock was set ahead from {since} to {until}, which counts for no silence.",
)


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
        pauses: In any order; or what gives them, the earliest first, where there may come more.
        time_zone: The home's.
        words: What is said of them.
    """

    def __init__(
        self,
        pauses: Sequence[Interval] | Callable[[], Sequence[Interval]],
        time_zone: str,
        words: Words = PAUSED,
    ) -> None:
        fixed = () if callable(pauses) else tuple(sorted(pauses))
        self._pauses = pauses if callable(pauses) else lambda: fixed
        self._zone = ZoneInfo(time_zone)
        self._words = words

    def __call__(self, answer: Assessment) -> Assessment:
        """The answer, or that it cannot be told, or the answer with word of the pause."""
        pauses = self._pauses()
        if not pauses or answer.condition in UNTOUCHED:
            return answer
        t = answer.at.timestamp()
        for pause in pauses:
            if pause.since <= t < pause.until:
                said = pause.said or self._said(self._words.during, pause)
                return self.blind(answer, said)
        for pause in pauses:
            if answer.state == State.RAISED and pause.until <= t < pause.until + MENTIONED_S:
                answer = self._after(answer, pause, t)
        return answer

    def _after(self, answer: Assessment, pause: Interval, t: float) -> Assessment:
        """An alert soon after a pause: silence that reaches back into it counts from its end."""
        urgent = SEVERITY.get(answer.condition) == Severity.URGENT
        on_silence = urgent or answer.condition in _ON_SILENCE
        if self._words.after and on_silence and answer.evidence:
            first = answer.evidence[0]
            unit = _SECONDS.get(first.unit, 0.0)
            silent = first.value * unit if first.value else 0.0
            borne = first.high * unit if unit and first.high is not None else LEAST_S
            if t - silent < pause.until and t - pause.until < borne:
                return self.blind(answer, self._said(self._words.after, pause))
        said = self._said(self._words.mention, pause)
        return msgspec.structs.replace(answer, excluded=[*answer.excluded, said])

    def _said(self, words: str, pause: Interval) -> str:
        until = "" if pause.until == inf else self._clock(pause.until)
        return words.format(since=self._clock(pause.since), until=until)

    @staticmethod
    def blind(answer: Assessment, reason: str) -> Assessment:
        """The answer that it cannot be told, and why."""
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
