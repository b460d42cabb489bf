"""The places of the menu, as whoever is signed in may visit them."""

from typing import Final

from api.identity.people import Member
from api.identity.permissions import Permission

_PLACES: Final[dict[str, Permission | None]] = {
    "queue": Permission.READ_ALERTS,
    "homes": None,
    "estate": Permission.ADD_HUBS,
    "follow_ups": Permission.READ_RESPONSE,
    "cohorts": Permission.READ_COHORTS,
    "shift": Permission.SET_DUTIES,
    "reports": Permission.READ_REPORTS,
    "audit": Permission.READ_AUDIT,
    "staff": Permission.MANAGE_STAFF,
    "organisations": Permission.READ_ORGANISATIONS,
}


def places_of(user: Member) -> list[str]:
    """The names of their places, in the order of the menu; none needs a permission but as told."""
    return [name for name, needs in _PLACES.items() if needs is None or user.may(needs)]
