"""Does what the centre says, once, and says what came of it."""

import logging
import sqlite3
from collections.abc import Iterator, Sequence

import msgspec

from contract import (
    Applied,
    Command,
    CommandKind,
    CommandResult,
    Configuration,
    ContractError,
    Downlink,
    HomeSettings,
    Progress,
    decode,
    utc,
)
from contract.downlink import digest_of
from gateway.clock.clock import FLOOR
from gateway.downlink.book import Cursor, Kept
from gateway.downlink.deeds import Deed, Deeds, Trial
from gateway.downlink.help_buttons import no_longer_heard, objection
from gateway.downlink.overlay import DEAF, overlay, trial
from gateway.downlink.standing import Effective, Standing
from gateway.downlink.trying import Found
from gateway.engine_room import EngineRoom
from gateway.journal import Journal
from gateway.journal.lasting import Spell

_log = logging.getLogger(__name__)

_APART = frozenset({CommandKind.WALK_TEST, CommandKind.RELEARN})
"""What is over without the settings being others."""
_OVER = object()
BUSY = "The hub works out another dry run; ask again when that is answered."
JUMP_S = 5.0
"""A clock that is more than this off its own past was set, and did not just run unevenly."""


class GarbledError(Exception):
    """What came is not what the centre sent; it must be asked for again."""


class Orders:
    """What the centre asks of one hub.

    Args:
        standing: Its settings.
        effective: Those it runs with.
        room: Where its engine runs.
        journal: Its journal.

    Attributes:
        trial: What is to be worked out from the journal, or is.
    """

    def __init__(
        self, standing: Standing, effective: Effective, room: EngineRoom, journal: Journal
    ) -> None:
        self._standing = standing
        self._settings = effective.settings
        self._room = room
        self._journal = journal
        self._ticked: tuple[float, float] | None = None
        self._deeds = Deeds(standing.spells, effective.settings, room.conditions, journal)
        self._lesson: tuple[Spell, Sequence[str], Iterator[None]] | None = None
        self.trial: Trial | None = None

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
            GarbledError: The configuration is not the one that was sent. Nothing of it is taken.
        """
        anew = False
        for command in sorted(downlink.commands, key=lambda one: one.number):
            anew = self._take_command(command, downlink, now) or anew
        if downlink.configuration is not None:
            anew = self._take_configuration(downlink.configuration, now) or anew
        return anew

    def tick(self, now: float, elapsed: float, *, sure: bool = True) -> bool:
        """Ends what is over; whether the hub must begin anew.

        Args:
            now: The hub's clock.
            elapsed: Seconds since the machine started. Where the two differ the first one was set,
                and what lasts lasts on for as long as was meant.
            sure: Whether the hub knows what time it is.
        """
        if self._standing.spells.damaged and self._standing.mend(now):
            return True
        moved = self._follow_clock(now, elapsed)
        if sure and now >= FLOOR:
            moved = self._bring_back(now) or moved
        over = [one for one in self._standing.spells.all if not one.over and one.until <= now]
        if not over:
            return moved
        told = [self._result(one.command, self._deeds.farewell(one), now) for one in over]
        self._standing.book.end(over, told, now)
        self._standing.spells.load()
        if self._lesson is not None and self._lesson[0] in over:
            self._lesson = None  # it took too long
        return moved or any(one.kind not in _APART for one in over)

    def learn(self, now: float) -> bool:
        """Learns a little of what is to be learned anew; whether there is more.

        Between two portions messages are heard and judged as ever.
        """
        if self._lesson is None:
            return False
        spell, conditions, lesson = self._lesson
        try:
            if next(lesson, _OVER) is not _OVER:
                return True
        except sqlite3.OperationalError:  # it begins again
            self._lesson = (spell, conditions, self._room.relearning(conditions))
            raise
        over = spell._replace(until=now)
        done = Deed(Progress.DONE, f"Learned anew: {', '.join(conditions)}.")
        self._standing.book.end([over], [self._result(spell.command, done, now)], now)
        self._standing.spells.load()
        self._lesson = None
        return False

    def tried(self, trial: Trial, found: Found, now: float) -> None:
        """Tells what came of a dry run."""
        self.trial = None
        result = self._result(trial.command, Deed(found.state, found.text), now)
        told = msgspec.structs.replace(result, answer=found.answer)
        self._journal.write_together([told], lambda _: None, now)

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

    def _bring_back(self, now: float) -> bool:
        """Has what lasts begin no later than now; whether anything was moved.

        A clock that stood ahead had noted it, and the machine was started anew since, or the hub
        was: else it would have been moved with the clock. It lasts on for what was left of it when
        the hub last heard anything; where that is not known, for as long as was asked.
        """
        ahead = [
            one for one in self._standing.spells.all if not one.over and one.since > now + JUMP_S
        ]
        heard = self._journal.clock().received
        for one in ahead:
            known = heard is not None and one.since <= heard <= one.until
            by = now - (heard if known and heard is not None else one.since)
            _log.warning("the hub's clock had stood ahead: what lasts is moved by %+.0f s", by)
            self._standing.book.move([one], by, now)
        if ahead:
            self._standing.spells.load()
        return bool(ahead)

    def announce(self, now: float) -> None:
        """Has a pause that has just begun told of everything that is watched for.

        What was being learned when the hub ended is not begun again: it might end it again.
        """
        cut = self._standing.spells.now(CommandKind.RELEARN)
        if cut is not None and self._lesson is None:
            ended = cut._replace(until=min(cut.until, now))
            told = self._result(cut.command, self._deeds.farewell(cut), now)
            self._standing.book.end([ended], [told], now)
            self._standing.spells.load()
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
            raise GarbledError(f"version {sent.version} of the configuration came damaged")
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
        if self._settings.sensors and not found.settings.sensors:  # the centre's own of before
            return DEAF, found.ignored
        # By what it listens to, not by its file: who passes one over already takes other words.
        lost = no_longer_heard(self._settings.sensors, found.settings.sensors, found.removed)
        if lost:
            return objection(lost), found.ignored
        memory = self._journal.engine_memory()
        checkpoint = memory and memory.checkpoint
        return trial(found.settings, checkpoint, self._settings), found.ignored

    def _take_command(self, command: Command, downlink: Downlink, now: float) -> bool:
        book = self._standing.book
        if command.number <= book.cursor.commands:
            return False
        if book.has(command.id):
            book.take_command(command.id, command.number, (), now)
            return False
        deed = self._deeds.of(command, downlink, now)
        if deed.tries is not None and self.trial is not None:
            deed = Deed(Progress.REFUSED, BUSY)
        # Of a dry run nothing is told before its answer: a word that it goes on would stand for
        # good where the power goes meanwhile.
        said = [] if deed.tries is not None else [self._result(command.id, deed, now)]
        told = [*deed.records, *said]
        ended = [
            self._result(one.command, self._deeds.farewell(one, deed.begins), now)
            for one in deed.ends
        ]
        book.take_command(
            command.id, command.number, [*ended, *told], now, begins=deed.begins, ends=deed.ends
        )
        self.trial = deed.tries or self.trial  # once it is on the card: else it comes again
        self._standing.spells.load()
        if deed.learns and deed.begins is not None:
            self._lesson = (deed.begins, deed.learns, self._room.relearning(deed.learns))
        _log.info("the centre's command %s: %s %s", command.kind, deed.state, deed.text)
        return deed.anew

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
