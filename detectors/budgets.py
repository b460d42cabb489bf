"""How many false alerts a month a centre bears of each condition, unless it says otherwise."""

from contract import Condition
from detectors.profile import HomeProfile

BUDGETS: dict[str, float] = {
    Condition.DEHYDRATION_RISK: 0.3,
    Condition.UTI_RISK: 0.3,
    Condition.FALL_RISK: 0.3,
    Condition.POSSIBLE_FALL: 0.2,
    Condition.NO_MOVEMENT: 0.25,
    Condition.UNUSUAL_DAY: 0.5,
    Condition.SENSOR_SILENT: 0.5,  # of all sensors of a home together
}
"""False alerts per person-month."""


def budget(condition: str, profile: HomeProfile) -> float:
    """The home's own budget for a condition, else the default."""
    return profile.budget.get(condition, BUDGETS[condition])
