"""When a home is not watched: a pause that the resident asked for, or an absence. Free of I/O."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

import msgspec

from api.downlink.views import CommandLine
from api.refusals import Invalid
from contract import CommandKind
from contract.base import Part
from contract.downlink import LONGEST_ABSENCE_S, LONGEST_PAUSE_S, Away, Pause

BY_ANYBODY = {"pause": timedelta(days=1), "absence": timedelta(days=31)}
"""For how long anybody on the desk may leave a home unwatched."""
LONGEST = {
    "pause": timedelta(seconds=LONGEST_PAUSE_S),
    "absence": timedelta(seconds=LONGEST_ABSENCE_S),
}
BETWEEN = {"pause": timedelta(hours=1), "absence": timedelta(days=1)}
"""With less in between, one behind another leaves a home unwatched like one."""
AHEAD = timedelta(days=366)
"""How long beforehand an absence may be set."""
CONFIRMED_WITHIN = timedelta(minutes=15)
"""A hub that is heard answers at once; one that has not by then is pointed out."""
_LOST = frozenset({"refused", "expired", "unanswered", "cut_short"})


class SpellKind(StrEnum):
    """Why nobody is watched."""

    PAUSE = "pause"  # the person wants not to be watched for a while
    HOSPITAL = "hospital"
    HOLIDAY = "holiday"
    RESPITE = "respite"  # a stay in a care home


class Wish(StrEnum):
    """On whose word."""

    RESIDENT = "resident"
    FAMILY = "family"
    STAFF = "staff"


class SpellRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A pause or an absence as somebody sets it.

    Attributes:
        kind: Of :class:`SpellKind`.
        wish: On whose word, of :class:`Wish`.
        until: When the home is watched again by itself.
        starts_at: From when; now where it is left out.
    """

    kind: SpellKind
    wish: Wish = Wish.RESIDENT
    until: datetime
    starts_at: datetime | None = None


def sort_of(kind: str) -> str:
    """`pause` or `absence`: a home has one of each at a time."""
    return "pause" if kind == SpellKind.PAUSE else "absence"


def times(asked: SpellRequest, now: datetime) -> tuple[datetime, datetime]:
    """From when until when.

    Raises:
        Invalid: That cannot be; the sentence says what can.
    """
    starts_at = asked.starts_at or now
    for name, at in (("starts_at", starts_at), ("until", asked.until)):
        if at.tzinfo is None:
            raise Invalid(f"{name} needs its offset from UTC.")
    longest = LONGEST[sort_of(asked.kind)]
    try:
        if starts_at > now + AHEAD:
            raise Invalid(f"starts_at must be within {AHEAD.days} days.")
        starts_at = max(starts_at, now)
        fits = starts_at < asked.until <= starts_at + longest
    except OverflowError:  # the ends of the calendar, brought to UTC
        fits = False
    if not fits:
        raise Invalid(
            f"until of {asked.kind} must be after its beginning, and within {longest.days} days."
        )
    return starts_at, asked.until


def stretch(
    starts_at: datetime,
    until: datetime,
    others: Sequence[tuple[datetime, datetime]],
    between: timedelta,
) -> timedelta:
    """How long a home would be left unwatched by one, with those before and behind it.

    Args:
        starts_at: Of the one that is asked for.
        until: The same.
        others: From when until when, of the home's others of its sort.
        between: With less than this in between, they count as one.
    """
    while longer := [
        (first, last)
        for first, last in others
        if first < until + between
        and last > starts_at - between
        and (first < starts_at or last > until)
    ]:
        starts_at = min(starts_at, *(first for first, _ in longer))
        until = max(until, *(last for _, last in longer))
    return until - starts_at


def begins(kind: str, until: datetime) -> tuple[CommandKind, Part]:
    """What a hub is told at the beginning."""
    if sort_of(kind) == "pause":
        return CommandKind.PAUSE, Pause(until=until)
    return CommandKind.AWAY, Away(until=until)


def ends(kind: str) -> CommandKind:
    """What a hub is told at the end."""
    return CommandKind.RESUME if sort_of(kind) == "pause" else CommandKind.BACK


def is_lost(command: CommandLine, now: datetime) -> bool:
    """Whether a hub should have said by now that it did so, and has not."""
    late = command.state == "waiting" and now >= command.issued_at + CONFIRMED_WITHIN
    return late or command.state in _LOST


class Told(NamedTuple):
    """What one hub was told: that one begins, or that it is over."""

    begins: bool
    command: CommandLine


def standing(*, begun: bool, ended: bool, told: Sequence[Told], untold: bool, now: datetime) -> str:
    """Where one stands, by the word of the hubs that are at work; `untold`: one knows nothing yet.

    `planned`, `told` (not confirmed yet), `in_force`, `lost`, `no_hub`, `over`, or `over_lost`:
    a hub has not said that it knows of the end.
    """
    commands = [one.command for one in told if one.begins != ended]
    lost = any(is_lost(one, now) for one in commands)
    if ended:
        return "over_lost" if lost else "over"
    if not begun:
        return "planned"
    if lost or untold:
        return "lost"
    if not commands:
        return "no_hub"
    return "told" if any(one.state == "waiting" for one in commands) else "in_force"
