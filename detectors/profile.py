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

    def __post_init__(self) -> None:
        """Refuses two rules of one name: an alert would not tell which of them it is about."""
        if (twice := named_twice(self.rules)) is not None:
            index, name = twice
            raise ValueError(
                f"rules[{index}].name: {name!r} names a rule above; allowed is each name once"
            )
