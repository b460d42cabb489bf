"""The public examination catches what would hurt: each planted fault must fail."""

import itertools
from typing import ClassVar

import msgspec
import pytest

from contract import Assessment, Condition, SensorEvent, State, utc
from detectors.conformance import check_detector
from detectors.conformance import checks as examination
from detectors.conformance.checks import Check
from detectors.features.places import PERSON_KINDS
from detectors.moment import Calendar, Moment
from detectors.profile import HomeProfile
from detectors.protocol import NEVER, Lot
from detectors.snapshots import freeze, thaw


class _Kept(msgspec.Struct):
    next: float
    heard: list[str]


class Plain:
    """A detector that is well behaved and of no use."""

    condition: ClassVar[str] = Condition.NIGHT_WANDERING
    version: ClassVar[int] = 1
    kinds: ClassVar[frozenset[str]] = PERSON_KINDS
    text: ClassVar[str] = "Nights are as usual."

    def __init__(self, profile: HomeProfile) -> None:
        self.home = profile.home
        self.calendar = Calendar(profile.time_zone)
        self.next: float = NEVER
        self.heard: list[str] = []

    def observe(self, event: SensorEvent, moment: Moment) -> list[Assessment]:
        del event
        if self.next == NEVER:
            self.next = self.calendar.at(moment.day, 24)
        return []

    def due(self) -> float:
        return self.next

    def judge(self, moment: Moment) -> list[Assessment]:
        self.next = self.calendar.at(moment.day, 24)
        return [
            Assessment(
                home=self.home,
                condition=self.condition,
                at=utc(moment.t),
                state=State.NORMAL,
                text=self.text,
            )
        ]

    def snapshot(self) -> bytes:
        return freeze(_Kept(next=self.next, heard=self.heard))

    def restore(self, snapshot: bytes) -> None:
        kept = thaw(snapshot, _Kept)
        self.next, self.heard = kept.next, kept.heard


class Diagnosing(Plain):
    text = "Infection found."


class Stuck(Plain):
    def judge(self, moment: Moment) -> list[Assessment]:
        before = self.next
        answers = super().judge(moment)
        self.next = before
        return answers


class Hoarding(Plain):
    def observe(self, event: SensorEvent, moment: Moment) -> list[Assessment]:
        self.heard.append(event.sensor)
        return super().observe(event, moment)


class Forgetful(Plain):
    def restore(self, snapshot: bytes) -> None:
        super().restore(snapshot)
        self.next = NEVER


class Trusting(Plain):
    def restore(self, snapshot: bytes) -> None:
        if snapshot.startswith(b"\x82"):
            super().restore(snapshot)


class Sharing(Plain):
    numbers: ClassVar = itertools.count()

    def judge(self, moment: Moment) -> list[Assessment]:
        score = (next(self.numbers) % 100) / 100
        return [msgspec.structs.replace(one, score=score) for one in super().judge(moment)]


class Silent(Plain):
    def judge(self, moment: Moment) -> list[Assessment]:
        super().judge(moment)
        return []


class Alarming(Plain):
    def judge(self, moment: Moment) -> list[Assessment]:
        return [msgspec.structs.replace(one, state=State.RAISED) for one in super().judge(moment)]


class Vague(Plain):
    def judge(self, moment: Moment) -> list[Assessment]:
        return [msgspec.structs.replace(one, state=State.BLIND) for one in super().judge(moment)]


class Impatient(Plain):
    """Says that it may be shown events late, but goes by how it was shown them."""

    def observe_all(self, lot: Lot) -> None:
        for event, moment in lot:
            self.observe(event, moment)
        self.heard = [str(len(lot))]

    def judge(self, moment: Moment) -> list[Assessment]:
        return [
            msgspec.structs.replace(one, score=float(bool(self.heard)))
            for one in super().judge(moment)
        ]


class Inattentive(Plain):
    """Says that it wants to see no more, but is moved by what it sees."""

    def wanted(self) -> frozenset[str]:
        return frozenset()

    def observe(self, event: SensorEvent, moment: Moment) -> list[Assessment]:
        self.heard = [event.sensor]
        return super().observe(event, moment)


class Doubling(Plain):
    def observe(self, event: SensorEvent, moment: Moment) -> list[Assessment]:
        super().observe(event, moment)
        self.heard = [*self.heard[-1:], str(moment.t)]
        if len(self.heard) > 1 and self.heard[0] == self.heard[1]:
            return self.judge(moment)
        return []


FAULTS: list[tuple[type[Plain], Check]] = [
    (Diagnosing, examination.is_deterministic_and_pure),
    (Sharing, examination.is_deterministic_and_pure),
    (Alarming, examination.is_deterministic_and_pure),
    (Vague, examination.is_deterministic_and_pure),
    (Stuck, examination.survives_jumps_of_the_clock),
    (Hoarding, examination.stays_small_over_years),
    (Impatient, examination.may_learn_late_what_it_is_patient_about),
    (Inattentive, examination.wants_all_that_tells_it_something),
    (Forgetful, examination.goes_on_from_any_snapshot),
    (Trusting, examination.refuses_a_broken_snapshot),
    (Silent, examination.keeps_the_persons_day),
    (Doubling, examination.is_not_moved_by_duplicates),
]


def test_a_well_behaved_detector_passes() -> None:
    check_detector(Plain)


@pytest.mark.parametrize(("fault", "check"), FAULTS, ids=lambda one: one.__name__)
def test_no_planted_fault_reaches_a_home(fault: type[Plain], check: Check) -> None:
    with pytest.raises(AssertionError):
        check(fault)
