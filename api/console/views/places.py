"""Places for hubs as their pages show them: who is at work, who is awaited, who was let go."""

from datetime import datetime
from typing import NamedTuple

from markupsafe import Markup

from api.console.text import Catalogue
from api.console.views import words
from api.console.views.times import Clock, abbreviation
from api.homes.views import HomeDetail, Hub
from api.hubs.places import Place


class PlaceRow(NamedTuple):
    """One hub, or a place that waits for one.

    Attributes:
        waiting: No hub has claimed it; it may have a new code.
        working: A hub is there, which another may follow.
        gone: It was let go, for whatever reason.
    """

    name: str
    standing: Markup
    follows: Markup | None
    key: Markup | None
    waiting: bool
    working: bool
    gone: bool


class PlacesPage(NamedTuple):
    """The hubs of one home."""

    id: str
    name: str
    zone: str
    rows: list[PlaceRow]


class CodeSheet(NamedTuple):
    """What an installer is given; `until` with the day and the year, for it is on paper."""

    home: str
    name: str
    hub: str
    code: str
    command: str
    until: str
    follows: str


def place_rows(home: HomeDetail, now: datetime, text: Catalogue) -> PlacesPage:
    """The hubs of a home as they stand at `now`."""
    clock = Clock(now, home.time_zone, text)
    awaited = {hub.replaces: hub.hub for hub in home.hubs if hub.revoked_at is None}
    return PlacesPage(
        id=home.home,
        name=words.home(home.label, home.home),
        zone=abbreviation(clock.local(now)),
        rows=[_row(hub, awaited.get(hub.hub, ""), clock) for hub in home.hubs],
    )


def _row(hub: Hub, successor: str, clock: Clock) -> PlaceRow:
    gone = hub.revoked_at is not None
    follows = clock.text("places.follows", hub=hub.replaces) if hub.replaces and not gone else None
    if successor and not gone:
        follows = clock.text("places.followed", hub=successor)
    return PlaceRow(
        name=hub.hub,
        standing=_standing(hub, clock),
        follows=follows,
        key=clock.text("places.key", time=clock.stamp(hub.key_at)) if hub.key_at else None,
        waiting=not hub.claimed and not gone,
        working=hub.claimed and not gone,
        gone=gone,
    )


def _standing(hub: Hub, clock: Clock) -> Markup:
    text = clock.text
    if hub.revoked_at is not None:
        since = clock.stamp(hub.revoked_at)
        if hub.revoked_why == "replaced":
            return text("places.replaced", time=since)
        return text("places.revoked", time=since)
    if hub.claimed:
        heard = hub.last_seen_at
        return text("home.hub_heard", time=clock.stamp(heard)) if heard else text("home.hub_never")
    if hub.code_expires_at is None or hub.code_expires_at <= clock.now:
        return text("places.expired")
    return text("places.waits", time=clock.stamp(hub.code_expires_at))


def code_sheet(made: Place, home: HomeDetail, now: datetime, text: Catalogue) -> CodeSheet:
    """The sheet of a place that has just got its code."""
    clock = Clock(now, home.time_zone, text)
    until = clock.local(made.expires_at)
    return CodeSheet(
        home=made.home,
        name=words.home(home.label, home.home),
        hub=made.hub,
        code=made.code,
        command=f"sudo telecare-gateway claim {made.code}",
        until=f"{clock.day(until)} {until:%Y, %H:%M} {abbreviation(until)}",
        follows=made.replaces,
    )
