"""What a provider says of somebody, as the centre's own terms: a username, a role, organisations.

Nobody is anything by default: a role and an organisation each need a group that the settings name.
"""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from api.identity.permissions import named
from api.oidc.refusing import NotLetIn, Why
from api.oidc.settings import EVERYWHERE, Provider

_MOST_GROUPS = 2000
_LONGEST = 64
_LONGEST_NAME = 80
_STRONG = frozenset({"mfa", "otp", "hwk", "swk", "fpt", "face", "sc", "pop"})
"""Of RFC 8176: methods that are, or are used as, a second factor."""


class Person(NamedTuple):
    """Somebody as the provider's word has them.

    Attributes:
        organisations: Names; None for everywhere.
        strong: Whether the provider says that it asked for a second factor.
    """

    subject: str
    username: str
    name: str
    role: str
    organisations: tuple[str, ...] | None
    strong: bool


def person(claims: Mapping[str, Any], provider: Provider) -> Person:
    """Somebody from the claims of a believed ID token and, where it was asked, of userinfo.

    Raises:
        NotLetIn: They have no name, role or organisation here.
    """
    username = _username(claims, provider.username_claim)
    groups = _groups(claims.get(provider.groups_claim))
    role = next((rule.means for rule in provider.roles if rule.group in groups), None)
    if role is None:
        raise NotLetIn(Why.NO_ROLE, "none of their groups stands for a role")
    wanted = {rule.means: None for rule in provider.organisations if rule.group in groups}
    if not wanted:
        raise NotLetIn(Why.NO_ORGANISATION, f"no group of {named(role)} names an organisation")
    amr = claims.get("amr")
    return Person(
        subject=str(claims["sub"]),
        username=username,
        name=_name(claims.get("name"), username),
        role=role,
        organisations=None if EVERYWHERE in wanted else tuple(wanted),
        strong=isinstance(amr, list) and not _STRONG.isdisjoint(map(str, amr)),
    )


def _username(claims: Mapping[str, Any], claim: str) -> str:
    value = claims.get(claim)
    # Whoever may type any address at the provider could otherwise be anybody here.
    if claim == "email" and claims.get("email_verified") is not True:
        raise NotLetIn(Why.NO_NAME, "their e-mail address is not verified by the provider")
    if not isinstance(value, str):
        raise NotLetIn(Why.NO_NAME, f"the provider gives no {claim}")
    plain = re.sub(r"[^a-z0-9._-]", ".", value.strip().lower()).lstrip("._-")
    if not plain or len(plain) > _LONGEST:
        raise NotLetIn(Why.NO_NAME, f"their {claim} cannot be a username")
    return plain


def _name(value: Any, username: str) -> str:
    if isinstance(value, str) and value.strip() and value.isprintable():
        return value.strip()[:_LONGEST_NAME]
    return username


def _groups(value: Any) -> frozenset[str]:
    """A list of names; one name alone is a list of one, as some providers write it."""
    if isinstance(value, str):
        return frozenset({value})
    if not isinstance(value, list):
        return frozenset()
    return frozenset(one for one in value[:_MOST_GROUPS] if isinstance(one, str))
