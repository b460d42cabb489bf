"""One process's share of a replay: some of the homes, from the first line to the last."""

import os
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import IO, NamedTuple

import msgspec

from contract import Alert, Assessment, SensorEvent, encode
from contract.recordings import BadLine, open_recording, read_recording
from gateway.engine import LAG_S, DetectorFactory, Engine, Fault, Watermark
from gateway.replay.homes import ProfileOf

DISORDER_S = 3600.0 + LAG_S
"""How far an event may trail the newest one of its home and still count.

A hub's own journal stands in the order in which the hub learned things, a boil after what happened
in the meantime; what came too late for the hub is marked so there. More than any hub allows.
"""

_LINES_A_REPORT = 20_000


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
    """

    events: int = 0
    homes: int = 0
    late: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    alerts: list[Line] = field(default_factory=list)
    assessments: list[Line] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Share:
    """Which homes a process takes: every `of`-th in order of appearance, from `index` (0-based)."""

    index: int = 0
    of: int = 1


class _Head(msgspec.Struct):
    home: str


class _HomeRun:
    """One home in the course of a replay."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.watermark = Watermark(DISORDER_S)
        self.alerts: dict[str, Alert] = {}
        self.assessments: list[Assessment] = []

    def take(self, event: SensorEvent) -> bool:
        """Shows the engine one event; False where it came too late for that."""
        if not self.watermark.admit(event.at.timestamp()):
            return False
        for output in self.engine.process(event):
            if isinstance(output, Alert):
                self.alerts[output.id] = output
            else:
                self.assessments.append(output)
        return True


class Replay:
    """Runs one engine for each home over the lines of recordings."""

    def __init__(self, profile_of: ProfileOf, detectors: Sequence[DetectorFactory]) -> None:
        self._profile_of = profile_of
        self._detectors = detectors
        self._runs: dict[str, _HomeRun] = {}
        self._outcome = Outcome()

    def read(self, path: Path, lines: Iterable[bytes]) -> None:
        """Goes through one recording. Lines that are no events are set aside."""
        runs, outcome = self._runs, self._outcome
        for item in read_recording(lines):
            if isinstance(item, BadLine):
                self.refuse(Refused(str(path), item.number, item.reason, item.line))
                continue
            run = runs.get(item.home) or self._begin(item.home)
            outcome.events += 1
            if not run.take(item):
                outcome.late += 1

    def refuse(self, refused: Refused) -> None:
        """Sets aside what is no event."""
        self._outcome.refused.append(refused)

    def outcome(self) -> Outcome:
        """What it came to."""
        self._outcome.homes = len(self._runs)
        for run in self._runs.values():
            self._outcome.alerts += _alert_lines(run.alerts.values())
            self._outcome.assessments += _assessment_lines(run.assessments)
        return self._outcome

    def _begin(self, home: str) -> _HomeRun:
        run = _HomeRun(Engine(self._profile_of(home), self._detectors, self._count_fault))
        self._runs[home] = run
        return run

    def _count_fault(self, fault: Fault) -> None:
        self._outcome.faults[fault.condition] += 1


def replay_share(
    paths: Sequence[Path],
    share: Share,
    profile_of: ProfileOf,
    detectors: Sequence[DetectorFactory],
    progress: Callable[[int], None],
) -> Outcome:
    """Replays one share of the homes of some recordings, read in the order given.

    Args:
        paths: The recordings.
        share: Which of the homes.
        profile_of: Gives the profile of each home.
        detectors: What to run over each home.
        progress: Told now and then how many bytes have been read, of all recordings together.
    """
    replay = Replay(profile_of, detectors)
    homes = Homes(share)
    read_before = 0
    for path in paths:
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


def _assessment_lines(assessments: Iterable[Assessment]) -> list[Line]:
    return [
        Line(one.at, one.home, one.condition, one.subject, turn, encode(one))
        for turn, one in enumerate(assessments)
    ]
