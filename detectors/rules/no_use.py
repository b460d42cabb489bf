"""The rule "used by a time of the day", such as the kettle by 10:00."""

from contract import SensorEvent
from detectors.features.places import EXITS, PERSON_KINDS, plain
from detectors.models.usual import Prior
from detectors.rules.form import Clock, Place, RuleForm, seconds, span
from detectors.rules.hearing import OFTEN_USED, SELDOM_USED
from detectors.rules.tally import TallyState, TallyWatch, Words
from detectors.rules.watch import Setting, Watch

USUAL = Prior(level=2.0, dispersion=2.0)
"""Uses by that time, before any was seen."""


class NoUse(RuleForm, frozen=True, kw_only=True, tag="no_use"):
    """Somebody was at home and has not used a thing by a time of the day.

    Attributes:
        place: The thing: a kettle, a fridge, a toilet, a bathroom, a door.
        by: By when.
        since: From when on a use counts, on the same day.
    """

    by: Clock
    place: Place = "kettle"
    since: Clock = "04:00"

    def __post_init__(self) -> None:
        """Refuses hours that are none."""
        if seconds(self.since) >= seconds(self.by):
            raise ValueError(f"since is {self.since}; allowed is a time before by = {self.by}")

    def watch(self, setting: Setting) -> Watch:
        """Its watch in one home."""
        return NoUseWatch(self, setting)


class NoUseWatch(TallyWatch[TallyState]):
    """Watches for the first use of a thing."""

    def __init__(self, rule: NoUse, setting: Setting) -> None:
        name = plain(rule.place)
        words = Words(
            raised=f"The {name} has not been used between {rule.since} and {rule.by}.",
            normal=f"The {name} is used by {rule.by}, as the rule asks.",
            prompt="Ask whether they are up and well, and have had a drink.",
            measure="uses",
            label=f"Uses of the {name} between {rule.since} and {rule.by}",
            unit="uses",
            usual=USUAL,
        )
        quiet_days = SELDOM_USED if rule.place in EXITS else OFTEN_USED
        super().__init__(
            span(rule.since, rule.by, rule.weekdays),
            {rule.place: quiet_days},
            words,
            setting,
            TallyState(),
        )
        self._place, self._by = rule.place, rule.by

    def counts(self, event: SensorEvent) -> bool:
        """A use is any sign of life at that place."""
        return event.place == self._place and event.kind in PERSON_KINDS

    def excuse(self) -> str:
        """Who is not seen at home, or has gone out, uses nothing there."""
        if not self.memory.home:
            return f"Nobody was seen at home by {self._by}."
        return self.out()
