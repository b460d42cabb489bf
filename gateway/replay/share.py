"""One process's share of a replay: some of the homes, from the first line to the last."""

import os
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import IO, NamedTuple, Protocol

import msgspec

from contract import Alert, Assessment, SensorEvent, encode
from contract.recordings import BadLine, open_recording, read_recording
from detectors.profile import HomeProfile
from gateway.engine import DetectorFactory, Engine, Fault, OrderingEngine
from gateway.replay.comparison import Comparison
from gateway.replay.home_run import HomeRun, MakeRun, recorded
from gateway.replay.homes import ProfileOf
from gateway.replay.what_if import Trial

MakeEngine = Callable[
    [HomeProfile, Sequence[DetectorFactory], Callable[[Fault], None]], Engine | OrderingEngine
]
_LINES_A_REPORT = 20_000
_PORTION = 8192
"""Events that are read before they are dealt out: one home after another is quicker for a processor
than all of them by turns."""


class Line(NamedTuple):
    """One line of output and where it belongs: its time, home, condition, subject, and its turn."""

    at: datetime
    home: str
    condition: str
    subject: str
    turn: int
    text: bytes


class Refused(NamedTuple):
    """A line of a recording that is no event."""

    path: str
    number: int
    reason: str
    line: bytes


@dataclass(slots=True)
class Outcome:
    """What a share of a replay came to.

    Attributes:
        events: Events read, late ones included.
        homes: How many homes they came from.
        late: Events that came too far out of order to be detected upon.
        faults: Detectors that failed and were replaced, by condition.
        alerts: The last version of each alert.
        assessments: Each assessment.
        refused: Each line that was no event.
        comparisons: What a dry run found of each home that it changes.
        untouched: The homes that it does not change.
        remarks: What else whoever reads it has to know.
    """

    events: int = 0
    homes: int = 0
    late: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    alerts: list[Line] = field(default_factory=list)
    assessments: list[Line] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    comparisons: list[Comparison] = field(default_factory=list)
    untouched: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Share:
    """Which homes a process takes: every `of`-th in order of appearance, from `index` (0-based)."""

    index: int = 0
    of: int = 1


class _Head(msgspec.Struct):
    home: str


class _Run(Protocol):
    """One home in the course of a replay."""

    def take(self, events: Sequence[SensorEvent]) -> int:
        """Takes some events in; how many of them came too late."""
        ...


@dataclass(frozen=True, slots=True)
class DryRun:
    """Asks what a change would have made of the last days.

    Attributes:
        changes: Makes the changed profile out of a home's own; an equal one where nothing changes.
        days: How many are counted, back from each home's last event.
    """

    changes: Callable[[HomeProfile], HomeProfile]
    days: int


class _Untouched:
    """A home that a dry run does not change, and so need not go through."""

    def take(self, events: Sequence[SensorEvent]) -> int:
        del events
        return 0


class Replay:
    """Runs one engine for each home over the lines of recordings; of a dry run two.

    Args:
        profile_of: Gives the profile of each home.
        detectors: What to run over each home.
        dry_run: What to change; None to replay each home as it is.
        make_engine: Makes the engine of a home, where none is changed.
        make_run: Makes the course of a home, where it is another than a recording's.
    """

    def __init__(
        self,
        profile_of: ProfileOf,
        detectors: Sequence[DetectorFactory],
        dry_run: DryRun | None = None,
        make_engine: MakeEngine = Engine,
        make_run: MakeRun | None = None,
    ) -> None:
        self._profile_of = profile_of
        self._detectors = detectors
        self._dry_run = dry_run
        self._make_engine = make_engine
        self._make_run = make_run
        self._runs: dict[str, _Run] = {}
        self._outcome = Outcome()

    def read(self, path: Path, lines: Iterable[bytes]) -> None:
        """Goes through one recording. Lines that are no events are set aside."""
        items = read_recording(lines)
        while portion := list(islice(items, _PORTION)):
            by_home: dict[str, list[SensorEvent]] = {}
            for item in portion:
                if isinstance(item, BadLine):
                    self.refuse(Refused(str(path), item.number, item.reason, item.line))
                elif item.home in by_home:
                    by_home[item.home].append(item)
                else:
                    by_home[item.home] = [item]
            for home, events in by_home.items():
                run = self._runs.get(home) or self._begin(home)
                self._outcome.events += len(events)
                self._outcome.late += run.take(events)

    def refuse(self, refused: Refused) -> None:
        """Sets aside what is no event."""
        self._outcome.refused.append(refused)

    def outcome(self) -> Outcome:
        """What it came to."""
        self._outcome.homes = len(self._runs)
        for home, run in self._runs.items():
            self._tell(home, run)
        return self._outcome

    def _tell(self, home: str, run: _Run) -> None:
        if isinstance(run, HomeRun):
            run.finish()
            self._outcome.alerts += _alert_lines(run.alerts.values())
        elif isinstance(run, Trial) and self._dry_run:
            self._outcome.comparisons.append(run.comparison(self._dry_run.days))
        else:
            self._outcome.untouched.append(home)

    def _begin(self, home: str) -> _Run:
        run = self._runs[home] = self._run_of(self._profile_of(home))
        return run

    def _run_of(self, profile: HomeProfile) -> _Run:
        if self._dry_run is None and self._make_run is not None:
            return self._make_run(
                profile, self._detectors, self._count_fault, self._note_assessment
            )
        if self._dry_run is None:
            engine = self._make_engine(profile, self._detectors, self._count_fault)
            return HomeRun(engine, self._note_assessment)
        changed = self._dry_run.changes(profile)
        if changed == profile:
            return _Untouched()
        make_run = self._make_run or recorded
        return Trial(profile, changed, self._detectors, self._count_fault, make_run)

    def _note_assessment(self, one: Assessment) -> None:
        """Writes it down at once: as an object it would take several times the memory."""
        assessments = self._outcome.assessments
        turn = len(assessments)
        assessments.append(Line(one.at, one.home, one.condition, one.subject, turn, encode(one)))

    def _count_fault(self, fault: Fault) -> None:
        self._outcome.faults[fault.condition] += 1


@dataclass(frozen=True, slots=True)
class Task:
    """What to replay.

    Attributes:
        paths: The recordings, in the order they are read; per home they go on from one another.
        profile_of: Gives the profile of each home.
        detectors: What to run over each home.
        dry_run: What to change; None to replay each home as it is.
    """

    paths: Sequence[Path]
    profile_of: ProfileOf
    detectors: Sequence[DetectorFactory]
    dry_run: DryRun | None = None


def replay_share(task: Task, share: Share, progress: Callable[[int], None]) -> Outcome:
    """Replays one share of the homes of some recordings, read in the order given.

    Args:
        task: What to replay.
        share: Which of the homes.
        progress: Told now and then how many bytes have been read, of all recordings together.
    """
    replay = Replay(task.profile_of, task.detectors, task.dry_run)
    homes = Homes(share)
    read_before = 0
    for path in task.paths:
        with open_recording(path) as stream:
            lines = Lines(stream, lambda now, before=read_before: progress(before + now))  # type: ignore[misc] # mypy cannot infer a lambda's default
            replay.read(path, homes.only_mine(lines))
        if lines.broken and share.index == 0:
            replay.refuse(Refused(str(path), lines.number + 1, lines.broken, b""))
        read_before += path.stat().st_size
        progress(read_before)
    return replay.outcome()


class Lines:
    """The lines of a recording, as far as they can be read.

    Attributes:
        number: How many lines there were so far.
        broken: Why nothing could be read beyond them; empty where the recording ended well.
    """

    def __init__(self, stream: IO[bytes], progress: Callable[[int], None]) -> None:
        self._stream = stream
        self._progress = progress
        self.number = 0
        self.broken = ""

    def __iter__(self) -> Iterator[bytes]:
        try:
            for number, line in enumerate(self._stream, start=1):
                self.number = number
                if number % _LINES_A_REPORT == 0:
                    self._progress(os.lseek(self._stream.fileno(), 0, os.SEEK_CUR))
                yield line
        except (EOFError, OSError, zlib.error) as error:  # cut short, no gzip, or damaged
            self.broken = f"cannot be read from here on: {error}"


class Homes:
    """Tells the homes of a share from those of others by the order in which they appear."""

    def __init__(self, share: Share) -> None:
        self._share = share
        self._mine: dict[str, bool] = {}
        self._head = msgspec.json.Decoder(_Head)

    def only_mine(self, lines: Iterable[bytes]) -> Iterable[bytes]:
        """The lines of the share's homes; the place of every other line is kept by a blank one."""
        if self._share.of == 1:
            return lines
        return (line if self._is_mine(line) else b"\n" for line in lines)

    def _is_mine(self, line: bytes) -> bool:
        try:
            home = self._head.decode(line).home
        except (msgspec.DecodeError, UnicodeDecodeError):
            return self._share.index == 0  # one of all has to say what is wrong with it
        mine = self._mine.get(home)
        if mine is None:
            mine = self._mine[home] = len(self._mine) % self._share.of == self._share.index
        return mine


def _alert_lines(alerts: Iterable[Alert]) -> list[Line]:
    return [
        Line(one.raised_at, one.home, one.condition, one.subject, turn, encode(one))
        for turn, one in enumerate(alerts)
    ]
