"""A replay of the hub's own journal, read beside the running hub."""

from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial

from contract import RecordKind
from gateway.deafness import Gaps, gate_of
from gateway.detecting import detectors
from gateway.downlink.standing import Standing
from gateway.journal import Journal, JournalError
from gateway.replay.home_run import journal_engine
from gateway.replay.parallel import joined
from gateway.replay.share import DryRun, Outcome, Replay
from gateway.settings import Files, Settings

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
        standing = Standing(settings, journal)
        stands = standing.peek()
        gate = gate_of(standing.spells.pauses, Gaps(journal), stands.hub.time_zone)
        engine = partial(journal_engine, gate=gate)
        replay = Replay(lambda _home: stands.profile, detectors(), dry_run, engine)
        replay.read(files.journal, _lines(journal, progress))
    return joined([replay.outcome()])


def _lines(journal: Journal, progress: Callable[[float], None]) -> Iterator[bytes]:
    last = max(journal.last_seq, 1)
    for seq, body in journal.records(RecordKind.EVENT):
        if seq % _RECORDS_A_REPORT == 0:
            progress(min(seq / last, 1.0))
        yield body
    progress(1.0)
