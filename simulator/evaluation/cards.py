"""Model cards: what each condition is for and what it cannot do, beside what was measured.

The words stand in `detectors/cards/CONDITION.toml`, the figures of the last evaluation beside them
in `figures.json`. Both ship with the detectors.
"""

import hashlib
import json
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Annotated, Any

import msgspec

from simulator.evaluation.blocks import Block, Heading, Table, Text
from simulator.evaluation.courses import NAMED
from simulator.evaluation.results import Contest, Results
from simulator.evaluation.summary import Figure, Sensitivity

FIGURES = "figures.json"
FOLDER = files("detectors") / "cards"
_HEAD = (
    "condition",
    "contest",
    "budget",
    "false alerts / person-month",
    "coverage",
    "sensitivity",
)
Sentence = Annotated[str, msgspec.Meta(min_length=3)]
Sentences = Annotated[list[Sentence], msgspec.Meta(min_length=1)]


class Card(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is said of one condition.

    Attributes:
        title: In a few words.
        intended_use: What staff are to do with it, and how soon.
        inputs: The sensors it goes by.
        blinds: When it cannot say.
        warm_up: How long until it may alert.
        limits: What it does not tell.
        hazards: What goes wrong where it is trusted too far.
    """

    title: Sentence
    intended_use: Sentence
    inputs: Sentences
    blinds: Sentences
    warm_up: Sentence
    limits: Sentences
    hazards: Sentences


class Measured(msgspec.Struct, frozen=True, kw_only=True):
    """What one contest measured of a condition, at the budget that a hub asks for.

    Attributes:
        contest: Its name.
        condition: Whose.
        budget, false_alerts: Asked, and measured with its interval, per person-month.
        coverage: Share of days with an answer.
        homes, months, episodes: How much there was.
        sensitivity: By severity, the share found and its interval.
        delay_days: By severity, the mean delay of the hits; None where there are none.
    """

    contest: str
    condition: str
    budget: float
    false_alerts: Figure
    coverage: float
    homes: int
    months: float
    episodes: int
    sensitivity: dict[str, Figure]
    delay_days: dict[str, float | None]


class Figures(msgspec.Struct, frozen=True, kw_only=True):
    """The figures of one evaluation.

    Attributes:
        about: The recordings, the seed, and whether it was a quick one.
        digest: Of all its results, the first twelve letters of their SHA-256.
        measured: Contest by contest.
    """

    about: dict[str, Any]
    digest: str
    measured: list[Measured]


def read_card(condition: str, folder: Traversable = FOLDER) -> Card:
    """The card of a condition.

    Raises:
        FileNotFoundError: It has none.
        msgspec.ValidationError: Something is missing from it, or is not known.
    """
    return msgspec.toml.decode((folder / f"{condition}.toml").read_bytes(), type=Card)


def read_figures(folder: Traversable = FOLDER) -> Figures:
    """The figures of the last evaluation that was written to the cards.

    Raises:
        FileNotFoundError: There was none.
        msgspec.ValidationError: They are of another form.
    """
    return msgspec.json.decode((folder / FIGURES).read_bytes(), type=Figures)


def figures_of(results: Results, about: dict[str, Any], document: Any) -> Figures:
    """What the cards tell of an evaluation; `document` is all of it, for the digest."""
    digest = hashlib.sha256(json.dumps(document, sort_keys=True).encode()).hexdigest()[:12]
    measured = [_measured(name, contest) for name, contest in results.items()]
    return Figures(about=about, digest=digest, measured=measured)


def write_figures(figures: Figures, folder: Path) -> None:
    """Puts the figures beside the cards.

    Raises:
        OSError: They cannot be written.
    """
    text = json.dumps(msgspec.to_builtins(figures), indent=1)
    (folder / FIGURES).write_text(text + "\n")


def blocks(figures: Figures) -> list[Block]:
    """The figures of the cards as a part of a report; nothing where no contest was run."""
    if not figures.measured:
        return []
    words = (
        f"The figures in `detectors/cards/{FIGURES}` are those of this run ({figures.digest}), at "
        "the budgets that a hub asks for unless told otherwise."
    )
    if figures.about.get("quick") or figures.about.get("as_shipped"):
        words += " It was a run for a first look: these figures are not for publishing."
    return [Heading("Model cards"), Text(words), Table(_HEAD, list(map(_row, figures.measured)))]


def _row(one: Measured) -> list[str]:
    found = (f"{name} {_text(share)}" for name, share in one.sensitivity.items())
    return [
        one.condition,
        one.contest,
        f"{one.budget:g}",
        _text(one.false_alerts),
        f"{one.coverage:.2f}",
        "; ".join(found),
    ]


def _measured(name: str, contest: Contest) -> Measured:
    ours = next(iter(contest.ours.values()))
    shown: dict[str, Sensitivity] = {
        severity: one
        for severity, one in ours.sensitivity.items()
        if severity in NAMED or not set(NAMED) & set(ours.sensitivity)
    }
    return Measured(
        contest=name,
        condition=contest.condition,
        budget=ours.budget,
        false_alerts=_rounded(ours.false_alerts),
        coverage=round(ours.coverage, 3),
        homes=ours.homes,
        months=round(ours.months, 1),
        episodes=ours.episodes,
        sensitivity={severity: _rounded(one.share) for severity, one in shown.items()},
        delay_days={
            severity: None if one.delay is None else round(one.delay / 86_400, 2)
            for severity, one in shown.items()
        },
    )


def _rounded(one: Figure) -> Figure:
    return Figure(round(one.value, 3), round(one.low, 3), round(one.high, 3))


def _text(one: Figure) -> str:
    return f"{one.value:.2f} ({one.low:.2f} to {one.high:.2f})"
