"""Words for what hubs send: conditions, severities and outcomes, newer ones than ours included."""

from functools import lru_cache
from typing import NamedTuple

from api.alerts.own import CHANNEL_DEAD
from api.alerts.views import AlertSummary
from api.console.text import Catalogue
from contract import Severity


class Wording(NamedTuple):
    """What a condition is called, and what to consider."""

    title: str
    advice: str


@lru_cache(maxsize=256)
def condition(word: str, text: Catalogue) -> Wording:
    """The wording of a condition; a newer one is shown by its own word."""
    if text.has(f"condition.{word}.title") and word != "unknown":
        return Wording(text(f"condition.{word}.title"), text(f"condition.{word}.advice"))
    return Wording(
        text("condition.unknown.title", word=word.replace("_", " ")),
        text("condition.unknown.advice"),
    )


_SEVERITIES = {str(known): known for known in Severity}


def severity(word: str) -> Severity:
    """The lane of a severity; one that this version does not know is looked at first."""
    return _SEVERITIES.get(word, Severity.URGENT)


def place(word: str) -> str:
    """A room or a thing as people write it: `front_door` is `Front door`."""
    return word.replace("_", " ").replace("-", " ").capitalize()


def home(label: str, identifier: str) -> str:
    """What staff call a home; its identifier where they have not named it."""
    return label or identifier


def whose(alert: AlertSummary, text: Catalogue) -> str:
    """The home that an alert is about; several, or the centre itself, where it names none."""
    if alert.condition == CHANNEL_DEAD:
        return text("home.centre")
    return home(alert.label, alert.home) or text("home.several")


def initials(name: str) -> str:
    """At most two letters that stand for a person."""
    parts = name.split()
    return "".join(
        part[0] for part in (parts[:1] + parts[-1:] if len(parts) > 1 else parts)
    ).upper()
