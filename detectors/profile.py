"""What a detector is told about a home before any event: nothing that names a person."""

from typing import Annotated

import msgspec

from detectors.feedback import Recorded
from detectors.home_context import Known
from detectors.risk import RiskProfile
from detectors.rules.registry import Rules, named_twice

Budget = Annotated[float, msgspec.Meta(gt=0, le=30)]


class SensorRole(msgspec.Struct, frozen=True, kw_only=True):
    """A sensor that was fitted, whether or not it has spoken yet."""

    sensor: str
    kind: str
    place: str


Setting = bool | int | float | str


class UnusualDay(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How unusual days are watched for, in a home that asks for it.

    Attributes:
        scorer: `RobustScorer`, or the name of an anomaly detector of river.
        parameters: Of the scorer, by name; what is not named takes a default that suits days.
        drift: The detector of river that tells a lasting change of routine: `ADWIN`,
            `PageHinkley`, `KSWIN`, or `none`.
        drift_parameters: Of that, likewise.
    """

    scorer: str = "RobustScorer"
    parameters: dict[str, Setting] = {}
    drift: str = "ADWIN"
    drift_parameters: dict[str, Setting] = {}


class HomeProfile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One home, as its detectors need to know it.

    Attributes:
        home: Pseudonymous identifier.
        time_zone: IANA name.
        people: How many live there.
        budget: False alerts per person-month that the centre will bear, by condition; a condition
            that is not named takes its detector's default.
        sensors: What was fitted, where known; otherwise sensors are learned from what they say.
        risk: What is on record of the person; it makes some alerts sooner.
        outcomes: What staff recorded of earlier alerts; it makes the next ones sooner or later.
        context: What staff know of the home that its sensors cannot, with its days.
        rules: What staff asked to be told of besides, each under a name of its own.
        unusual_day: How unusual days are watched for; None where they are not.

    Raises:
        ValueError: Two rules have one name.
    """

    home: str
    time_zone: str = "Europe/London"
    people: Annotated[int, msgspec.Meta(ge=1, le=20)] = 1
    budget: dict[str, Budget] = {}
    sensors: tuple[SensorRole, ...] = ()
    risk: RiskProfile = RiskProfile()
    outcomes: tuple[Recorded, ...] = ()
    context: tuple[Known, ...] = ()
    rules: Rules = ()
    unusual_day: UnusualDay | None = None

    def __post_init__(self) -> None:
        """Refuses two rules of one name: an alert would not tell which of them it is about."""
        if (twice := named_twice(self.rules)) is not None:
            index, name = twice
            raise ValueError(
                f"rules[{index}].name: {name!r} names a rule above; allowed is each name once"
            )
