"""The rules that staff set for one home, kept in event time; each is answered for by its name.

Two conditions share this: rules whose breach is to be seen the same day, and urgent ones.
"""

from typing import ClassVar
from zoneinfo import ZoneInfo

import msgspec

from contract import Assessment, Condition, SensorEvent, State, utc
from detectors.kinds import ANY, NONE
from detectors.moment import Calendar, Moment
from detectors.profile import HomeProfile
from detectors.protocol import NEVER
from detectors.rules.registry import Rule
from detectors.rules.watch import Setting, Watch
from detectors.snapshots import freeze, thaw


class Kept(msgspec.Struct):
    """One rule as a snapshot has it: its content, its last answer, and what its watch remembers."""

    rule: bytes
    told: str
    memory: bytes


class RulesState(msgspec.Struct):
    """A snapshot.

    Attributes:
        day_ends: When the daily answer is due.
        withdrawn: Rules that were taken away or changed, and whose alert is to be cleared.
        kept: The rules by name.
    """

    day_ends: float
    withdrawn: list[str]
    kept: dict[str, Kept]


class _Keeping:
    """One rule, its watch and the last state that was told."""

    def __init__(self, rule: Rule, setting: Setting) -> None:
        self.content = msgspec.msgpack.encode(rule)
        self.watch: Watch = rule.watch(setting)
        self.told = ""


class HouseholdRule:
    """Keeps the rules of one home that are to be looked at the same day."""

    condition: ClassVar[str] = Condition.HOUSEHOLD_RULE
    version: ClassVar[int] = 1
    kinds: ClassVar[frozenset[str]] = ANY
    urgent: ClassVar[bool] = False

    def __init__(self, profile: HomeProfile) -> None:
        self._home = profile.home
        self._calendar = Calendar(profile.time_zone)
        setting = Setting(profile.people, self._calendar, ZoneInfo(profile.time_zone))
        self._rules = {
            rule.name: _Keeping(rule, setting)
            for rule in profile.rules
            if rule.urgent is self.urgent
        }
        self._withdrawn: list[str] = []
        self._day_ends = NEVER

    def wanted(self) -> frozenset[str]:
        """All; but a home without rules, as most are, should pay nothing for them."""
        begun = self._day_ends < NEVER
        return NONE if begun and not (self._rules or self._withdrawn) else ANY

    def observe(self, event: SensorEvent, moment: Moment) -> list[Assessment]:
        """Answers for each rule whose answer has changed."""
        if self._day_ends == NEVER:
            self._day_ends = self._calendar.at(moment.day, 24)
        answers = self._withdraw(moment) if self._withdrawn else []
        for name, kept in self._rules.items():
            kept.watch.observe(event, moment)
            if kept.watch.state != kept.told:
                answers.append(self._answer(name, kept, moment))
        return answers

    def leapt(self, by: float, moment: Moment) -> None:
        """The clock was set ahead: what a rule is about lasts no longer for that."""
        for kept in self._rules.values():
            kept.watch.leapt(by, moment)

    def due(self) -> float:
        """Midnight, or the first timer of a rule."""
        if not self._rules:
            return self._day_ends
        return min(self._day_ends, *(kept.watch.due() for kept in self._rules.values()))

    def judge(self, moment: Moment) -> list[Assessment]:
        """Answers for each rule that is broken or was, and for all of them once a day."""
        answers = self._withdraw(moment)
        day_ends = moment.t >= self._day_ends
        for name, kept in self._rules.items():
            asked = kept.watch.due() <= moment.t
            if asked:
                kept.watch.judge(moment)
            if day_ends:
                kept.watch.end_day(moment)
            state = kept.watch.state
            if day_ends or state != kept.told or (asked and state is State.RAISED):
                answers.append(self._answer(name, kept, moment))
        if day_ends:
            self._day_ends = self._calendar.at(moment.day, 24)
            if not self._rules:
                answers.append(self._none(moment))
        return answers

    def snapshot(self) -> bytes:
        """Everything that is remembered of each rule."""
        kept = {
            name: Kept(one.content, one.told, one.watch.snapshot())
            for name, one in self._rules.items()
        }
        return freeze(RulesState(self._day_ends, self._withdrawn, kept))

    def restore(self, snapshot: bytes) -> None:
        """Goes on from a snapshot. A rule that was changed since begins afresh.

        Raises:
            ValueError: The bytes are no such snapshot.
        """
        state = thaw(snapshot, RulesState)
        self._day_ends, self._withdrawn = state.day_ends, list(state.withdrawn)
        for name, kept in state.kept.items():
            ours = self._rules.get(name)
            if ours is not None and ours.content == kept.rule:
                ours.watch.restore(kept.memory)
                ours.told = kept.told
            elif kept.told:
                self._withdrawn.append(name)

    def _withdraw(self, moment: Moment) -> list[Assessment]:
        """Ends what was told of rules that are no more."""
        withdrawn, self._withdrawn = self._withdrawn, []
        return [
            Assessment(
                home=self._home,
                condition=self.condition,
                at=utc(moment.t),
                state=State.NORMAL,
                subject=name,
                text="This rule has been taken away or changed.",
            )
            for name in withdrawn
        ]

    def _none(self, moment: Moment) -> Assessment:
        why = "No such rule has been set for this home."
        return Assessment(
            home=self._home,
            condition=self.condition,
            at=utc(moment.t),
            state=State.BLIND,
            reason=why,
            text=why,
        )

    def _answer(self, name: str, kept: _Keeping, moment: Moment) -> Assessment:
        found = kept.watch.finding(moment)
        kept.told = found.state
        return Assessment(
            home=self._home,
            condition=self.condition,
            at=utc(moment.t),
            state=found.state,
            score=found.score,
            subject=name,
            evidence=[] if found.evidence is None else [found.evidence],
            reason=found.why,
            text=found.text,
            prompt=found.prompt,
        )


class UrgentHouseholdRule(HouseholdRule):
    """Keeps the rules of one home at whose breach somebody must look within minutes."""

    condition: ClassVar[str] = Condition.URGENT_HOUSEHOLD_RULE
    urgent: ClassVar[bool] = True
