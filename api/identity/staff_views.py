"""Staff as administrators see them, and how much of that one may give to another. Pure."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, TypeAlias

import msgspec

from api.refusals import Invalid, NotAllowed
from api.store.columns import Version


class StaffMember(msgspec.Struct, frozen=True, kw_only=True):
    """A member of staff, as an administrator sees them.

    Attributes:
        organisations: Whose homes they look after.
        everywhere: They look after all organisations, those to come as well.
        version: Goes up with every change of how they come in and how far they reach.
        by_provider: They come in by the OpenID provider, which says what they may do.
        second_factor: They have an app with codes, or a passkey.
        disabled_at: Since when they are let go.
        invited_until: How long their invitation is good that they have not used yet.
        last_here_at: When they were last signed in.
    """

    id: int
    username: str
    name: str
    role: str
    organisations: list[int]
    everywhere: bool
    version: int
    by_provider: bool
    second_factor: bool
    disabled_at: datetime | None = None
    invited_until: datetime | None = None
    last_here_at: datetime | None = None


Organisation: TypeAlias = Annotated[int, msgspec.Meta(ge=1, le=2**53)]


class NewStaff(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who is to work here; `organisations` does not count where it is `everywhere`."""

    username: str
    name: str
    role: str
    organisations: list[Organisation] = []
    everywhere: bool = False


class StaffChange(msgspec.Struct, frozen=True, kw_only=True):
    """What a member of staff is to be; `version` is the one that was looked at."""

    version: Version
    name: str
    role: str
    organisations: list[Organisation] = []
    everywhere: bool = False


class Invitation(msgspec.Struct, frozen=True, kw_only=True):
    """A link by which somebody chooses a password, once. It is shown this once."""

    staff: int
    username: str
    link: str
    expires_at: datetime


@dataclass(frozen=True)
class Grasp:
    """How far whoever acts may reach; `organisations` is None for whoever runs the centre."""

    organisations: frozenset[int] | None
    everywhere: bool

    @property
    def columns(self) -> tuple[bool, list[int]]:
        """As queries take it."""
        return self.everywhere, sorted(self.organisations or ())


OPERATOR = Grasp(None, everywhere=True)


def within(asked: NewStaff | StaffChange, me: Grasp) -> list[int]:
    """The organisations that somebody is to look after, where they may be given so.

    Raises:
        Invalid: There are none, or some that are beyond whoever gives them.
        NotAllowed: All of them, by somebody who has not got that.
    """
    if asked.everywhere:
        if not me.everywhere:
            raise NotAllowed("Only who looks after every organisation may give that to others.")
        return []
    wanted = frozenset(asked.organisations)
    if not wanted:
        raise Invalid("Say whose homes they look after: organisations, or everywhere.")
    if me.organisations is not None and not wanted <= me.organisations:
        beyond = ", ".join(map(str, sorted(wanted - me.organisations)))
        raise Invalid(f"You look after no organisation {beyond}.")
    return sorted(wanted)


def reach(one: StaffMember) -> str:
    """For the audit log, which has numbers and no names."""
    if one.everywhere:
        return "everywhere"
    return " ".join(["organisations", *map(str, one.organisations)])
