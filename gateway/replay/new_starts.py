"""When a hub began anew with another pause or absence, or with other things switched off."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from math import inf
from typing import NamedTuple
from zoneinfo import ZoneInfo

from contract import (
    Alert,
    Assessment,
    CommandKind,
    CommandResult,
    Condition,
    Progress,
    RecordKind,
    State,
    decode,
)
from gateway.clock.leaps import intervals
from gateway.downlink.spells import NOBODY_UNTIL
from gateway.engine.gate import PAUSED_UNTIL, Interval
from gateway.journal import Journal
from gateway.journal.lasting import Spell
from gateway.journal.leap import as_they_stand
from gateway.journal.set_back import SetBack
from gateway.journal.switches import Switch

_LASTING = (CommandKind.PAUSE, CommandKind.AWAY)
_LOOKED_AT = 500
"""Records after the beginning of a pause among which stands what was said of it."""


class Turn(NamedTuple):
    """A moment from which on the hub went by other pauses and absences.

    Attributes:
        after: So many events stand in the journal before it.
        at: The hub's clock then, in epoch seconds.
        passed: Until when, by that clock, it had let time pass.
        spells: All that were known from then on.
        pauses: Those that are pauses, with what was said of each.
        back: Event time was set back here.
        off: What was switched off from then on; None where nothing tells.
        driven: How far time had been let pass, where that is known to the second.
        leaps: Where the clock was set ahead, as is known from then on until event time is set back.
        blinds: Whether it was said here of all that is watched for that it cannot be told: a pause
            begins, or nothing has been heard for too long.
    """

    after: int
    at: float
    passed: float
    spells: tuple[Spell, ...]
    pauses: tuple[Interval, ...]
    blinds: bool
    back: SetBack | None = None
    off: tuple[str, ...] | None = None
    driven: float | None = None
    leaps: tuple[Interval, ...] = ()


class _Mark(NamedTuple):
    """A record that says that something begins or ends; of no command: nothing is heard."""

    seq: int
    command: str
    begins: bool
    at: float
    text: str
    back: SetBack | None = None
    switch: Switch | None = None


def turns(
    journal: Journal, spells: Sequence[Spell], gaps: Sequence[Interval], time_zone: str
) -> list[Turn]:
    """All turns of a journal, the earliest first; the first stands before every event.

    Args:
        journal: A hub's, open.
        spells: What lasts or lasted, as it ended up.
        gaps: When the hub could hear nothing. Meanwhile no time passed.
        time_zone: The home's.
    """
    ended_up = {one.command: one for one in spells if one.kind in _LASTING}
    asked = (one for one in _marks(journal) if one.command in ended_up)
    every = [*asked, *_deaf(journal), *_back(journal), *_switched(journal)]
    marks = sorted(every, key=lambda one: one[:2])
    begun = {one.command for one in marks if one.begins}
    # Of what began before the oldest record nothing tells when it did.
    known = {command: one for command, one in ended_up.items() if command not in begun}
    said: dict[str, str] = {}
    found = [_turn(0, float("-inf"), known, said, blinds=False)]
    for mark in marks:
        if mark.switch is not None:
            found.append(_switch(journal, found[-1], mark.switch))
            continue
        if mark.back is not None:
            after = _events_before(journal, mark.seq)
            turn = _turn(after, mark.at, known, said, blinds=False)
            found.append(turn._replace(back=mark.back))
            continue
        if not mark.command:
            if _passed(mark.at, gaps) < mark.at:  # else the broker had kept what happened
                found.append(_deafened(journal, found[-1], mark, gaps))
            continue
        spell = ended_up[mark.command]
        if mark.begins:
            known[mark.command] = _as_meant(spell, mark, time_zone)
            said[mark.command] = _said(journal, mark)
        else:
            known[mark.command] = spell
            said.pop(mark.command, None)
        blinds = mark.begins and spell.kind == CommandKind.PAUSE
        turn = _turn(_events_before(journal, mark.seq), mark.at, known, said, blinds=blinds)
        found.append(turn._replace(passed=_passed(mark.at, gaps)))
    return _with_leaps(journal, _with_off(journal, found))


def _switch(journal: Journal, before: Turn, one: Switch) -> Turn:
    """The hub began anew with something else switched off."""
    after = _events_before(journal, one.upto + 1)
    driven = float("-inf") if one.driven is None else one.driven
    return before._replace(after=after, blinds=False, back=None, off=one.conditions, driven=driven)


def _deafened(journal: Journal, before: Turn, mark: _Mark, gaps: Sequence[Interval]) -> Turn:
    """Nothing had been heard for too long."""
    after, passed = _events_before(journal, mark.seq), _passed(mark.at, gaps)
    return before._replace(
        after=after, at=mark.at, passed=passed, blinds=True, back=None, driven=None
    )


def _with_off(journal: Journal, found: Sequence[Turn]) -> list[Turn]:
    """The same turns, each with what was switched off then; before all, what was first known."""
    off = next((one.conditions for one in journal.switches()), None)
    told = []
    for turn in found:
        off = turn.off if turn.driven is not None else off
        told.append(turn._replace(off=off))
    return told


def _with_leaps(journal: Journal, found: Sequence[Turn]) -> list[Turn]:
    """The same turns, each with the leaps of the clock as they stood until the next setting back.

    Each lies after all that had been judged when it was noted, so it may as well be known before.
    """
    leaps, backs, told = journal.leaps(), journal.set_backs(), list[Turn]()
    for turn in found:
        done = sum(one.back is not None for one in [*told, turn])
        upto = backs[done].after if done < len(backs) else inf
        known = as_they_stand([one for one in leaps if one.after <= upto], backs[:done])
        told.append(turn._replace(leaps=tuple(intervals(known))))
    return told


def _passed(at: float, gaps: Sequence[Interval]) -> float:
    """Until when time had passed at a moment: while nothing is heard, it stands."""
    return next((gap.since for gap in gaps if gap.since <= at <= gap.until), at)


def _turn(
    after: int, at: float, known: dict[str, Spell], said: dict[str, str], *, blinds: bool
) -> Turn:
    spells = sorted(known.values(), key=lambda one: (one.since, one.command))
    pauses = (
        Interval(one.since, one.until, said.get(one.command, ""))
        for one in spells
        if one.kind == CommandKind.PAUSE
    )
    return Turn(after, at, at, tuple(spells), tuple(pauses), blinds)


def _marks(journal: Journal) -> Iterator[_Mark]:
    for seq, body in journal.records(RecordKind.COMMAND_RESULT):
        result = decode(body, CommandResult)
        if result.state in {Progress.UNDER_WAY, Progress.DONE}:
            begins = result.state == Progress.UNDER_WAY
            yield _Mark(seq, result.command, begins, result.at.timestamp(), result.text)


def _deaf(journal: Journal) -> Iterator[_Mark]:
    """When the hub told that it cannot hear its sensors."""
    for seq, body in journal.records(RecordKind.ALERT):
        alert = decode(body, Alert)
        if alert.condition == Condition.HUB_DEAF and not alert.subject and alert.version == 1:
            yield _Mark(seq, "", begins=True, at=alert.updated_at.timestamp(), text="")


def _back(journal: Journal) -> Iterator[_Mark]:
    """When event time was set back."""
    for one in journal.set_backs():
        yield _Mark(one.after + 1, "", begins=True, at=one.line, text="", back=one)


def _switched(journal: Journal) -> Iterator[_Mark]:
    """When something else was switched off; of the first word nothing tells when it was."""
    for one in journal.switches()[1:]:
        yield _Mark(one.after + 1, "", begins=True, at=0.0, text="", switch=one)


def _as_meant(spell: Spell, mark: _Mark, time_zone: str) -> Spell:
    """A spell while it lasted: an absence may have been meant to go on for longer than it did."""
    if spell.kind != CommandKind.AWAY or not mark.text.startswith(NOBODY_UNTIL):
        return spell
    try:
        day = datetime.strptime(mark.text.removeprefix(NOBODY_UNTIL), " %d %B %Y.")  # noqa: DTZ007 - given a zone below
    except ValueError:
        return spell
    return spell._replace(until=day.replace(tzinfo=ZoneInfo(time_zone)).timestamp())


def _said(journal: Journal, mark: _Mark) -> str:
    """How the hub told a pause when it began; it may have been ended before what was said then."""
    rows = journal.rows(
        "select body from journal where kind = 'assessment' and seq > ? order by seq limit ?",
        mark.seq,
        _LOOKED_AT,
    )
    for (body,) in rows:
        one = decode(body, Assessment)
        blind = one.state == State.BLIND and one.at.timestamp() == mark.at
        if blind and one.reason.startswith(PAUSED_UNTIL):
            return one.reason
    return ""


def _events_before(journal: Journal, seq: int) -> int:
    ((count,),) = journal.rows("select count(*) from journal where kind = 'event' and seq < ?", seq)
    return int(count)
