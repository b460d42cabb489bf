"""The rule "up and about by a time of the day"."""

from contract import SensorEvent
from detectors.features.places import PERSON_KINDS, SEEING
from detectors.models.usual import Prior
from detectors.rules.form import Clock, RuleForm, seconds, span
from detectors.rules.tally import TallyState, TallyWatch, Words
from detectors.rules.watch import Setting, Watch

USUAL = Prior(level=20.0, dispersion=200.0)
"""Signs of life by that time, before any was seen."""


class NoMovementBy(RuleForm, frozen=True, kw_only=True, tag="no_movement_by"):
    """Nobody has stirred anywhere in the home by a time of the day.

    Attributes:
        by: By when.
        since: From when on movement counts, on the same day.
    """

    by: Clock
    since: Clock = "05:00"

    def __post_init__(self) -> None:
        """Refuses hours that are none."""
        if seconds(self.since) >= seconds(self.by):
            raise ValueError(f"since is {self.since}; allowed is a time before by = {self.by}")

    def watch(self, setting: Setting) -> Watch:
        """Its watch in one home."""
        return NoMovementByWatch(self, setting)


class MovementState(TallyState):
    """What is remembered besides: whether any sensor sees people."""

    sees: bool = False


class NoMovementByWatch(TallyWatch[MovementState]):
    """Watches for the first sign of life of a day."""

    def __init__(self, rule: NoMovementBy, setting: Setting) -> None:
        words = Words(
            raised=f"No movement anywhere between {rule.since} and {rule.by}.",
            normal=f"There is movement by {rule.by}, as the rule asks.",
            prompt="Call the person; if there is no answer, ask a neighbour or send someone.",
            measure="signs_of_life",
            label=f"Signs of life between {rule.since} and {rule.by}",
            unit="signs",
            usual=USUAL,
        )
        super().__init__(
            span(rule.since, rule.by, rule.weekdays), {}, words, setting, MovementState()
        )

    def counts(self, event: SensorEvent) -> bool:
        """Anything that only a person makes happen."""
        memory = self.memory
        memory.sees = memory.sees or event.kind in SEEING
        return event.kind in PERSON_KINDS

    def excuse(self) -> str:
        """Who has gone out does not stir at home."""
        return self.out()

    def why_blind(self) -> str:
        """Movement takes a sensor that sees it."""
        return "" if self.memory.sees else "No motion or presence sensor has been heard."
