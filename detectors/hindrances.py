"""Why a part of a day says nothing about a person's routine, in words that staff can read.

Each answers with a sentence, or with nothing where there is no such hindrance.
"""

from collections.abc import Iterable, Sequence
from math import log

import msgspec

from detectors.features.presence import Absence
from detectors.models.counts import CountModel
from detectors.models.usual import Prior
from detectors.moment import plain_day

CERTAINLY_LOST = 12.0
"""A silence this unlikely (minus its log probability) is the sensor's, not the person's."""
EPISODE_DAYS = 5
"""Where even the strongest form could not be told within so many days, nothing can be said."""
OTHERS = "Far more movement than usual in the other rooms; perhaps visitors, or a pet."
KEPT_DAYS = 7


def unseen(absence: Absence, least_seen: float, part: str) -> str:
    """Nobody could be seen for most of it."""
    if absence.unseen <= 1 - least_seen:
        return ""
    if absence.out > absence.unseen / 2:
        return f"Out of the home, or not to be seen, for {absence.unseen:.0%} of the {part}."
    return f"Nobody was seen for {absence.unseen:.0%} of the {part}."


def unheard(sensors: Sequence[str]) -> str:
    """Sensors that tell of the routine and usually speak often said nothing all day."""
    return f"Nothing all day from {', '.join(sensors)}." if sensors else ""


def lost(silences: Sequence[float]) -> str:
    """All that is measured has been silent too long to be the person's doing."""
    if silences and min(silences) > 0 and sum(silences) >= CERTAINLY_LOST:
        return "Nothing at all of what is measured here; the sensor may be lost."
    return ""


def too_little(
    counts: Sequence[tuple[Sequence[float | None], Prior, CountModel]], limit: float
) -> str:
    """Happenings are too few or too irregular to show even a marked change soon.

    After Lorden: no test can take fewer days, on average, than the logarithm of its limit divided
    by what a day of the change says for it.

    Args:
        counts: Of each count its effects (one for each form of the illness), prior and model.
        limit: Of the sequential test, > 1.
    """
    forms = zip(*(effects for effects, _, _ in counts), strict=True)
    most = max(
        sum(
            model.information(effect, prior)
            for effect, (_, prior, model) in zip(form, counts, strict=True)
            if effect is not None
        )
        for form in forms
    )
    if most * EPISODE_DAYS >= log(limit):
        return ""
    return "Too little happens here as a rule to notice even a marked change within days."


class SetAside(msgspec.Struct, array_like=True):
    """A part of a day that was not counted.

    Attributes:
        day: The local day, as an ordinal.
        why: In a sentence.
    """

    day: int
    why: str


def keep(aside: list[SetAside], day: int, why: str) -> None:
    """Notes that a part of a day was set aside, and forgets those of more than a week ago."""
    if not aside or aside[-1] != SetAside(day, why):
        aside.append(SetAside(day, why))
    while aside[0].day <= day - KEPT_DAYS:
        aside.pop(0)


def told(aside: Iterable[SetAside], today: int) -> list[str]:
    """The parts of the last week that were not counted, one sentence each, the latest first."""
    recent = [one for one in aside if one.day > today - KEPT_DAYS]
    return [f"Not counted, {plain_day(one.day)}: {one.why}" for one in reversed(recent)]
