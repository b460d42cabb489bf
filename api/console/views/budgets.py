"""How many false alerts a home bears, in words, as a form that is filled in and read."""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from markupsafe import Markup

from api.console.text import Catalogue
from api.console.views import words
from api.console.views.hub import standing_line
from api.downlink.budgets import USUAL, HomeBudget
from api.refusals import Invalid

MONTHS: Final = (1, 2, 3, 4, 5, 6, 10)
"""Of one false alert: the range in which detectors were judged (docs/evidence.md)."""
_NEAR = 0.002
LEAVE: Final = "leave"
"""Leaves a condition as each home has it."""


class Choice(NamedTuple):
    """One line of a choice."""

    value: str
    label: Markup


class Row(NamedTuple):
    """One condition with what may be chosen for it; `chosen` is a value of these."""

    condition: str
    title: str
    choices: list[Choice]
    chosen: str


class HomeLine(NamedTuple):
    """One home: what staff chose there, and what its hubs run with."""

    home: str
    name: str
    chosen: list[Markup]
    hubs: list[tuple[str, Markup]]


def in_words(value: float, text: Catalogue) -> Markup:
    """A budget as staff read it, such as *At most about one in 4 months*."""
    if value > 1 + _NEAR:
        return text("budgets.in_month", n=f"{value:.2g}")
    return text("budgets.in_months", n=_whole(1 / value))


def rows_of(budget: Mapping[str, float], typed: Mapping[str, str], text: Catalogue) -> list[Row]:
    """The form of one home, with what was typed over what it bears now."""
    return [
        _row(word, [_usual(word, text), *_levels(budget.get(word), text)], typed, text)
        for word in USUAL
    ]


def rows_of_all(typed: Mapping[str, str], text: Catalogue) -> list[Row]:
    """The form of all homes at once, in which each condition may be left as it is."""
    leave = Choice(LEAVE, text("budgets.leave"))
    return [
        _row(word, [leave, _usual(word, text), *_levels(None, text)], typed, text) for word in USUAL
    ]


def form_of(budget: Mapping[str, float]) -> dict[str, str]:
    """What a home bears as its form has it; what is as usual is left empty."""
    return {f"budget_{word}": _value(value) for word, value in budget.items()}


def budget_of(typed: Mapping[str, str]) -> dict[str, float | None]:
    """What a form asks for, by condition; None for the usual. What is left as it is, is left out.

    Raises:
        Invalid: Something that nobody offered.
    """
    found: dict[str, float | None] = {}
    for word in USUAL:
        said = typed.get(f"budget_{word}", LEAVE)
        if said == LEAVE:
            continue
        try:
            found[word] = float(said) if said else None
        except ValueError as error:
            raise Invalid(f"{said} is no number of false alerts.") from error
    return found


def home_lines(found: Sequence[HomeBudget], text: Catalogue) -> list[HomeLine]:
    """Homes as the list shows them."""
    return [
        HomeLine(
            one.home, words.home(one.label, one.home),
            [_chosen(word, value, text) for word, value in one.budget.items()],
            [(hub.hub, standing_line(hub, one.version, text)) for hub in one.hubs],
        )
        for one in found
    ]  # fmt: skip


def later_lines(budget: Mapping[str, float], text: Catalogue) -> list[Markup]:
    """What homes that are added begin with."""
    return [_chosen(word, value, text) for word, value in budget.items()]


def _chosen(word: str, value: float, text: Catalogue) -> Markup:
    what = words.condition(word, text).title
    return text("budgets.of", what=what, how=in_words(value, text))


def _row(word: str, choices: list[Choice], typed: Mapping[str, str], text: Catalogue) -> Row:
    chosen = typed.get(f"budget_{word}", choices[0].value)
    return Row(word, words.condition(word, text).title, choices, chosen)


def _usual(word: str, text: Catalogue) -> Choice:
    return Choice("", text("budgets.usual", how=in_words(USUAL[word], text)))


def _levels(own: float | None, text: Catalogue) -> list[Choice]:
    """What is offered, and what the home has already where that is something else."""
    values = [1 / months for months in MONTHS]
    if own is not None and _value(own) not in {_value(one) for one in values}:
        values = sorted([own, *values], reverse=True)
    return [Choice(_value(one), in_words(one, text)) for one in values]


def _value(value: float) -> str:
    """As a form carries it: what is one of those offered, as that one is written."""
    near = (f"{1 / months:.4g}" for months in MONTHS if abs(1 / months - value) < _NEAR)
    return next(near, f"{value}")


def _whole(months: float) -> int | str:
    return round(months) if abs(months - round(months)) < _NEAR * 10 else f"{months:.1f}"
