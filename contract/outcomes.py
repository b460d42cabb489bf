"""What an alert can turn out to be: the one table of codes, what each means, what it teaches."""

from enum import StrEnum

import msgspec

from contract.vocabulary import Outcome, Severity


class Teaching(StrEnum):
    """What a detector makes of an outcome: whether the next alert of its kind comes sooner."""

    SOONER = "sooner"
    LATER = "later"
    NOTHING = "nothing"


class OutcomeCode(msgspec.Struct, frozen=True, kw_only=True):
    """One code.

    Attributes:
        code: The word on the wire.
        means: In words.
        of_person: What it teaches about alerts of the person, urgent and advisory.
        of_equipment: What it teaches about technical alerts.
    """

    code: Outcome
    means: str
    of_person: Teaching
    of_equipment: Teaching

    @property
    def is_told(self) -> bool:
        """Whether hubs are told of it: it teaches something."""
        return {self.of_person, self.of_equipment} != {Teaching.NOTHING}

    def teaches(self, severity: Severity) -> Teaching:
        """What it teaches about alerts of a severity."""
        return self.of_equipment if severity is Severity.TECHNICAL else self.of_person


def _code(code: Outcome, means: str, of_person: Teaching, of_equipment: Teaching) -> OutcomeCode:
    return OutcomeCode(code=code, means=means, of_person=of_person, of_equipment=of_equipment)


_SOONER, _LATER, _NOTHING = Teaching.SOONER, Teaching.LATER, Teaching.NOTHING

OUTCOMES: dict[Outcome, OutcomeCode] = {
    one.code: one
    for one in (
        _code(
            Outcome.TRUE_CONCERN, "Something was wrong, and help was given or arranged.",
            _SOONER, _SOONER,
        ),
        _code(
            Outcome.KNOWN_REASON,
            "It happened, for a reason that is no concern: away, visitors, a known habit.",
            _LATER, _LATER,
        ),
        _code(Outcome.FALSE_ALARM, "It did not happen.", _LATER, _LATER),
        _code(
            Outcome.NO_CONTACT, "Nobody could be reached; handed on as the plan says.",
            _NOTHING, _NOTHING,
        ),
        _code(
            Outcome.EQUIPMENT, "A sensor, a hub or its link was at fault, and was seen to.",
            _NOTHING, _SOONER,
        ),
        _code(Outcome.TEST, "Raised on purpose.", _NOTHING, _NOTHING),
    )
}  # fmt: skip
"""Every code, in the order in which staff are offered them."""
