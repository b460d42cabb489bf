"""A replay of the hub's own journal, read beside the running hub."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from itertools import islice

import msgspec

from contract import RecordKind, SensorEvent, decode
from detectors.profile import HomeProfile
from gateway.detecting import detectors
from gateway.downlink.spells import days_of
from gateway.downlink.standing import Standing
from gateway.engine import DetectorFactory, OrderingEngine
from gateway.engine.switched_off import with_off
from gateway.journal import Journal, JournalError
from gateway.replay.home_run import Assessed, OnFault
from gateway.replay.journal_run import JournalRun
from gateway.replay.new_starts import Turn, turns
from gateway.replay.parallel import joined
from gateway.replay.share import DryRun, Outcome, Replay
from gateway.replay.since import since
from gateway.settings import Files, Settings
from gateway.watch.deafness import Gaps, gate_of

_RECORDS_A_REPORT = 20_000


def replay_journal(
    settings: Settings,
    files: Files,
    dry_run: DryRun | None,
    progress: Callable[[float], None],
) -> Outcome:
    """Replays all events of the journal, from the first.

    Args:
        settings: The hub's own file; with what the centre has set they say what is known of its
            home.
        files: Where its journal is.
        dry_run: What to change; None to replay the home as it is.
        progress: Told how much has been read, from 0 to 1.

    Raises:
        JournalError: There is none, it cannot be read, or it is another home's.
    """
    with closing(Journal.open_read_only(files.journal)) as journal:
        if journal.identity.home != settings.hub.home:
            raise JournalError(
                f"{files.journal}: is the journal of home {journal.identity.home!r}, but the "
                f"settings say home {settings.hub.home!r}; name the settings of that hub"
            )
        life = Life(settings, journal)
        replay = Replay(lambda _home: life.profile, detectors(), dry_run, make_run=life.run)
        replay.read(files.journal, _lines(journal, progress))
        remarks = list(since(journal, settings.hub.time_zone))
        outcome = joined([replay.outcome()])  # it may learn anew from the journal at the very end
    outcome.remarks = remarks
    return outcome


class Life:
    """What the hub of a journal went by, and when.

    Its settings are those of today; pauses, absences and what was switched off are those of each
    time.

    Args:
        settings: The hub's own file.
        journal: Its own, open.

    Attributes:
        profile: Of the home, as the hub has it now.
    """

    def __init__(self, settings: Settings, journal: Journal) -> None:
        self._journal = journal
        standing = Standing(settings, journal)
        self._stands = standing.peek().settings
        self.profile = self._stands.profile
        zone = self._stands.hub.time_zone
        said = len(self.profile.context) - len(standing.spells.known(zone))
        self._context = self.profile.context[:said]  # without what lasts or lasted
        self._gaps = Gaps(journal)
        self._turns = turns(journal, standing.spells.all, self._gaps.all, zone)
        memory = journal.engine_memory()
        self._driven = None if memory is None else memory.driven

    def run(
        self,
        profile: HomeProfile,
        factories: Sequence[DetectorFactory],
        on_fault: OnFault,
        assessed: Assessed,
    ) -> JournalRun:
        """The course of the home, under its own profile or a changed one."""
        window_s = self._stands.lag_s

        def engine(turn: Turn) -> OrderingEngine:
            then = self._then(profile, turn)
            off = self._stands.hub.off if turn.off is None else turn.off
            seen = gate_of(turn.pauses, self._gaps, then.time_zone, leaps=turn.leaps)
            gate = with_off(seen, off)
            return OrderingEngine(
                then, factories, on_fault, gate, window_s=window_s, leaps=turn.leaps
            )

        return JournalRun(engine, self._turns, window_s, self._driven, assessed, past=self._past)

    def _past(self, count: int) -> Iterator[tuple[int, SensorEvent]]:
        """The journal's first events, numbered."""
        for seq, body in islice(self._journal.records(RecordKind.EVENT), count):
            yield seq, decode(body, SensorEvent)

    def _then(self, profile: HomeProfile, turn: Turn) -> HomeProfile:
        """The profile with the pauses and absences that were known then."""
        if profile.context != self.profile.context:
            return profile  # the change names others
        known = days_of(turn.spells, profile.time_zone)
        return msgspec.structs.replace(profile, context=(*self._context, *known))


def _lines(journal: Journal, progress: Callable[[float], None]) -> Iterator[bytes]:
    last = max(journal.last_seq, 1)
    for seq, body in journal.records(RecordKind.EVENT):
        if seq % _RECORDS_A_REPORT == 0:
            progress(min(seq / last, 1.0))
        yield body
    progress(1.0)
