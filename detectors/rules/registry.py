"""Every kind of household rule there is. A new one is one module and one line here."""

from typing import Annotated

import msgspec

from detectors.rules.long_stay import LongStay
from detectors.rules.no_movement_by import NoMovementBy
from detectors.rules.no_use import NoUse
from detectors.rules.open_door import OpenDoor
from detectors.rules.out_of_bed import OutOfBed
from detectors.rules.unoccupied import Unoccupied

Rule = (
    NoUse  # such as no kettle by 10:00
    | NoMovementBy
    | LongStay
    | OutOfBed
    | OpenDoor
    | Unoccupied
)

MOST_RULES = 12
"""In a home. Staff who need more are better served by the detectors."""

Rules = Annotated[tuple[Rule, ...], msgspec.Meta(max_length=MOST_RULES)]


def named_twice(rules: Rules) -> tuple[int, str] | None:
    """The place (from 0) and the name of the first rule that has another's name, or None."""
    names: set[str] = set()
    for index, rule in enumerate(rules):
        if rule.name in names:
            return index, rule.name
        names.add(rule.name)
    return None
