"""Pauses and absences as pages show them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from markupsafe import Markup

from api.console.views.times import Clock, zone_of
from api.people.spell import SpellKind, SpellRequest, Wish
from api.people.views import Spell
from api.refusals import Invalid

_SIGNS = {
    "in_force": "technical", "told": "technical", "planned": "technical", "lost": "advisory",
    "no_hub": "advisory", "over": "good", "over_lost": "advisory",
}  # fmt: skip
_ICONS = {"technical": "wait", "advisory": "advisory", "good": "good"}


class AbsenceRow(NamedTuple):
    """One pause or absence in a line.

    Attributes:
        said: What, until when, who set it and on whose wish.
        sign, icon: How its standing is shown.
    """

    number: int
    said: Markup
    since: Markup
    standing: Markup
    sign: str
    icon: str
    over: bool


def absence_rows(
    found: Sequence[Spell], clock: Clock, *, open_only: bool = False
) -> list[AbsenceRow]:
    """Pauses and absences, the newest first."""
    return [_row(one, clock) for one in found if one.standing != "over" or not open_only]


def _row(one: Spell, clock: Clock) -> AbsenceRow:
    sign = _SIGNS[one.standing]
    said = clock.text(
        f"absence.{one.kind}",
        time=clock.stamp(one.until),
        name=one.set_by,
        wish=clock.text(f"wish.{one.wish}"),
    )
    return AbsenceRow(
        number=one.spell,
        said=said,
        since=clock.stamp(one.starts_at),
        standing=clock.text(f"standing.{one.standing}"),
        sign=sign,
        icon=_ICONS[sign],
        over=one.ended_at is not None,
    )


def asked_of(typed: Mapping[str, str], zone: str) -> SpellRequest:
    """What a form asks for, its times read in the home's own zone.

    Raises:
        Invalid: It will not do.
    """
    if typed.get("kind") not in set(SpellKind) or typed.get("wish") not in set(Wish):
        raise Invalid("Choose what it is, and on whose wish.")
    until = _time(typed.get("until", ""), zone)
    if until is None:
        raise Invalid("Say until when, such as 2026-03-31 18:00.")
    return SpellRequest(
        kind=SpellKind(typed["kind"]),
        wish=Wish(typed["wish"]),
        until=until,
        starts_at=_time(typed.get("starts_at", ""), zone),
    )


def _time(text: str, zone: str) -> datetime | None:
    if not text.strip():
        return None
    try:
        at = datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise Invalid("Write a time as 2026-03-31 18:00.") from error
    return at if at.tzinfo else at.replace(tzinfo=zone_of(zone))
