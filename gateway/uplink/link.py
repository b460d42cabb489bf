"""How the hub stands with its centre, as one table: state x what came of a try -> state, wait.

What is sent and what a receipt means is the sender's affair; when the next try is made is told here
and nowhere else.
"""

from enum import StrEnum
from typing import NamedTuple


class LinkState(StrEnum):
    """How the hub stands with its centre."""

    UNKNOWN = "unknown"  # nothing is known yet of what the centre has
    SENDING = "sending"  # it receives, and there is more for it
    UP_TO_DATE = "up_to_date"  # it has everything
    AWAY = "away"  # it cannot be reached or is busy
    REFUSED = "refused"  # it will not have what the hub says


class Outcome(StrEnum):
    """What came of a try, or of waiting."""

    NEWS = "news"  # something is there that the centre has not
    MORE = "more"  # received, and more is there
    ALL = "all"  # received, and nothing more is there
    AWAY = "away"
    REFUSED = "refused"
    TOO_LARGE = "too_large"  # and it can be made smaller
    MISDATED = "misdated"  # the token bore the wrong time or key, and now another is known
    RENUMBERED = "renumbered"  # the numbers stood for other records, and now others are used


class Wait(StrEnum):
    """What to wait for before the next try."""

    NOTHING = "nothing"
    NEWS = "news"
    SOON = "soon"  # a wait that doubles, with jitter
    LATE = "late"  # the same, but longer: a person has to see to it


class Turn(NamedTuple):
    """One entry of the table."""

    to: LinkState
    wait: Wait


_TRYING = (LinkState.UNKNOWN, LinkState.SENDING, LinkState.AWAY, LinkState.REFUSED)

TABLE: dict[tuple[LinkState, Outcome], Turn] = {
    (LinkState.UP_TO_DATE, Outcome.NEWS): Turn(LinkState.SENDING, Wait.NOTHING),
    # No try was made: what there is to send could not be read.
    (LinkState.UP_TO_DATE, Outcome.AWAY): Turn(LinkState.AWAY, Wait.SOON),
    **{
        (state, outcome): turn
        for state in _TRYING
        for outcome, turn in (
            (Outcome.MORE, Turn(LinkState.SENDING, Wait.NOTHING)),
            (Outcome.ALL, Turn(LinkState.UP_TO_DATE, Wait.NEWS)),
            (Outcome.AWAY, Turn(LinkState.AWAY, Wait.SOON)),
            (Outcome.REFUSED, Turn(LinkState.REFUSED, Wait.LATE)),
            (Outcome.TOO_LARGE, Turn(state, Wait.NOTHING)),
            (Outcome.MISDATED, Turn(state, Wait.NOTHING)),
            (Outcome.RENUMBERED, Turn(state, Wait.NOTHING)),
        )
    },
}
"""Every turn there is. While the centre has everything, nothing is tried; while something is tried,
news changes nothing."""


def tries(state: LinkState) -> bool:
    """Whether a try is made in a state."""
    return state in _TRYING
