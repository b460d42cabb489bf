"""Water through a body: drunk, absorbed, made into urine, held, passed, sweated. Small on purpose.

Three pools in millilitres. The gut empties into the blood with a time constant of 40 minutes. The
balance of the blood counts from the person's own set point; what lungs, skin and stool take leaves
it evenly, and more where it is warm. The kidneys pass 0.9 ml a minute at the set point, more or
less as the balance is above or below it, and never less than the 0.35 ml a minute (half a litre a
day) that waste alone needs. In sleep they hardly rest: the nights of the old are not those of the
young. What is missing from the balance makes tired.
"""

from dataclasses import dataclass
from math import exp
from typing import Final

_GUT_MIN: Final = 40.0
_INSENSIBLE_ML_MIN: Final = 0.55
_KIDNEY_ML_MIN: Final = 0.9
_KIDNEY_MIN: Final = 400.0  # minutes over which the kidneys let go of a surplus
_LEAST_ML_MIN: Final = 0.35
_MOST_ML_MIN: Final = 8.0
_SLEEP: Final = 0.95
_STEP_MIN: Final = 60.0
_LEFT: Final = exp(-_STEP_MIN / _GUT_MIN)  # in the gut after a step
_OVERFLOW: Final = 1.6  # of the capacity; beyond it nobody holds
_COMFORT_C: Final = 22.0  # from where on one sweats at rest
_SWEAT_ML_MIN_C: Final = 0.09
_DRY_ML: Final = 350.0  # missing: from where it is felt
_VERY_DRY_ML: Final = 1600.0  # and where it is crippling


@dataclass
class Body:
    """The water of one person.

    Attributes:
        capacity_ml: What the bladder holds when well, in ml.
        gut_ml, bladder_ml: Never negative.
        balance_ml: Above or below the set point.
        driven_ml_min: What a tablet makes the kidneys pass besides, whatever the balance.
        warmth_c: Of the air around, in degrees Celsius.
    """

    capacity_ml: float
    gut_ml: float = 100.0
    balance_ml: float = 0.0
    bladder_ml: float = 100.0
    driven_ml_min: float = 0.0
    warmth_c: float = 20.0

    def drink(self, ml: float) -> None:
        """Takes in water, in drinks or food."""
        self.gut_ml += ml

    def live(self, seconds: float, *, asleep: bool) -> None:
        """Lets time pass."""
        gut, balance, urine = self.gut_ml, self.balance_ml, 0.0
        minutes = seconds / 60
        while minutes > _STEP_MIN:
            gut, balance, made = self._flow(gut, balance, _STEP_MIN, asleep)
            urine += made
            minutes -= _STEP_MIN
        gut, balance, made = self._flow(gut, balance, minutes, asleep)
        urine += made
        self.gut_ml, self.balance_ml = gut, balance
        self.bladder_ml = min(self.bladder_ml + urine, self.capacity_ml * _OVERFLOW)

    def fills(self, ml: float, *, asleep: bool) -> float:
        """Seconds until the bladder will hold so much, if nothing more is drunk."""
        gut, balance, missing, hours = self.gut_ml, self.balance_ml, ml - self.bladder_ml, 0
        if missing <= 0:
            return 0.0
        later = self._flow(gut, balance, _STEP_MIN, asleep)
        while later[2] < missing:
            gut, balance, missing, hours = later[0], later[1], missing - later[2], hours + 1
            later = self._flow(gut, balance, _STEP_MIN, asleep)
        minutes = _STEP_MIN * missing / later[2]
        made = self._flow(gut, balance, minutes, asleep)[2]  # not as much as even flow would make
        return (hours * _STEP_MIN + min(minutes * missing / made, _STEP_MIN)) * 60

    def soonest(self, ml: float) -> float:
        """Seconds before which the bladder cannot hold so much, if nothing more is drunk."""
        most = _KIDNEY_ML_MIN + max(self.balance_ml + self.gut_ml, 0.0) / _KIDNEY_MIN
        return (ml - self.bladder_ml) / (min(most, _MOST_ML_MIN) + self.driven_ml_min) * 60

    def urge(self, capacity: float = 1.0) -> float:
        """How full the bladder feels: 1 is full, where `capacity` is the share that it can hold."""
        return self.bladder_ml / (self.capacity_ml * capacity)

    def void(self) -> float:
        """Empties the bladder but for a small rest; returns the millilitres passed."""
        passed = self.bladder_ml * 0.95
        self.bladder_ml -= passed
        return passed

    @property
    def dryness(self) -> float:
        """How dry they are: from 0, nothing is felt, to 1, hardly able to do anything."""
        missing = -self.balance_ml - _DRY_ML
        return 0.0 if missing <= 0 else min(missing / (_VERY_DRY_ML - _DRY_ML), 1.0)

    def _flow(
        self, gut: float, balance: float, minutes: float, asleep: bool
    ) -> tuple[float, float, float]:
        """Gut and balance after some minutes, at most a step, and the urine made in them."""
        left = gut * (_LEFT if minutes == _STEP_MIN else exp(-minutes / _GUT_MIN))
        absorbed = gut - left
        rate = _KIDNEY_ML_MIN + (balance + absorbed / 2) / _KIDNEY_MIN
        if rate < _LEAST_ML_MIN:
            rate = _LEAST_ML_MIN
        elif rate > _MOST_ML_MIN:
            rate = _MOST_ML_MIN
        urine = (rate * (_SLEEP if asleep else 1.0) + self.driven_ml_min) * minutes
        lost = _INSENSIBLE_ML_MIN
        if self.warmth_c > _COMFORT_C:
            lost += (self.warmth_c - _COMFORT_C) * _SWEAT_ML_MIN_C
        return left, balance + absorbed - lost * minutes - urine, urine
