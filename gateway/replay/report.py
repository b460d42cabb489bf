"""What a replay leaves behind: its files, and a few lines for whoever asked for it."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import msgspec

from gateway.replay.comparison import Comparison
from gateway.replay.share import Line, Outcome, Refused

_SHOWN = 5


def write_lines(path: Path, lines: Sequence[Line]) -> None:
    """Writes one message per line."""
    _write(path, (line.text for line in lines))


def write_matches(path: Path, comparisons: Sequence[Comparison]) -> None:
    """Writes what a dry run found, one JSON object for each alert of either profile."""
    _write(path, (line for one in comparisons for line in one.lines()))


def write_refused(path: Path, refused: Sequence[Refused]) -> None:
    """Writes what was refused, with where it stood and why, one JSON object per line."""
    _write(
        path,
        (
            msgspec.json.encode(
                {
                    "file": one.path,
                    "line": one.number,
                    "reason": one.reason,
                    "text": one.line.decode("utf-8", "backslashreplace").rstrip("\n"),
                }
            )
            for one in refused
        ),
    )


def summary(outcome: Outcome, seconds: float) -> str:
    """One line with what was done and how fast."""
    rate = outcome.events / seconds if seconds > 0 else 0.0
    done = (
        f"{outcome.events:,} events of {outcome.homes:,} {_plural('home', outcome.homes)} "
        f"in {seconds:.1f} s: {rate:,.0f} events per second"
    )
    if outcome.comparisons or outcome.untouched:
        return done
    return (
        f"{done}; {len(outcome.alerts):,} {_plural('alert', len(outcome.alerts))}, "
        f"{len(outcome.assessments):,} {_plural('assessment', len(outcome.assessments))}"
    )


def remarks(
    outcome: Outcome, refused_path: Path | None, *, of_journal: bool = False
) -> Iterator[str]:
    """What the reader should know besides: refused lines, late events, detectors that failed.

    Args:
        outcome: Of the replay.
        refused_path: Where refused lines are kept.
        of_journal: Whether it was a hub's journal, and no recording that somebody could sort.
    """
    yield from outcome.remarks
    if outcome.refused:
        kept = f"; all are in {refused_path}" if refused_path else "; --refused FILE keeps them"
        yield f"{len(outcome.refused):,} {_plural('line', len(outcome.refused))} refused{kept}"
        for one in outcome.refused[:_SHOWN]:
            yield f"  {one.path}:{one.number}: {one.reason}"
        if len(outcome.refused) > _SHOWN:
            yield f"  and {len(outcome.refused) - _SHOWN:,} more"
    if outcome.late:
        events = f"{outcome.late:,} {_plural('event', outcome.late)}"
        if of_journal:
            yield f"{events} came too late to the hub to be detected upon, and so it is here"
        else:
            yield (
                f"{events} came too far out of order to be detected upon; sort each home's events "
                "by time"
            )
    for condition, times in sorted(outcome.faults.items()):
        yield f"the detector for {condition} failed {times:,} times and began afresh each time"


def _plural(word: str, count: int) -> str:
    return word if count == 1 else f"{word}s"


def _write(path: Path, lines: Iterable[bytes]) -> None:
    with path.open("wb") as out:
        out.writelines(line + b"\n" for line in lines)
