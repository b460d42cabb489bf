"""What each command of the centre does: decided here, written by who takes it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from contract import (
    SEVERITY,
    Alert,
    Command,
    CommandKind,
    Condition,
    ContractError,
    Downlink,
    Kind,
    Message,
    Phase,
    Progress,
    WalkStep,
    decode,
    utc,
)
from contract.base import Part
from contract.downlink import (
    BODIES,
    LONGEST_ABSENCE_S,
    LONGEST_PAUSE_S,
    Away,
    DryRun,
    Pause,
    Relearn,
    WalkTest,
)
from gateway.downlink.overlay import overlay
from gateway.downlink.spells import NOBODY_UNTIL, Spells, day_before, day_of
from gateway.engine.alert_book import Key, alert_id
from gateway.journal import Journal
from gateway.journal.lasting import LONGEST_LESSON_S, Spell
from gateway.settings import Sensor, Settings

_SAID = {
    CommandKind.PAUSE: "Recording goes on.",
    CommandKind.AWAY: "The time away is over.",
    CommandKind.WALK_TEST: "The walk test is over.",
    CommandKind.RELEARN: "It was cut short: the hub began anew meanwhile. Ask again.",
}
_REPLACED = {
    CommandKind.PAUSE: "Replaced by another pause.",
    CommandKind.AWAY: "Replaced by another time away.",
    CommandKind.WALK_TEST: "Replaced by another walk test.",
    CommandKind.RELEARN: "Replaced: the hub learns something else anew.",
}
_MEASURES = frozenset({str(Kind.TEMPERATURE), str(Kind.HUMIDITY)})
TRIED = frozenset({"people", "budget", "risk", "outcomes", "rules", "unusual_day"})
"""Parts of a configuration that a dry run can change: those that detectors judge by."""
NEVER_TOO_LATE = frozenset({CommandKind.RESUME, CommandKind.BACK})
"""They end what else would last: a hub that was away for long takes them all the same."""


class Trial(NamedTuple):
    """What is to be worked out from the journal: what these settings would have raised."""

    command: str
    changed: Settings
    days: int


@dataclass(frozen=True, slots=True)
class Deed:
    """What came of a command, to be written in one transaction.

    Attributes:
        state, text, alert: As in :class:`contract.CommandResult`.
        records: What is told besides, before the result.
        begins, ends: What lasts from now on, and what does not any more.
        anew: The hub must begin anew with other settings.
        learns: What is to be learned anew from now on.
        tries: What is to be worked out; the result is told when it is.
    """

    state: Progress
    text: str = ""
    alert: str = ""
    records: Sequence[Message] = ()
    begins: Spell | None = None
    ends: list[Spell] = field(default_factory=list)
    anew: bool = False
    learns: Sequence[str] = ()
    tries: Trial | None = None


class _Asked(NamedTuple):
    """A command as it is done: with its body, and by the hub's clock."""

    command: Command
    body: Any
    now: float
    ahead: float  # of the hub's clock, before the centre's


class Deeds:
    """What a hub can be asked to do.

    Args:
        spells: What lasts.
        settings: Those it runs with.
        conditions: What it watches for.
        journal: Its journal.
    """

    def __init__(
        self, spells: Spells, settings: Settings, conditions: set[str], journal: Journal
    ) -> None:
        self._spells = spells
        self._settings = settings
        self._conditions = conditions
        self._journal = journal
        self._kinds: dict[str, Callable[[_Asked], Deed]] = {
            CommandKind.PAUSE: self._pause,
            CommandKind.RESUME: self._resume,
            CommandKind.AWAY: self._away,
            CommandKind.BACK: self._back,
            CommandKind.TEST: self._test,
            CommandKind.WALK_TEST: self._walk,
            CommandKind.RELEARN: self._relearn,
            CommandKind.DRY_RUN: self._try_out,
        }

    def of(self, command: Command, downlink: Downlink, now: float) -> Deed:
        """What comes of a command, at `now` by the hub's clock."""
        if command.expires_at <= downlink.at and command.kind not in NEVER_TOO_LATE:
            return Deed(Progress.EXPIRED, "It came too late to be begun.")
        do, form = self._kinds.get(command.kind), BODIES.get(command.kind)
        if do is None or form is None:
            return Deed(Progress.REFUSED, f"This hub knows no command {command.kind!r}.")
        try:
            body: Part = decode(bytes(command.body), form)
        except ContractError as error:
            return Deed(Progress.REFUSED, f"{error}.")
        return do(_Asked(command, body, now, now - downlink.at.timestamp()))

    def _pause(self, asked: _Asked) -> Deed:
        begins = _spell(asked, asked.body, LONGEST_PAUSE_S)
        if begins is None:
            return Deed(Progress.EXPIRED, "The pause was over before it began.")
        ends = self._ended(asked.now, CommandKind.PAUSE, CommandKind.WALK_TEST)
        text = "Recording is paused. A call for help is still passed on."
        return Deed(Progress.UNDER_WAY, text, begins=begins, ends=ends, anew=True)

    def _resume(self, asked: _Asked) -> Deed:
        ends = self._ended(asked.now, CommandKind.PAUSE)
        text = "Recording goes on." if ends else "Recording was not paused."
        return Deed(Progress.DONE, text, ends=ends, anew=bool(ends))

    def _away(self, asked: _Asked) -> Deed:
        begins = _spell(asked, asked.body, LONGEST_ABSENCE_S)
        if begins is None:
            return Deed(Progress.EXPIRED, "The time away was over before it began.")
        ends = self._ended(asked.now, CommandKind.AWAY)
        text = f"{NOBODY_UNTIL} {day_of(begins.until, self._settings.hub.time_zone):%d %B %Y}."
        return Deed(Progress.UNDER_WAY, text, begins=begins, ends=ends, anew=True)

    def _back(self, asked: _Asked) -> Deed:
        until = day_before(asked.now, self._settings.hub.time_zone)
        ends = [one._replace(until=until) for one in self._ended(asked.now, CommandKind.AWAY)]
        text = "Somebody is at home again." if ends else "Nobody was away."
        return Deed(Progress.DONE, text, ends=ends, anew=bool(ends))

    def _test(self, asked: _Asked) -> Deed:
        home, at = self._settings.hub.home, utc(asked.now)
        key = Key(Condition.TEST_ALERT, asked.command.id)
        alert = Alert(
            id=alert_id(home, key, at),
            home=home,
            condition=key.condition,
            subject=key.subject,
            severity=SEVERITY[Condition.TEST_ALERT],
            raised_at=at,
            updated_at=at,
            phase=Phase.CLEARED,  # nothing goes on that could end
            text="A test, asked for by the centre. Nobody needs help.",
            prompt="Resolve it as a test.",
        )
        return Deed(Progress.DONE, "A test alert was raised.", alert=alert.id, records=[alert])

    def _walk(self, asked: _Asked) -> Deed:
        body: WalkTest = asked.body
        if self._spells.now(CommandKind.PAUSE):
            return Deed(Progress.REFUSED, "Recording is paused; resume it first.")
        until = asked.now + body.minutes * 60
        begins = Spell(asked.command.id, asked.command.kind, asked.now, until)
        ends = self._ended(asked.now, CommandKind.WALK_TEST)
        return Deed(Progress.UNDER_WAY, "Set off each sensor.", begins=begins, ends=ends)

    def _relearn(self, asked: _Asked) -> Deed:
        body: Relearn = asked.body
        if strange := [one for one in body.conditions if one not in self._conditions]:
            return Deed(Progress.REFUSED, f"This hub does not watch for {strange[0]!r}.")
        begins = Spell(
            asked.command.id, asked.command.kind, asked.now, asked.now + LONGEST_LESSON_S
        )
        ends = self._ended(asked.now, CommandKind.RELEARN)
        text = f"Learning {', '.join(body.conditions)} from the journal."
        return Deed(Progress.UNDER_WAY, text, begins=begins, ends=ends, learns=body.conditions)

    def _try_out(self, asked: _Asked) -> Deed:
        body: DryRun = asked.body
        found = overlay(self._settings, body.change)
        if found.settings is None:
            return Deed(Progress.REFUSED, f"{found.reason}.")
        if found.ignored:
            return Deed(Progress.REFUSED, f"This hub does not know {found.ignored[0]}.")
        if strange := sorted(found.parts - TRIED):
            return Deed(Progress.REFUSED, f"A dry run cannot change {strange[0]}.")
        if found.settings.profile == self._settings.profile:
            return Deed(Progress.REFUSED, "It would change nothing: so this home is set already.")
        trial = Trial(asked.command.id, found.settings, body.days)
        return Deed(Progress.UNDER_WAY, tries=trial)

    def _ended(self, now: float, *kinds: str) -> list[Spell]:
        lasting = (self._spells.now(kind) for kind in kinds)
        return [one._replace(until=min(one.until, now)) for one in lasting if one is not None]

    def farewell(self, spell: Spell, by: Spell | None = None) -> Deed:
        """What is said of a thing that is over; because of another one that begins, or without."""
        kind = CommandKind(spell.kind)
        replaced = by is not None and by.kind == kind
        text = _REPLACED[kind] if replaced else _SAID[kind]
        if kind is CommandKind.WALK_TEST:
            text = f"{text} {self._walked(spell)}"
        cut = kind is CommandKind.RELEARN
        return Deed(Progress.REFUSED if cut else Progress.DONE, text)

    def _walked(self, spell: Spell) -> str:
        """Which sensors were heard in a walk test, and which were not.

        That a detector told how warm it is does not show that it sees anybody.
        """
        heard = {(step.event.sensor, str(step.event.kind)) for step in self._steps(spell)}
        fitted = _set_off(self._settings.sensors)
        missed = []
        for name, kinds in sorted(fitted.items()):
            if silent := sorted(kind for kind in kinds if (name, kind) not in heard):
                part = f" ({', '.join(silent)})" if len(silent) < len(kinds) else ""
                missed.append(f"{name}{part}")
        said = f"{len(fitted) - len(missed)} of {len(fitted)} sensors were heard"
        return f"{said}; not heard: {', '.join(missed)}." if missed else f"{said}."

    def _steps(self, spell: Spell) -> list[WalkStep]:
        rows = self._journal.rows(
            "select body from journal where kind = 'walk_step' and written_at >= ?", spell.since
        )
        steps = (decode(body, WalkStep) for (body,) in rows)
        return [one for one in steps if one.command == spell.command]


def _set_off(sensors: Sequence[Sensor]) -> dict[str, set[str]]:
    """With each sensor its kinds that somebody can set off; all, of one that only measures."""
    fitted: dict[str, set[str]] = {}
    for one in sensors:
        if str(one.kind) != Kind.LINK:
            fitted.setdefault(one.name, set()).add(str(one.kind))
    return {name: kinds - _MEASURES or kinds for name, kinds in fitted.items()}


def _spell(asked: _Asked, body: Pause | Away, longest: float) -> Spell | None:
    """What lasts until the centre's `until`, by the hub's clock; None where that is over."""
    until = min(body.until.timestamp() + asked.ahead, asked.now + longest)
    if until <= asked.now:
        return None
    since = utc(asked.now).timestamp()  # answers are dated to the millisecond too
    return Spell(asked.command.id, asked.command.kind, since, until)
