"""Whose rows a transaction may see and change; the database itself holds it to that.

The migrations make two roles and the rules for them: `telecare_organisation`, bound to the
organisations in the setting `telecare.reach` and `telecare_centre`, which sees everything. Each
transaction takes on one of them for as long as it lasts.
"""

from collections.abc import Iterable
from typing import Any, NamedTuple

from api.correlation import correlation

_WITHIN = """
select
    set_config('telecare.reach', $1, true),
    set_config('telecare.actor', $2, true),
    set_config('telecare.session', $3, true),
    set_config('telecare.correlation', $4, true),
    set_config('telecare.purpose', $5, true),
    set_config('role', 'telecare_organisation', true)
"""
_CENTRE = """
select set_config('telecare.correlation', $1, true), set_config('role', 'telecare_centre', true)
"""
_OF_HOME = """
select
    set_config('telecare.reach', coalesce((
        select '{' || organisation || '}' from home where home = $1
    ), ''), true),
    set_config('role', 'telecare_organisation', true)
"""


class Reach(NamedTuple):
    """A statement, with its arguments, that begins a transaction."""

    sql: str
    arguments: tuple[Any, ...] = ()


AS_CONNECTED = Reach("select 1")
"""With the rights of the login alone: also where the database has not been migrated."""
CENTRE = Reach("select set_config('role', 'telecare_centre', true)")
"""Everything: to find out who asks, and for what the centre does by the clock."""


def within(
    organisations: Iterable[int], *, actor: str = "", session: str = "", purpose: str = ""
) -> Reach:
    """What belongs to these organisations; of none, nothing.

    Args:
        organisations: Their numbers.
        actor: Who asks, as the audit log names them: `staff:7`.
        session: The number of the session that they ask in.
        purpose: Only homes whose people have agreed to be shared for it; all where empty.
    """
    return Reach(_WITHIN, (_named(organisations), actor, session, correlation(), purpose))


def common(organisations: Iterable[int], *, purpose: str = "") -> Reach:
    """The same in nobody's name, and equal for all who may see the same.

    Only to read what is shared among them. That somebody was shown it is noted within their own.
    """
    return Reach(_WITHIN, (_named(sorted(organisations)), "", "", "", purpose))


def _named(organisations: Iterable[int]) -> str:
    return "{" + ",".join(map(str, organisations)) + "}"


def for_all() -> Reach:
    """As :data:`CENTRE`, for what a request has the centre do: noted with its correlation id."""
    return Reach(_CENTRE, (correlation(),))


def of_home(home: str) -> Reach:
    """What belongs to a home's organisation: for hubs, whose token tells which home is theirs."""
    return Reach(_OF_HOME, (home,))
