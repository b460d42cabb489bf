"""How many false alerts a month are borne of each condition in one home, and why.

A home's budget is the centre's own for it, or the default; times what its risk profile says; times
what staff recorded of its earlier alerts. Each factor has its bounds in its own module.
"""

import msgspec

from contract import Assessment, Condition, State
from detectors import feedback, risk
from detectors.profile import HomeProfile

BUDGETS: dict[str, float] = {
    Condition.DEHYDRATION_RISK: 0.25,
    Condition.UTI_RISK: 0.25,
    Condition.FALL_RISK: 0.3,
    Condition.POSSIBLE_FALL: 0.2,
    Condition.NO_MOVEMENT: 0.25,
    Condition.NIGHT_WANDERING: 0.1,
    Condition.UNUSUAL_DAY: 0.5,
    Condition.SENSOR_SILENT: 0.5,  # of all sensors of a home together
}
"""False alerts per person-month."""


def budget(condition: str, profile: HomeProfile, day: int | None = None) -> float:
    """What is borne of a condition in a home on a day, in false alerts per person-month.

    Args:
        condition: One of `BUDGETS`.
        profile: The home.
        day: The local day, as an ordinal. Without it what staff recorded does not count, for it
            fades from day to day.
    """
    own = profile.budget.get(condition, BUDGETS[condition]) * risk.factor(condition, profile.risk)
    return own if day is None else own * feedback.factor(condition, profile.outcomes, day)


def reasons(condition: str, profile: HomeProfile, day: int) -> list[str]:
    """Why alerts of this home come sooner or later than others, one sentence each."""
    found = (
        risk.reason(condition, profile.risk),
        feedback.reason(condition, profile.outcomes, day),
        risk.caution(condition, profile.risk),
    )
    return [sentence for sentence in found if sentence]


class Allowance:
    """What one home bears of one condition, from day to day, and how its answers say so.

    False alerts do not follow a limit as theory has it: lives hold changes that are nobody's fault.
    So that they follow the budget, what is reckoned with moves by a power of it that was learned.

    Args:
        condition: One of `BUDGETS`.
        profile: The home.
        steepness: That power, > 0.

    Attributes:
        blind: Why the condition cannot be told in this home at all; empty where it can.
    """

    def __init__(self, condition: str, profile: HomeProfile, steepness: float = 1.0) -> None:
        self._condition = condition
        self._steepness = steepness
        self._profile = profile
        self.blind = risk.blind(condition, profile.risk)
        self._before_feedback = budget(condition, profile)
        self._day: int | None = None
        self._today = self._before_feedback

    def on(self, day: int) -> float:
        """What is reckoned with on a day (an ordinal), in false alerts per person-month."""
        if day != self._day:
            outcomes = self._profile.outcomes
            self._day = day
            own = self._before_feedback * feedback.factor(self._condition, outcomes, day)
            default = BUDGETS[self._condition]
            self._today = default * (own / default) ** self._steepness
        return self._today

    def told(self, answer: Assessment, day: int) -> Assessment:
        """The answer as staff should have it: with the reasons, or blind where it must be."""
        if self.blind:
            return msgspec.structs.replace(
                answer,
                state=State.BLIND,
                score=0.0,
                evidence=[],
                reason=self.blind,
                text=self.blind,
                prompt="",
            )
        if answer.state not in {State.RAISED, State.NORMAL}:
            return answer
        why = reasons(self._condition, self._profile, day)
        if not why:
            return answer
        prompt = answer.prompt
        if prompt and (caution := risk.caution(self._condition, self._profile.risk)):
            prompt = f"{prompt} {caution}"
        return msgspec.structs.replace(answer, excluded=[*answer.excluded, *why], prompt=prompt)
