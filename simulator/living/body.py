"""Water through a body: drunk, absorbed, made into urine, held, passed. Small on purpose.

Three pools in millilitres. The gut empties into the blood with a time constant of 40 minutes. The
balance of the blood counts from the person's own set point; what lungs, skin and stool take leaves
it evenly. The kidneys pass 0.9 ml a minute at the set point, more or less as the balance is above
or below it, and never less than the 0.35 ml a minute (half a litre a day) that waste alone needs.
In sleep they hardly rest: the nights of the old are not those of the young.
"""

from dataclasses import dataclass
from math import exp

_GUT_MIN = 40.0
_INSENSIBLE_ML_MIN = 0.55
_KIDNEY_ML_MIN = 0.9
_KIDNEY_MIN = 400.0  # minutes over which the kidneys let go of a surplus
_LEAST_ML_MIN = 0.35
_MOST_ML_MIN = 8.0
_SLEEP = 0.95
_STEP_MIN = 20.0
_OVERFLOW = 1.6  # of the capacity; beyond it nobody holds


@dataclass
class Body:
    """The water of one person.

    Attributes:
        capacity_ml: What the bladder holds when well, in ml.
        gut_ml, bladder_ml: Never negative.
        balance_ml: Above or below the set point.
    """

    capacity_ml: float
    gut_ml: float = 100.0
    balance_ml: float = 0.0
    bladder_ml: float = 100.0

    def drink(self, ml: float) -> None:
        """Takes in water, in drinks or food."""
        self.gut_ml += ml

    def live(self, seconds: float, *, asleep: bool) -> None:
        """Lets time pass."""
        minutes = seconds / 60
        while minutes > 0:
            step = min(minutes, _STEP_MIN)
            self._pass(step, asleep=asleep)
            minutes -= step

    def urge(self, capacity: float = 1.0) -> float:
        """How full the bladder feels: 1 is full, where `capacity` is the share that it can hold."""
        return self.bladder_ml / (self.capacity_ml * capacity)

    def void(self) -> float:
        """Empties the bladder but for a small rest; returns the millilitres passed."""
        passed = self.bladder_ml * 0.95
        self.bladder_ml -= passed
        return passed

    def _pass(self, minutes: float, *, asleep: bool) -> None:
        absorbed = self.gut_ml * (1 - exp(-minutes / _GUT_MIN))
        self.gut_ml -= absorbed
        rate = _KIDNEY_ML_MIN + self.balance_ml / _KIDNEY_MIN
        urine = min(max(rate, _LEAST_ML_MIN), _MOST_ML_MIN) * (_SLEEP if asleep else 1.0) * minutes
        self.balance_ml += absorbed - _INSENSIBLE_ML_MIN * minutes - urine
        self.bladder_ml = min(self.bladder_ml + urine, self.capacity_ml * _OVERFLOW)
