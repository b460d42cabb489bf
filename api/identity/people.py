"""Staff, as the rest of the centre sees them."""

from datetime import datetime
from enum import StrEnum

import msgspec

from api.store.reach import Reach, within


class Role(StrEnum):
    """What a member of staff is trusted with. Each may do what those before it may."""

    OPERATOR = "operator"  # handles alerts
    SUPERVISOR = "supervisor"
    ADMINISTRATOR = "administrator"


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
    """

    organisations: tuple[int, ...]
    session: int = 0

    @property
    def shown(self) -> User:
        """As others see them, who need not know what they look after."""
        return User(id=self.id, username=self.username, name=self.name, role=self.role)

    @property
    def reach(self) -> Reach:
        """What they may see and change."""
        return within(
            self.organisations, actor=self.actor, session=f"{self.session}" if self.session else ""
        )

    @property
    def actor(self) -> str:
        """As the audit log names them."""
        return f"staff:{self.id}"


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
