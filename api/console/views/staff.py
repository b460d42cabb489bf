"""Staff as their page shows them."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from markupsafe import Markup

from api.console.text import Catalogue
from api.console.views.times import Clock
from api.identity.people import Member
from api.identity.staff_views import StaffMember

_ZONE = "UTC"  # whoever works for a centre may sit anywhere


class StaffRow(NamedTuple):
    """One member of staff; `gone` where they were let go, `me` where they look themselves."""

    id: int
    username: str
    name: str
    role: str
    whose: str
    comes_in: list[Markup]
    here: Markup
    gone: Markup | None
    me: bool


def staff_rows(
    found: list[StaffMember],
    names: Mapping[int, str],
    *,
    me: Member,
    now: datetime,
    text: Catalogue,
) -> list[StaffRow]:
    """Those that `me` may see, at `now`; `names` are those of organisations."""
    clock = Clock(now, _ZONE, text)
    return [_row(one, names, me, clock) for one in found]


def _row(one: StaffMember, names: Mapping[int, str], me: Member, clock: Clock) -> StaffRow:
    listed = ", ".join(names.get(number, f"{number}") for number in one.organisations)
    return StaffRow(
        one.id,
        one.username,
        one.name,
        one.role.replace("_", " "),
        str(clock.text("staff.everywhere")) if one.everywhere else listed,
        _comes_in(one, clock),
        clock.stamp(one.last_here_at) if one.last_here_at else clock.text("account.never"),
        clock.text("staff.gone", time=clock.stamp(one.disabled_at)) if one.disabled_at else None,
        one.id == me.id,
    )


def _comes_in(one: StaffMember, clock: Clock) -> list[Markup]:
    text = clock.text
    said = [text("account.by_oidc") if one.by_provider else text("account.by_password")]
    if one.invited_until:
        word = "staff.invited" if one.invited_until > clock.now else "staff.invited_over"
        said = [text(word, time=clock.stamp(one.invited_until))]
    return [*said, text("staff.factor" if one.second_factor else "staff.no_factor")]
