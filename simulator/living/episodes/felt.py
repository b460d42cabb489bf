"""What all that has befallen somebody does to them at one moment."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Effects:
    """Factors are of the usual where nothing else is said.

    Attributes:
        capacity: Of the bladder.
        irritation: Urges an hour that no full bladder explains.
        thirst: Share of the usual drinks that is taken.
        pace: Of walking.
        activity: Of what is done beyond the needs of the day.
        unrest: Wakings an hour of the night that nothing else explains.
        wandering: Of those wakings, the share that leads through the home rather than back to bed.
        dose_ml_min: What the kidneys pass besides, in the hours after a tablet taken on getting up.
    """

    capacity: float = 1.0
    irritation: float = 0.0
    thirst: float = 1.0
    pace: float = 1.0
    activity: float = 1.0
    unrest: float = 0.0
    wandering: float = 0.0
    dose_ml_min: float = 0.0


WELL = Effects()


def together(many: Iterable[Effects]) -> Effects:
    """Several effects at once."""
    total = WELL
    for one in many:
        total = Effects(
            capacity=total.capacity * one.capacity,
            irritation=total.irritation + one.irritation,
            thirst=total.thirst * one.thirst,
            pace=total.pace * one.pace,
            activity=total.activity * one.activity,
            unrest=total.unrest + one.unrest,
            wandering=max(total.wandering, one.wandering),
            dose_ml_min=total.dose_ml_min + one.dose_ml_min,
        )
    return total
