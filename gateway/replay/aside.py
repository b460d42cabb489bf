"""A dry run that the centre asked for, worked out from the journal in a process of its own.

    python -m gateway.replay.aside < TASK.json > FOUND.json

The hub's own work goes first: this process has the lowest priority, or rests most of the time where
it may not have that, and a bound on its memory.
"""

import os
import resource
import signal
import sys
import time
from pathlib import Path

import msgspec

from contract import Progress
from contract.downlink import MAX_WOULD, DryRunAnswer, Under, WouldAlert
from detectors.profile import HomeProfile
from gateway.downlink.deeds import TRIED
from gateway.downlink.trying import Found, Task
from gateway.errors import HubError
from gateway.replay.comparison import Comparison, Match
from gateway.replay.journalled import replay_journal
from gateway.replay.share import DryRun
from gateway.settings import Files

MEMORY = 160 * 2**20
"""Bytes of data it may have. It needs half of them; with the hub's own it stays under what the
service is slowed down at."""
_LONGEST_S = 60 * 60
_LOWEST = 19
_WORK_S, _REST_S = 0.05, 0.15
_MOST_TEXT = 300


def found(task: Task) -> Found:
    """What the change would have made of the last days."""
    changed = {part: getattr(task.changed.profile, part) for part in TRIED}

    def change(profile: HomeProfile) -> HomeProfile:
        return msgspec.structs.replace(profile, **changed)

    path = Path(task.journal)
    where = Files(journal=path, key=path, password=None, ca=None)
    outcome = replay_journal(task.settings, where, DryRun(change, task.days), lambda _: None)
    if outcome.untouched:
        return Found(state=Progress.REFUSED, text="It would change nothing.")
    if not outcome.comparisons:
        return Found(state=Progress.REFUSED, text="The hub has heard nothing of this home yet.")
    answer = answer_of(outcome.comparisons[0])
    return Found(state=Progress.DONE, text=sentence(answer, task.days), answer=answer)


def answer_of(comparison: Comparison) -> DryRunAnswer:
    """A comparison as the centre is told it: what was raised within the days."""
    raised = comparison.raised()
    would = [one for match in comparison.matches if (one := _would(match, comparison)) is not None]
    would.sort(key=lambda one: one.at)
    return DryRunAnswer(
        heard_since=comparison.recorded_since,
        since=comparison.since,
        until=comparison.until,
        changed=raised.changed,
        now=raised.now,
        alerts=would[-MAX_WOULD:],
    )


def sentence(answer: DryRunAnswer, days: int) -> str:
    """The answer, for who reads no more of it."""
    would, now = _times(answer.changed), _times(answer.now)
    said = f"Would have alerted {would} in {days} days; as it stands, {now}."
    if answer.heard_since <= answer.since:
        return said
    held = (answer.until - answer.heard_since).days
    return f"{said} The journal covers only {held} of them, the first of which are for learning."


def _would(match: Match, comparison: Comparison) -> WouldAlert | None:
    now, changed = comparison.counts(match.now), comparison.counts(match.changed)
    alert = match.changed if changed else match.now
    if alert is None or not (now or changed):
        return None  # it stood open before
    under = Under.BOTH if now and changed else Under.CHANGED if changed else Under.NOW
    text = alert.text if len(alert.text) <= _MOST_TEXT else f"{alert.text[: _MOST_TEXT - 1]}…"
    return WouldAlert(at=alert.raised_at, condition=alert.condition, under=under, text=text)


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"


def _stand_back() -> None:
    """Leaves processor and memory to the hub.

    Raises:
        OSError, ValueError: The machine does not allow it; then it is not to be begun.
    """
    try:
        os.nice(_LOWEST)
    except PermissionError:  # as a service that may change nobody's priority
        rest_often()
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))


def rest_often() -> None:
    """Has this process rest for thrice as long as it works, turn by turn."""
    signal.signal(signal.SIGPROF, lambda *_: time.sleep(_REST_S))
    signal.setitimer(signal.ITIMER_PROF, _WORK_S, _WORK_S)


def main() -> None:
    """Reads a task, and writes what came of it."""
    signal.alarm(_LONGEST_S)  # also where the hub that waits for it is gone
    try:
        _stand_back()
    except (OSError, ValueError) as error:
        refused = f"It cannot be worked out beside the hub without holding it up: {error}."
        said = Found(state=Progress.REFUSED, text=refused)
    else:
        said = _tried(sys.stdin.buffer.read())
    sys.stdout.buffer.write(msgspec.json.encode(said))


def _tried(task: bytes) -> Found:
    try:
        return found(msgspec.json.decode(task, type=Task))
    except HubError as error:
        return Found(state=Progress.REFUSED, text=f"It cannot be worked out: {error}.")
    except MemoryError:
        return Found(state=Progress.REFUSED, text="The journal is too much for the hub's memory.")


if __name__ == "__main__":
    main()
