"""What an assessment finds: measures, the contest of the learner, and what was left out."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from simulator.realism.classifier import Tell, Verdict
from simulator.realism.compare import Row
from simulator.realism.profiles import Profile


@dataclass(frozen=True)
class Account:
    """What of a recording counts.

    Attributes:
        homes: That were heard.
        counted: Homes with days enough.
        days: That count, least, median and most of a home.
        left_out: Days within the recordings of these homes that do not count.
        sensors: In how many of these homes each sensor works.
    """

    homes: int
    counted: int
    days: tuple[int, int, int]
    left_out: int
    sensors: dict[str, int]


@dataclass(frozen=True)
class Findings:
    """Real homes beside made-up ones.

    Attributes:
        about: Which real homes.
        names: Of the real homes of TIHM that count.
        rows: One a measure.
        untold: Measures that one side cannot tell, with the reason.
        verdict: Of the learner; None where there are too few homes.
        tells: What the learner goes by.
        alone: What tells most by itself, over all days, without any learning.
    """

    about: str
    names: list[str]
    rows: list[Row]
    untold: list[str]
    verdict: Verdict | None = None
    tells: list[Tell] = field(default_factory=list)
    alone: list[Tell] = field(default_factory=list)

    def outside(self) -> list[Row]:
        """The measures whose made-up median is not within the real quartiles."""
        return [row for row in self.rows if not row.inside]


@dataclass(frozen=True)
class Chance:
    """How well real homes are told from real homes: what chance and small numbers alone give.

    Attributes:
        aucs: One for each split of the real homes in two at random, in order of size.
        homes: In the two halves.
        inside: Share of the medians of one half that lie within the quartiles of the other, one for
            each split, in order of size.
    """

    aucs: list[float]
    homes: tuple[int, int]
    inside: list[float]


@dataclass(frozen=True)
class Report:
    """All that was found.

    Attributes:
        all: Against all real homes.
        unseen: Against the real homes that calibration never saw; None where none is known.
        chance: None where it was not tried.
        real, simulated: What counts of TIHM and of the made-up homes; None where not given.
        sensors: By which the learner was allowed to go.
        notes: What a reader must know, a sentence each.
        profiles: By sensor the day by the hour, of real homes and of made-up ones.
    """

    all: Findings
    unseen: Findings | None
    chance: Chance | None
    real: Account | None
    simulated: Account | None
    sensors: list[str]
    notes: list[str]
    profiles: dict[str, tuple[Profile, Profile]] = field(default_factory=dict)


def failures(report: Report, most_auc: float) -> list[str]:
    """What has not been shown, each in a sentence.

    A measure that lies outside, a verdict above the bound; and what nobody could judge.
    """
    found: list[str] = []
    for findings in filter(None, (report.all, report.unseen)):
        if not findings.rows:
            found.append(f"no measure could be compared ({findings.about})")
        found += [_outside(row, findings.about) for row in findings.outside()]
        verdict = findings.verdict
        if verdict is None and findings.names:
            found.append(f"too few homes for a learner to tell them apart ({findings.about})")
        if verdict is not None and verdict.auc > most_auc:
            found.append(
                f"made-up days are told from real ones with AUC {verdict.auc:.2f}, "
                f"above {most_auc:g} ({findings.about})"
            )
    return found


def _outside(row: Row, about: str) -> str:
    low, _, high = row.real.quartiles
    return (
        f"{row.name}: made up {row.simulated.median:.3g} {row.unit}, real from {low:.3g} to "
        f"{high:.3g} ({about})".replace("  ", " ")
    )


def outside_by_chance(rows: Sequence[Row]) -> tuple[int, int]:
    """How many rows have a p below 0.05, and how many have a p."""
    told = [row.p for row in rows if row.p is not None]
    return sum(p < 0.05 for p in told), len(told)  # noqa: PLR2004 - as everybody prints it
