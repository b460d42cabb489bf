"""What the centre's answers mean for the hub."""

from dataclasses import dataclass
from http import HTTPStatus

from contract import Downlink, Receipt


@dataclass(frozen=True, slots=True)
class Received:
    """The centre has stored what it says."""

    receipt: Receipt


@dataclass(frozen=True, slots=True)
class Told:
    """The centre says what is new."""

    downlink: Downlink


@dataclass(frozen=True, slots=True)
class Away:
    """The centre cannot be reached or is busy: try again, not before `retry_after` seconds.

    Where it was too `slow`, less at once may get through. Where its certificate is `untrusted`,
    somebody else may be there.
    """

    why: str
    retry_after: float = 0.0
    slow: bool = False
    untrusted: bool = False

    @property
    def sentence(self) -> str:
        """Why, and how long it is left alone, as it asked."""
        wait = f" (no new try before {self.retry_after:.0f} s)" if self.retry_after else ""
        return f"{self.why}{wait}"


@dataclass(frozen=True, slots=True)
class TooLarge:
    """The batch is more than the centre takes at once."""

    why: str


@dataclass(frozen=True, slots=True)
class Refused:
    """The centre will not have it, and trying again soon will not change that.

    Where it erased the home, it says to `forget` everything of it.
    """

    why: str
    status: int
    forget: bool = False


def is_unknown(answer: object) -> bool:
    """Whether the centre does not know the hub by its token."""
    return isinstance(answer, Refused) and answer.status == HTTPStatus.UNAUTHORIZED


Answer = Received | Away | TooLarge | Refused
"""To a batch."""
Asked = Told | Away | Refused
"""To the question what is new."""
