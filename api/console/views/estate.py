"""The estate as its page shows it: what wants looking at, and the hubs of which that is so."""

from collections import Counter
from datetime import datetime
from typing import NamedTuple

from markupsafe import Markup

from api.console.text import Catalogue
from api.console.views import words
from api.console.views.times import Clock
from api.estate.service import EstateHub, EstateView
from api.estate.troubles import Trouble

AT_ONCE = 200
"""Lines of a page; further hubs are found by what is the matter, or by their home."""
WANTING, ALL = "wanting", "all"


class Choice(NamedTuple):
    """Some of the hubs, that a link leads to."""

    value: str
    label: str
    hubs: int


class HubRow(NamedTuple):
    """One hub, in words. `wrong` is empty where all is well."""

    hub: str
    home: str
    home_id: str
    heard: Markup | None
    wrong: list[Markup]
    sensors: str
    software: str


class EstatePage(NamedTuple):
    """Everything that the page shows; `more` is how many hubs it leaves out."""

    choices: list[Choice]
    software: list[tuple[str, int]]
    rows: list[HubRow]
    more: int


def estate_page(
    estate: EstateView, show: str, typed: str, now: datetime, text: Catalogue
) -> EstatePage:
    """The hubs of `show`, a :class:`Choice`'s value, whose home or name holds what was typed."""
    counts = Counter(trouble for hub in estate.hubs for trouble in hub.troubles)
    wanting = sum(bool(hub.troubles) for hub in estate.hubs)
    choices = [
        Choice(WANTING, text("estate.wanting"), wanting),
        Choice(ALL, text("estate.all"), len(estate.hubs)),
        *(Choice(one, text(f"estate.is.{one}"), counts[one]) for one in Trouble if counts[one]),
    ]
    found = [hub for hub in estate.hubs if _is_among(hub, show) and _holds(hub, typed)]
    return EstatePage(
        choices,
        [(version or text("estate.untold"), n) for version, n in estate.software.items()],
        [_row(hub, now, text) for hub in found[:AT_ONCE]],
        max(0, len(found) - AT_ONCE),
    )


def _is_among(hub: EstateHub, show: str) -> bool:
    return show == ALL or (bool(hub.troubles) if show == WANTING else show in hub.troubles)


def _holds(hub: EstateHub, typed: str) -> bool:
    return typed.strip().casefold() in f"{hub.label} {hub.home} {hub.hub}".casefold()


def _row(hub: EstateHub, now: datetime, text: Catalogue) -> HubRow:
    clock = Clock(now, hub.time_zone, text)
    seen = hub.last_seen_at
    return HubRow(
        hub=hub.hub,
        home=words.home(hub.label, hub.home),
        home_id=hub.home,
        heard=None if seen is None else clock.stamp(seen),
        wrong=[_said(one, hub, clock) for one in hub.troubles],
        sensors=text("estate.sensors", n=hub.sensors) if hub.sensors else "",
        software=hub.software,
    )


def _said(trouble: Trouble, hub: EstateHub, clock: Clock) -> Markup:
    text = clock.text
    if trouble is Trouble.SENSORS:
        return text("estate.said.sensors", unwell=hub.unwell, n=hub.sensors)
    if trouble is Trouble.UNSENT:
        return text("estate.said.unsent", n=hub.queued)
    if trouble is Trouble.AWAITED:
        until = hub.code_until
        if until is None or until <= clock.now:
            return text("estate.said.awaited_late")
        return text("estate.said.awaited", time=clock.stamp(until))
    return text(f"estate.said.{trouble}")
