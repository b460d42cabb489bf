"""Calls for help at which the detector failed that answers them: told as they came.

Whoever presses is not to wait for a detector to be mended, nor to be passed over with what it
failed at. So the engine itself answers, in the detector's place and as plainly as can be. Each
button's calls are alerts of their own, which no later answer of the detector ends: it knows nothing
of them. Pure: when a call ends depends on the events alone, and not on when that was looked at.
"""

from collections.abc import Iterable, Sequence

import msgspec

from contract import Assessment, Condition, Evidence, Quality, SensorEvent, State, utc
from detectors.features.places import plain
from detectors.help_button import ANEW_S, HELD_S
from gateway.engine.continuing import ANEW
from gateway.engine.gate import Interval

LET_GO = "Nobody took it back for twelve hours."
TAKEN_BACK = "It was taken back."
_NOT_JUDGED = "The hub could not judge the call, and tells it as it came."
_UNSURE = "When it was pressed is not certain."
_PROMPT = "Call the person now; if there is no answer, send someone."


class Call(msgspec.Struct, frozen=True, array_like=True):
    """A call that stands: so many presses, the last of which counts at `last` (epoch seconds)."""

    presses: int
    last: float


Calls = dict[str, Call]
"""The calls that stand, by the button."""


def told(calls: Calls, event: SensorEvent, t: float, leaps: Sequence[Interval]) -> list[Assessment]:
    """Answers a press that could not be judged, which counts at `t` (epoch seconds).

    A press soon after the last one of that button is the same call; else it is one of its own.

    Args:
        calls: Takes note of it.
        event: The press.
        t: When it counts.
        leaps: As for :func:`let_go`.
    """
    answers = let_go(calls, event.home, t, leaps)
    before = calls.get(event.sensor)
    if before is not None and t - before.last > ANEW_S:
        answers.append(_over(event.home, event.sensor, t, ANEW))
        before = None
    call = calls[event.sensor] = Call(1 if before is None else before.presses + 1, t)
    return [*answers, _raised(event, call)]


def taken_back(
    calls: Calls, event: SensorEvent, t: float, leaps: Sequence[Interval]
) -> list[Assessment]:
    """Ends what stands of a button by which a call was taken back at `t`."""
    answers = let_go(calls, event.home, t, leaps)
    if calls.pop(event.sensor, None) is not None:
        answers.append(_over(event.home, event.sensor, t, TAKEN_BACK))
    return answers


def let_go(calls: Calls, home: str, t: float, leaps: Sequence[Interval]) -> list[Assessment]:
    """Ends what has stood for too long by `t`; each at the moment at which it had.

    Args:
        calls: What stands.
        home: Whose it is.
        t: The present, in epoch seconds.
        leaps: Where the hub's clock was set ahead, the earliest first: no call stood in those.
    """
    ends = {button: _end(call, leaps) for button, call in calls.items()}
    over = sorted((end, button) for button, end in ends.items() if end <= t)
    for _, button in over:
        del calls[button]
    return [_over(home, button, end, LET_GO) for end, button in over]


def anew(calls: Iterable[Assessment]) -> list[Assessment]:
    """The same answers, each after the end of the call of which it would say nothing new."""
    return [
        one
        for call in calls
        if call.state == State.RAISED and call.evidence  # it counts presses: this one is its first
        for one in (_over(call.home, call.subject, call.at.timestamp(), ANEW), call)
    ]


def untold(calls: Calls, answers: Iterable[Assessment]) -> list[Assessment]:
    """What a detector that learned anew has to say, but for a call that stands and was told."""
    known = {utc(call.last) for call in calls.values()}
    return [one for one in answers if one.condition != Condition.HELP_BUTTON or one.at not in known]


def _end(call: Call, leaps: Sequence[Interval]) -> float:
    end = call.last + HELD_S
    for leap in leaps:
        if call.last <= leap.since < end:
            end += leap.until - leap.since
    return end


def _raised(event: SensorEvent, call: Call) -> Assessment:
    times = "once" if call.presses == 1 else f"{call.presses} times"
    remark = "" if event.quality == Quality.OK else f" {_UNSURE}"
    return Assessment(
        home=event.home,
        condition=Condition.HELP_BUTTON,
        at=utc(call.last),
        state=State.RAISED,
        subject=event.sensor,
        score=1.0,
        evidence=[
            Evidence(
                measure="presses",
                label="Presses of the help button",
                unit="presses",
                value=float(call.presses),
                usual=0.0,
                share=1.0,
                text=f"Pressed {times}.",
            )
        ],
        text=f"Help was asked for at the {plain(event.place)}. {_NOT_JUDGED}{remark}",
        prompt=_PROMPT,
    )


def _over(home: str, button: str, t: float, why: str) -> Assessment:
    return Assessment(
        home=home,
        condition=Condition.HELP_BUTTON,
        at=utc(t),
        state=State.NORMAL,
        subject=button,
        reason=why,
        text=why,
    )
