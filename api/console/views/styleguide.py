"""The guide to the console's looks: tokens as their file has them, samples for components."""

import re
from datetime import datetime, timedelta
from typing import NamedTuple

from api.console.text import Catalogue
from api.console.views.queue import Age, Handler
from api.console.views.times import Clock
from api.console.views.words import initials

_TOKEN = re.compile(r"^  --([a-z0-9-]+): (.+?);", re.MULTILINE)
_SHOWN = re.compile(r"^(?:text|space)-")


class Token(NamedTuple):
    """One design token: its name without the dashes, and its value as written."""

    name: str
    value: str


class Tokens(NamedTuple):
    """All tokens, by how each is shown: as a colour, a size, or by its value alone."""

    colours: list[Token]
    sizes: list[Token]
    others: list[Token]


class Samples(NamedTuple):
    """What the components are shown with."""

    ages: list[Age]
    handlers: list[Handler]


def tokens(css: str) -> Tokens:
    """The tokens that a style sheet declares for the whole page, in its order, each once."""
    found = Tokens([], [], [])
    for name, value in dict(_TOKEN.findall(css)).items():
        if value.startswith("light-dark("):
            found.colours.append(Token(name, value))
        elif _SHOWN.match(name):
            found.sizes.append(Token(name, value))
        else:
            found.others.append(Token(name, value))
    return found


def samples(now: datetime, text: Catalogue) -> Samples:
    """An alert's age in each of its forms, and whom it may be with."""
    clock = Clock(now, "Europe/London", text)
    waited = {"fresh": 0.5, "late": 2, "overdue": 75}
    since = [now - timedelta(minutes=minutes) for minutes in waited.values()]
    name = text("styleguide.somebody")
    stamp = clock.stamp(now - timedelta(minutes=4))
    return Samples(
        [Age(clock.age(at), form, at) for form, at in zip(waited, since, strict=True)],
        [Handler(name, initials(name), mine, stamp) for mine in (True, False)],
    )
