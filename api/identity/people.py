"""Staff, as the rest of the centre sees them."""

from collections.abc import Iterable
from datetime import datetime

import msgspec

from api.identity.permissions import Permission, Role, allowed, only
from api.refusals import EnrolFirst, NotAllowed
from api.store.reach import Reach, common, within


class User(msgspec.Struct, frozen=True, kw_only=True):
    """A member of staff."""

    id: int
    username: str
    name: str
    role: str


class Member(User, frozen=True, kw_only=True):
    """A member of staff who is at work, with the organisations that they look after.

    Attributes:
        session: The number of the session that they work in; 0 outside of one.
        token: The number of the token by which a program acts for them; 0 where they do.
        version: Of what lets them in and how far they reach; a session opens only while it is so.
        must_enrol: They may do nothing before they have set up their second factor.
        scopes: What that token is for; None where there is no token.
    """

    organisations: tuple[int, ...]
    session: int = 0
    token: int = 0
    scopes: tuple[str, ...] | None = None
    version: int = 0
    must_enrol: bool = False

    @property
    def shown(self) -> User:
        """As others see them, who need not know what they look after."""
        return User(id=self.id, username=self.username, name=self.name, role=self.role)

    @property
    def reach(self) -> Reach:
        """What they may see and change.

        Staff of the centre watch over these homes, and nobody's consent is asked for that. A care
        professional sees those whose people have agreed to be shared with a care team.
        """
        return self._within(self._purpose)

    @property
    def common_reach(self) -> Reach:
        """The same in nobody's name: equal for all who may see the same, to share a reading."""
        return common(self.organisations, purpose=self._purpose)

    @property
    def by_consent(self) -> bool:
        """Whether they see those homes alone whose people have agreed to it."""
        return self.role == Role.CARE_PROFESSIONAL

    @property
    def whole_reach(self) -> Reach:
        """The same for whatever asks by itself, of everybody, for what people have agreed to."""
        return self._within("")

    @property
    def _purpose(self) -> str:
        return "care_team" if self.by_consent else ""

    def _within(self, purpose: str) -> Reach:
        session = f"{self.session}" if self.session else ""
        return within(self.organisations, actor=self.actor, session=session, purpose=purpose)

    def may(self, permission: Permission) -> bool:
        """Whether they may do something."""
        scoped = self.scopes is None or permission in self.scopes
        return not self.must_enrol and scoped and permission in allowed(self.role)

    def demand(self, permission: Permission) -> None:
        """Goes on only where they may.

        Raises:
            NotAllowed: They may not; says who may.
        """
        if self.may(permission):
            return
        if self.must_enrol:
            if self.token:
                raise NotAllowed("Whose token this is must set up their second factor first.")
            raise EnrolFirst("Set up your second factor first: /second-factor.")
        if permission in allowed(self.role):
            raise NotAllowed(f"This token has not the scope {permission}.")
        raise NotAllowed(only(permission))

    @property
    def actor(self) -> str:
        """As the audit log names them."""
        return f"token:{self.token} of staff:{self.id}" if self.token else f"staff:{self.id}"


class AtTheMachine(Member, frozen=True, kw_only=True):
    """Whoever runs the centre, by a command at its own machine: nobody of staff."""

    @property
    def actor(self) -> str:
        """As the audit log names them."""
        return "command"


def at_the_machine(organisations: Iterable[int]) -> Member:
    """Somebody who may do everything for these organisations."""
    return AtTheMachine(
        id=0, username="command", name="Command", role=Role.ADMINISTRATOR,
        organisations=tuple(organisations),
    )  # fmt: skip


class Session(msgspec.Struct, frozen=True, kw_only=True):
    """A signed-in member of staff.

    Attributes:
        csrf: Must come with every request that changes something, as the form field `csrf_token`
            or the header `X-CSRF-Token`.
        expires_at: When they must sign in again.
    """

    user: Member
    csrf: str
    expires_at: datetime
