"""The queue narrowed to what a desk looks for, and what it leaves out: nothing is hidden unsaid."""

from collections.abc import Iterable, Mapping
from functools import cache
from types import MappingProxyType
from typing import Final, NamedTuple
from urllib.parse import urlencode

from api.alerts.own import CHANNEL_DEAD
from api.console.text import Catalogue
from api.console.views import words
from api.console.views.queue import Card, Lane, QueuePage
from api.web.parameters import number
from contract import Condition, Severity

MINE: Final = "mine"
NOBODY: Final = "nobody"
CONDITIONS: Final = frozenset({*Condition, CHANNEL_DEAD})


class Narrow(NamedTuple):
    """What to look for; what is empty, or 0, does not matter."""

    lane: str = ""
    handler: str = ""
    condition: str = ""
    organisation: int = 0

    @property
    def address(self) -> str:
        """Where the queue is shown so. It has words of ours alone: the page repeats it."""
        chosen = {name: value for name, value in self._asdict().items() if value}
        return f"/queue?{urlencode(chosen)}" if chosen else "/queue"


class Narrowed(NamedTuple):
    """What is looked for, in words, and how many alerts are therefore not shown."""

    by: list[str]
    urgent: int
    others: int


def asked(query: Mapping[str, str], organisations: Iterable[int]) -> Narrow:
    """What an address looks for. What it has that means nothing here leaves nothing out."""
    lane, handler, condition = (query.get(name, "") for name in ("lane", "handler", "condition"))
    organisation = number(query.get("organisation", "")) or 0
    return Narrow(
        lane=lane if lane in set(Severity) else "",
        handler=handler if handler in {MINE, NOBODY} else "",
        condition=condition if condition in CONDITIONS else "",
        organisation=organisation if organisation in set(organisations) else 0,
    )


def narrowed(
    whole: QueuePage,
    part: QueuePage,
    narrow: Narrow,
    text: Catalogue,
    organisations: Mapping[int, str] = MappingProxyType({}),
) -> tuple[QueuePage, Narrowed | None]:
    """The queue with the cards that fit, and what that leaves out; None where all is shown.

    Args:
        whole: All that somebody may see; its counts stay as they are.
        part: The same of the chosen organisation alone, or again `whole`.
        narrow: What to look for.
        text: The words.
        organisations: The names of those that may be chosen.
    """
    if narrow == Narrow():
        return whole, None
    lanes = [_narrow(*pair, narrow) for pair in zip(whole.lanes, part.lanes, strict=True)]
    left_out = {lane.severity: lane.left_out for lane in lanes}
    urgent = left_out[Severity.URGENT]
    by = _in_words(narrow, text, organisations)
    return whole._replace(lanes=lanes), Narrowed(by, urgent, sum(left_out.values()) - urgent)


@cache
def conditions(text: Catalogue) -> list[tuple[str, str]]:
    """What may be looked for, each with its title, by title."""
    titled = [(str(word), words.condition(word, text).title) for word in CONDITIONS]
    return sorted(titled, key=lambda one: one[1])


def _narrow(whole: Lane, part: Lane, narrow: Narrow) -> Lane:
    of_lane = narrow.lane in {"", whole.severity}
    waiting, held = (
        [card for card in cards if of_lane and _fits(card, narrow)]
        for cards in (part.waiting, part.held)
    )
    left_out = max(0, whole.total - len(waiting) - len(held))
    return whole._replace(waiting=waiting, held=held, hidden=part.hidden, left_out=left_out)


def _fits(card: Card, narrow: Narrow) -> bool:
    if narrow.handler == MINE and not (card.handler and card.handler.mine):
        return False
    if narrow.handler == NOBODY and card.handler:
        return False
    return narrow.condition in {"", card.condition}


def _in_words(narrow: Narrow, text: Catalogue, names: Mapping[int, str]) -> list[str]:
    said = [
        narrow.lane and text(f"severity.{narrow.lane}"),
        narrow.handler and text(f"filter.{narrow.handler}"),
        narrow.condition and words.condition(narrow.condition, text).title,
        names.get(narrow.organisation, ""),
    ]
    return [str(one) for one in said if one]
