"""Does what the centre says, once, and says what came of it."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from contract import (
    SEVERITY,
    Alert,
    Applied,
    Command,
    CommandKind,
    CommandResult,
    Condition,
    Configuration,
    ContractError,
    Downlink,
    HomeSettings,
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
    Pause,
    Relearn,
    WalkTest,
    digest_of,
)
from gateway.downlink.book import Cursor, Kept, Spell
from gateway.downlink.overlay import overlay, trial
from gateway.downlink.spells import NOBODY_UNTIL, day_before, day_of
from gateway.downlink.standing import Effective, Standing
from gateway.engine.book import Key, alert_id
from gateway.engine_room import EngineRoom
from gateway.journal import Journal

_log = logging.getLogger(__name__)

_SAID = {
    CommandKind.PAUSE: "Recording goes on.",
    CommandKind.AWAY: "The time away is over.",
    CommandKind.WALK_TEST: "The walk test is over.",
}


JUMP_S = 5.0
"""A clock that is more than this off its own past was set, and did not just run unevenly."""


class DamagedError(Exception):
    """What came is not what the centre sent; it must be asked for again."""


@dataclass(frozen=True, slots=True)
class Deed:
    """What came of a command, to be written in one transaction.

    Attributes:
        state, text, alert: As in :class:`contract.CommandResult`.
        records: What is told besides, before the result.
        begins, ends: What lasts from now on, and what does not any more.
        anew: The hub must begin anew with other settings.
    """

    state: Progress
    text: str = ""
    alert: str = ""
    records: Sequence[Message] = ()
    begins: Spell | None = None
    ends: list[Spell] = field(default_factory=list)
    anew: bool = False


class _Asked(NamedTuple):
    """A command as it is done: with its body, and by the hub's clock."""

    command: Command
    body: Any
    now: float
    ahead: float  # of the hub's clock, before the centre's


class Orders:
    """What the centre asks of one hub.

    Args:
        standing: Its settings.
        effective: Those it runs with.
        room: Where its engine runs.
        journal: Its journal.
    """

    def __init__(
        self, standing: Standing, effective: Effective, room: EngineRoom, journal: Journal
    ) -> None:
        self._standing = standing
        self._settings = effective.settings
        self._room = room
        self._journal = journal
        self._ticked: tuple[float, float] | None = None
        self._kinds: dict[str, Callable[[_Asked], Deed]] = {
            CommandKind.PAUSE: self._pause,
            CommandKind.RESUME: self._resume,
            CommandKind.AWAY: self._away,
            CommandKind.BACK: self._back,
            CommandKind.TEST: self._test,
            CommandKind.WALK_TEST: self._walk,
            CommandKind.RELEARN: self._relearn,
        }

    @property
    def cursor(self) -> Cursor:
        """How far the hub has come."""
        return self._standing.book.cursor

    def take(self, downlink: Downlink, now: float) -> bool:
        """Takes what is new.

        Args:
            downlink: The centre's answer; what of it is known already is passed over.
            now: The hub's clock as it came.

        Returns:
            Whether the hub must begin anew with other settings.

        Raises:
            DamagedError: The configuration is not the one that was sent. Nothing of it is taken.
        """
        anew = False
        for command in sorted(downlink.commands, key=lambda one: one.number):
            anew = self._take_command(command, downlink, now) or anew
        if downlink.configuration is not None:
            anew = self._take_configuration(downlink.configuration, now) or anew
        return anew

    def tick(self, now: float, elapsed: float) -> bool:
        """Ends what is over; whether the hub must begin anew.

        Args:
            now: The hub's clock.
            elapsed: Seconds since the machine started. Where the two differ the first one was set,
                and what lasts lasts on for as long as was meant.
        """
        moved = self._follow_clock(now, elapsed)
        over = [one for one in self._standing.spells.all if not one.over and one.until <= now]
        if not over:
            return moved
        told = [self._result(one.command, self._farewell(one), now) for one in over]
        self._standing.book.end(over, told, now)
        self._standing.spells.load()
        return moved or any(one.kind != CommandKind.WALK_TEST for one in over)

    def _follow_clock(self, now: float, elapsed: float) -> bool:
        """Moves what lasts with a clock that was set; whether anything was moved."""
        before, self._ticked = self._ticked, (now, elapsed)
        if before is None:
            return False
        jump = (now - before[0]) - (elapsed - before[1])
        if abs(jump) < JUMP_S:
            return False
        # What began before the machine started, or later than the clock stood, was noted by an
        # earlier clock, and a right one: what was wrong is the one that woke up after a power cut.
        started = before[0] - before[1]
        lasting = [
            one
            for one in self._standing.spells.all
            if not one.over and started <= one.since <= before[0]
        ]
        if not lasting:
            return False
        _log.warning("the hub's clock was set by %+.0f s; what lasts is moved with it", jump)
        self._standing.book.move(lasting, jump, now)
        self._standing.spells.load()
        return True

    def announce(self, now: float) -> None:
        """Has a pause that has just begun told of everything that is watched for."""
        pause = self._standing.spells.now(CommandKind.PAUSE)
        if pause is not None and not pause.announced:
            self._room.blindfold(pause.since)
            self._standing.book.announced(pause, now)
            self._standing.spells.load()

    def _take_configuration(self, sent: Configuration, now: float) -> bool:
        if sent.version <= self.cursor.configuration:
            return False
        content = bytes(sent.content)
        if digest_of(content) != sent.digest:
            raise DamagedError(f"version {sent.version} of the configuration came damaged")
        standing = self._standing
        reason, ignored = self._objection(content)
        state = "refused" if reason else "trial"
        kept = Kept(sent.version, sent.digest, content, state, 0)
        told = [standing.report(kept, Applied.REFUSED, reason, ignored, now)] if reason else []
        standing.book.take_version(kept, told, now)
        if reason:
            _log.warning("version %d of the configuration is refused: %s", sent.version, reason)
        else:
            _log.info("version %d of the configuration is taken", sent.version)
        return not reason

    def _objection(self, content: bytes) -> tuple[str, tuple[str, ...]]:
        """Why a content will not do, or ""; and what of it is not known here."""
        try:
            found = overlay(self._standing.base, decode(content, HomeSettings))
        except ContractError as error:
            return str(error), ()
        if found.settings is None:
            return found.reason, found.ignored
        memory = self._journal.engine_memory()
        return trial(found.settings, memory and memory.checkpoint), found.ignored

    def _take_command(self, command: Command, downlink: Downlink, now: float) -> bool:
        book = self._standing.book
        if command.number <= book.cursor.commands:
            return False
        if book.has(command.id):
            book.take_command(command.id, command.number, (), now)
            return False
        deed = self._deed(command, downlink, now)
        told = [*deed.records, self._result(command.id, deed, now)]
        ended = [self._result(one.command, self._farewell(one), now) for one in deed.ends]
        book.take_command(
            command.id, command.number, [*ended, *told], now, begins=deed.begins, ends=deed.ends
        )
        self._standing.spells.load()
        _log.info("the centre's command %s: %s %s", command.kind, deed.state, deed.text)
        return deed.anew

    def _deed(self, command: Command, downlink: Downlink, now: float) -> Deed:
        if command.expires_at <= downlink.at:
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
        if self._standing.spells.now(CommandKind.PAUSE):
            return Deed(Progress.REFUSED, "Recording is paused; resume it first.")
        until = asked.now + body.minutes * 60
        begins = Spell(asked.command.id, asked.command.kind, asked.now, until)
        ends = self._ended(asked.now, CommandKind.WALK_TEST)
        return Deed(Progress.UNDER_WAY, "Set off each sensor.", begins=begins, ends=ends)

    def _relearn(self, asked: _Asked) -> Deed:
        body: Relearn = asked.body
        known = self._room.conditions
        if strange := [one for one in body.conditions if one not in known]:
            return Deed(Progress.REFUSED, f"This hub does not watch for {strange[0]!r}.")
        self._room.relearn(body.conditions)
        return Deed(Progress.DONE, f"Learned anew: {', '.join(body.conditions)}.")

    def _ended(self, now: float, *kinds: str) -> list[Spell]:
        lasting = (self._standing.spells.now(kind) for kind in kinds)
        return [one._replace(until=min(one.until, now)) for one in lasting if one is not None]

    def _farewell(self, spell: Spell) -> Deed:
        text = _SAID[CommandKind(spell.kind)]
        if spell.kind == CommandKind.WALK_TEST:
            text = f"{text} {self._walked(spell)}"
        return Deed(Progress.DONE, text)

    def _walked(self, spell: Spell) -> str:
        """Which sensors were heard in a walk test, and which were not."""
        heard = {step.event.sensor for step in self._steps(spell)}
        fitted = {one.name for one in self._settings.sensors if str(one.kind) != Kind.LINK}
        silent = sorted(fitted - heard)
        said = f"{len(fitted) - len(silent)} of {len(fitted)} sensors were heard"
        return f"{said}; not heard: {', '.join(silent)}." if silent else f"{said}."

    def _steps(self, spell: Spell) -> list[WalkStep]:
        rows = self._journal.rows(
            "select body from journal where kind = 'walk_step' and written_at >= ?", spell.since
        )
        steps = (decode(body, WalkStep) for (body,) in rows)
        return [one for one in steps if one.command == spell.command]

    def _result(self, command: str, deed: Deed, now: float) -> CommandResult:
        hub = self._settings.hub
        return CommandResult(
            hub=hub.id,
            home=hub.home,
            at=utc(now),
            command=command,
            state=deed.state,
            text=deed.text,
            alert=deed.alert,
        )


def _spell(asked: _Asked, body: Pause | Away, longest: float) -> Spell | None:
    """What lasts until the centre's `until`, by the hub's clock; None where that is over."""
    until = min(body.until.timestamp() + asked.ahead, asked.now + longest)
    if until <= asked.now:
        return None
    since = utc(asked.now).timestamp()  # answers are dated to the millisecond too
    return Spell(asked.command.id, asked.command.kind, since, until)
