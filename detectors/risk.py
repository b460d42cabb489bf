"""What is on record of a person shifts how soon alerts are raised: priors from published studies.

Where an illness is so many times as likely beforehand, an alert may be raised on so many times
weaker evidence and be right as often; so the ratio multiplies the false-alert budget. It does so
tempered, and within a bound: the ratios come from other people, over months rather than days, they
overlap (who takes many medicines has often fallen), and an odds ratio overstates how much likelier
a common event is. Nothing here makes an alert later: that a risk is not on record is no
protection.
"""

from collections.abc import Callable, Iterator
from math import prod
from typing import Annotated, Literal, NamedTuple

import msgspec

from contract import Condition

TEMPER = 0.5
"""The power to which the product of all ratios is raised."""
MOST = 2.0
"""No risk profile multiplies a budget by more, so that the centre's promise keeps its scale."""
MANY_MEDICINES = 5


class RiskProfile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is on record of the person, in words too coarse to name anyone. All of it optional.

    Attributes:
        age: Band of years.
        sex: As on record.
        earlier_uti: An infection of the urinary tract in the last year.
        catheter: A catheter drains the bladder.
        dementia: Dementia, or cognitive impairment.
        earlier_falls: A fall in the last year.
        medicines: How many are taken regularly, from 0 to 50.
        fluid_limit: Drinks are limited for heart or kidney failure.
    """

    age: Literal["under_65", "65_to_79", "80_or_more"] | None = None
    sex: Literal["female", "male"] | None = None
    earlier_uti: bool = False
    catheter: bool = False
    dementia: bool = False
    earlier_falls: bool = False
    medicines: Annotated[int, msgspec.Meta(ge=0, le=50)] = 0
    fluid_limit: bool = False


class Ratio(NamedTuple):
    """A published ratio.

    Attributes:
        condition: Which alerts it is about.
        applies: Whether it does, to a profile.
        ratio: How many times as likely the illness or event is, > 1.
        because: The reason in plain English, within a sentence.
        source: Where it was published, and as what.
    """

    condition: str
    applies: Callable[[RiskProfile], bool]
    ratio: float
    because: str
    source: str


_CALJOUW = "Caljouw 2011, BMC Medicine 9:57: hazard ratio, people of 86 to 90"
_DEANDREA = "Deandrea 2010, Epidemiology 21:658: pooled odds ratio, all fallers"
_SEPPALA = "Seppala 2018, JAMDA 19:372.e1: pooled adjusted odds ratio of polypharmacy"
_MUIR = "Muir 2012, Age and Ageing 41:299: pooled odds ratio"
_NICE = "NICE NG249: half of people fall in a year from 80 on, a third from 65 on"

RATIOS: tuple[Ratio, ...] = (
    Ratio(
        Condition.UTI_RISK,
        lambda risk: risk.earlier_uti,
        3.4,
        "an earlier infection of the urinary tract",
        f"{_CALJOUW}, adjusted",
    ),
    Ratio(
        Condition.UTI_RISK,
        lambda risk: risk.dementia,
        1.9,
        "memory problems",
        f"{_CALJOUW}, adjusted, MMSE below 19",
    ),
    Ratio(
        Condition.UTI_RISK,
        lambda risk: risk.sex == "female",
        1.7,
        "more common in women",
        f"{_CALJOUW}, not adjusted",
    ),
    *(
        ratio
        for condition, of_memory, kind in (
            (Condition.FALL_RISK, 1.44, "any fall, impaired executive function"),
            (Condition.POSSIBLE_FALL, 2.13, "serious injury, impaired global cognition"),
        )
        for ratio in (
            Ratio(condition, lambda risk: risk.earlier_falls, 2.8, "an earlier fall", _DEANDREA),
            Ratio(
                condition,
                lambda risk: risk.medicines >= MANY_MEDICINES,
                1.75,
                "five or more medicines",
                _SEPPALA,
            ),
            Ratio(condition, lambda risk: risk.age == "80_or_more", 1.5, "80 or older", _NICE),
            Ratio(
                condition,
                lambda risk: risk.dementia,
                of_memory,
                "memory problems",
                f"{_MUIR}, {kind}",
            ),
        )
    ),
)
"""All there are. A condition without a published ratio is not shifted."""

_BLIND: dict[str, tuple[Callable[[RiskProfile], bool], str]] = {
    Condition.UTI_RISK: (
        lambda risk: risk.catheter,
        "A catheter is on record; bathroom visits do not tell of passing water.",
    ),
}
_DRINKS = frozenset({Condition.DEHYDRATION_RISK, Condition.UTI_RISK})
_FLUID_LIMIT = "A fluid limit is on record: keep to it when drinks are suggested."


def factor(condition: str, risk: RiskProfile) -> float:
    """By what a budget is multiplied, from 1 to `MOST`."""
    return min(prod(one.ratio for one in applying(condition, risk)) ** TEMPER, MOST)


def applying(condition: str, risk: RiskProfile) -> Iterator[Ratio]:
    """The ratios that apply to a person."""
    return (one for one in RATIOS if one.condition == condition and one.applies(risk))


def reason(condition: str, risk: RiskProfile) -> str:
    """Why alerts are raised sooner, in one sentence; empty where they are not."""
    because = [one.because for one in applying(condition, risk)]
    return f"Alerts sooner than usual: {', '.join(because)}." if because else ""


def blind(condition: str, risk: RiskProfile) -> str:
    """Why this condition cannot be told of this person at all; empty where it can."""
    known = _BLIND.get(condition)
    return known[1] if known and known[0](risk) else ""


def caution(condition: str, risk: RiskProfile) -> str:
    """What staff must keep in mind when they act on it, in one sentence; empty where nothing."""
    return _FLUID_LIMIT if risk.fluid_limit and condition in _DRINKS else ""
