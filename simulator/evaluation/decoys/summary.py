"""What decoys came to over all homes, and in words."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from simulator.evaluation.decoys.trial import DecoyResult, DecoyRun, Gap

BORNE = 0.95
"""The share of runs in which no advisory alert may be caused."""


class DecoySummary(NamedTuple):
    """One decoy over all homes.

    Attributes:
        name: The decoy's.
        runs, homes: How many.
        borne: Share of runs in which it caused no advisory alert.
        enough: Whether that is enough.
        advisory, urgent, technical: In how many runs each condition was raised for it.
        unanswered: The mean share of advisory answers that it silenced.
    """

    name: str
    runs: int
    homes: int
    borne: float
    enough: bool
    advisory: dict[str, int]
    urgent: dict[str, int]
    technical: dict[str, int]
    unanswered: float


class Decoys(NamedTuple):
    """All decoys, and the long gaps of the recordings as they are."""

    decoys: list[DecoySummary]
    gaps: list[Gap]


def summed(results: Iterable[DecoyResult]) -> Decoys:
    """Adds up homes."""
    found = list(results)
    runs = [run for result in found for run in result.runs]
    names = dict.fromkeys(run.decoy for run in runs)
    return Decoys(
        [_one([run for run in runs if run.decoy == name]) for name in names],
        [gap for result in found for gap in result.gaps],
    )


def _one(runs: Sequence[DecoyRun]) -> DecoySummary:
    borne = sum(not run.advisory for run in runs) / len(runs)
    return DecoySummary(
        name=runs[0].decoy,
        runs=len(runs),
        homes=len({run.home for run in runs}),
        borne=borne,
        enough=borne >= BORNE,
        advisory=dict(Counter(name for run in runs for name in run.advisory)),
        urgent=dict(Counter(name for run in runs for name in run.urgent)),
        technical=dict(Counter(name for run in runs for name in run.technical)),
        unanswered=sum(run.unanswered for run in runs) / len(runs),
    )


def rows(decoys: Decoys) -> tuple[list[str], list[list[str]]]:
    """A table of the decoys: its head and its lines."""
    head = ["decoy", "runs", "no advisory alert", "advisory", "urgent", "technical", "unanswered"]
    return head, [
        [
            one.name,
            f"{one.runs} in {one.homes} homes",
            f"{one.borne:.2f}{'' if one.enough else ' (too few)'}",
            _counts(one.advisory),
            _counts(one.urgent),
            _counts(one.technical),
            f"{one.unanswered:.0%}",
        ]
        for one in decoys.decoys
    ]


def gap_rows(decoys: Decoys) -> tuple[list[str], list[list[str]]]:
    """A table of the long gaps."""
    head = ["home", "from", "days without an event", "raised"]
    return head, [
        [gap.home, gap.day, f"{gap.days:g}", ", ".join(gap.raised) or "nothing"]
        for gap in decoys.gaps
    ]


def _counts(found: dict[str, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in sorted(found.items())) or "none"
