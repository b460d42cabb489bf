"""What staff know of a home that its sensors cannot: who is away, who is visiting, who moved in.

A detector does not alert through such days. Away or in hospital, nobody can be missed; with
visitors, nobody's routine can be told from theirs; once somebody or a pet has moved in or out, what
was usual is learned anew.
"""

from datetime import date
from enum import StrEnum

import msgspec

from detectors.moment import plain_day


class Situation(StrEnum):
    """What may be the matter in a home, for a time or from a day on."""

    AWAY = "away"
    HOSPITAL = "hospital"
    VISITORS = "visitors"
    SECOND_RESIDENT = "second_resident"
    PET = "pet"
    PAUSED = "paused"  # nothing was recorded for a part of these days


_SAID = {
    Situation.AWAY: "Away from home",
    Situation.HOSPITAL: "In hospital",
    Situation.VISITORS: "Visitors in the home",
    Situation.SECOND_RESIDENT: "Somebody else lives here",
    Situation.PET: "A pet lives here",
    Situation.PAUSED: "Recording was paused for a time",
}
_ELSEWHERE = frozenset({Situation.AWAY, Situation.HOSPITAL})
_LASTING = frozenset({Situation.SECOND_RESIDENT, Situation.PET})


class Known(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One thing that staff recorded of a home.

    Attributes:
        situation: What is the matter.
        since: The first local day.
        until: The last local day; None while it goes on.

    Raises:
        ValueError: It ends before it begins.
    """

    situation: Situation
    since: date
    until: date | None = None

    def __post_init__(self) -> None:
        if self.until is not None and self.until < self.since:
            raise ValueError(f"until {self.until} is before since {self.since}")

    def holds_on(self, day: int) -> bool:
        """Whether it is so on a local day, as an ordinal."""
        begun = self.since.toordinal() <= day
        return begun and (self.until is None or day <= self.until.toordinal())

    def changes_on(self, day: int) -> bool:
        """Whether a lasting one begins on a local day, or has ended the day before."""
        ended = self.until is not None and self.until.toordinal() + 1 == day
        return self.situation in _LASTING and (self.since.toordinal() == day or ended)

    @property
    def said(self) -> str:
        """The same as a sentence."""
        upto = "" if self.until is None else f" until {plain_day(self.until.toordinal())}"
        since = plain_day(self.since.toordinal())
        return f"{_SAID[self.situation]} since {since}{upto}, as recorded by staff."


def elsewhere(known: tuple[Known, ...], day: int) -> str:
    """Why nobody can be missed at home on a local day; empty where somebody can."""
    return _first(known, day, _ELSEWHERE)


def not_alone(known: tuple[Known, ...], day: int) -> str:
    """Why a person's routine cannot be told on a local day; empty where it can."""
    return _first(known, day, _ELSEWHERE | {Situation.VISITORS})


def not_whole(known: tuple[Known, ...], day: int) -> str:
    """Why a local day cannot be held against others; empty where it can.

    Unlike :func:`not_alone` it also tells days of which a part was not recorded. What is judged
    over minutes is judged again as soon as recording goes on.
    """
    return _first(known, day, _ELSEWHERE | {Situation.VISITORS, Situation.PAUSED})


def anew(known: tuple[Known, ...], day: int) -> bool:
    """Whether what is usual is to be learned anew from a local day on."""
    return any(one.changes_on(day) for one in known)


def _first(known: tuple[Known, ...], day: int, situations: frozenset[Situation]) -> str:
    return next(
        (one.said for one in known if one.situation in situations and one.holds_on(day)), ""
    )
