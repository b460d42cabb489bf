"""A dry run: whoever changes a budget sees beforehand what it would have come to."""

import json
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contract import Condition, Outcome, SensorEvent
from contract.recordings import open_recording, read_recording
from detectors.budgets import BUDGETS
from detectors.feedback import Recorded
from detectors.profile import HomeProfile
from detectors.registry import DETECTORS
from detectors.risk import RiskProfile
from gateway.replay.changes import Changes
from gateway.replay.comparison import Comparison, Counts, Found, Match
from gateway.replay.homes import HomesError, Profiles
from gateway.replay.parallel import replay
from gateway.replay.share import DryRun, Task
from gateway.replay.what_if import what_if
from simulator.cli import main as simulator
from tests.gateway.events import at, days_of_events, event
from tests.gateway.small_detectors import DETECTORS as SMALL
from tests.gateway.small_detectors import HOUR, QuietDetector

NOW = HomeProfile(home="home1")
ILL = ("--episode", "uti:home1:day32:severity=0.4", "--episode", "uti:home2:day32:severity=0.6")
Events = list[SensorEvent]


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two made-up homes over six weeks; in the fifth both people fall mildly ill."""
    path = tmp_path_factory.mktemp("what_if") / "homes.jsonl"
    asked = ["generate", "--homes", "2", "--days", "45", "--alone", "--seed", "3", "--workers", "1"]
    assert simulator([*asked, *ILL, "--out", str(path)]) == 0
    return path


@pytest.fixture(scope="module")
def both(recorded: Path) -> list[Events]:
    """The events of each."""
    with open_recording(recorded) as lines:
        items = [one for one in read_recording(lines) if isinstance(one, SensorEvent)]
    return [[one for one in items if one.home == home] for home in ("home1", "home2")]


@pytest.fixture(scope="module")
def events(both: list[Events]) -> Events:
    """Those of the first."""
    return both[0]


@pytest.fixture(scope="module")
def whole(events: Events) -> Comparison:
    """All of the first home's days, nothing changed."""
    return tried(events, days=45)


def tried(events: Sequence[SensorEvent], days: int = 15, **changes: object) -> Comparison:
    now = HomeProfile(home=events[0].home)
    return what_if(events, now, msgspec.structs.replace(now, **changes), DETECTORS, days)


def uti(comparison: Comparison) -> Counts:
    return comparison.raised(Condition.UTI_RISK)


def toileting(comparison: Comparison) -> list[Match]:
    return [one for one in comparison.matches if one.alert.condition == Condition.UTI_RISK]


def test_a_change_that_changes_nothing_is_said_to(events: Events) -> None:
    comparison = tried(events)
    assert uti(comparison).now > 0
    assert {one.found for one in comparison.matches} == {Found.BOTH}
    assert not any(one.sooner for one in comparison.matches)
    assert (comparison.budgets, comparison.doubts) == ({}, {})


def test_a_larger_budget_tells_of_the_illness_sooner_and_of_nothing_else(
    both: list[Events],
) -> None:
    comparisons = [tried(events, budget={"uti_risk": 1.0}) for events in both]
    moved = [match for one in comparisons for match in toileting(one)]
    assert any(one.sooner > timedelta() or one.found is Found.ONLY_CHANGED for one in moved)
    for comparison in comparisons:
        assert comparison.budgets == {"uti_risk": (BUDGETS["uti_risk"], 1.0)}
        others = [one for one in comparison.matches if one not in toileting(comparison)]
        assert all(one.found is Found.BOTH and not one.sooner for one in others)


def test_a_catheter_takes_the_toileting_alerts_away_and_says_that_nothing_can_be_said(
    events: Events,
) -> None:
    comparison = tried(events, risk=RiskProfile(catheter=True))
    assert uti(comparison).now > 0
    assert uti(comparison).changed == 0
    assert comparison.doubts == {"uti_risk": Counts(0, 15)}


def test_false_alarms_can_be_tried_before_they_are_recorded(both: list[Events]) -> None:
    day = both[0][0].at.date() + timedelta(days=20)
    false = Recorded(condition=Condition.UTI_RISK, outcome=Outcome.FALSE_ALARM, on=day)
    comparisons = [tried(events, outcomes=(false,) * 5) for events in both]
    moved = [match for one in comparisons for match in toileting(one)]
    assert any(one.sooner < timedelta() or one.found is Found.ONLY_NOW for one in moved)
    for comparison in comparisons:
        now, changed = comparison.budgets["uti_risk"]
        assert 0.4 * now <= changed < now


def test_an_alert_that_was_open_when_the_days_began_is_told_apart(
    events: Events, whole: Comparison
) -> None:
    first = toileting(whole)[0].alert
    comparison = tried(events, days=(events[-1].at - first.raised_at).days)
    assert comparison.since > first.raised_at
    assert comparison.stood_open().now >= 1
    assert uti(comparison).now == uti(whole).now - 1
    assert first.id in [one.alert.id for one in comparison.matches]


def test_what_is_before_the_days_is_learned_from_and_not_counted(
    events: Events, whole: Comparison
) -> None:
    last = tried(events, days=15)
    assert last.since - last.recorded_since > timedelta(days=29)
    of_the_days = [one.alert.id for one in whole.matches if one.alert.raised_at >= last.since]
    assert [one.alert.id for one in last.matches if last.counts(one.now)] == of_the_days


def test_two_homes_are_not_one(events: Events) -> None:
    with pytest.raises(ValueError, match="both must be one home's"):
        what_if(events, NOW, HomeProfile(home="home2"), DETECTORS)


def test_nothing_recorded_is_nothing_to_compare() -> None:
    with pytest.raises(ValueError, match="no event"):
        what_if([], NOW, NOW, DETECTORS)


class Patient(QuietDetector):
    """Waits longer where more people live: a profile that matters."""

    def __init__(self, profile: HomeProfile) -> None:
        super().__init__(profile)
        self._more = (profile.people - 1) * HOUR

    def due(self) -> float:
        return super().due() + self._more


@given(days_of_events(), st.integers(1, 5), st.integers(1, 3))
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_every_alert_of_either_profile_is_counted_once(
    events: list[SensorEvent], days: int, people: int
) -> None:
    if not events:
        return
    now, changed = HomeProfile(home="h1"), HomeProfile(home="h1", people=people)
    detectors = (Patient, *SMALL[1:])
    comparison = what_if(events, now, changed, detectors, days)
    backwards = what_if(events, changed, now, detectors, days)
    for side in (0, 1):
        alerts = [one[side] for one in comparison.matches]
        found = [alert.id for alert in alerts if alert is not None]
        assert len(found) == len(set(found))
    assert comparison.raised() == Counts(*reversed(backwards.raised()))
    assert comparison.stood_open() == Counts(*reversed(backwards.stood_open()))
    if people == 1:
        assert all(one.found is Found.BOTH for one in comparison.matches)


def test_a_silence_told_a_little_later_is_the_same_silence() -> None:
    events = [event(0), event(1), event(20), event(21), event(28)]
    comparison = what_if(
        events, HomeProfile(home="h1"), HomeProfile(home="h1", people=3), [Patient]
    )
    first, second = comparison.matches
    assert (first.found, first.sooner) == (Found.BOTH, timedelta(hours=-2))
    assert second.found is Found.ONLY_NOW
    assert second.alert.raised_at == at(27)
    assert comparison.raised() == Counts(2, 1)


def test_an_alert_that_never_ended_is_still_the_same_alert() -> None:
    comparison = what_if(
        [event(0), event(100, "pendant", "button")],
        HomeProfile(home="h1"),
        HomeProfile(home="h1", people=3),
        [Patient],
    )
    assert [one.found for one in comparison.matches] == [Found.BOTH]
    assert comparison.matches[0].alert.phase == "open"


def changes_file(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "change.toml"
    path.write_text(text, "utf-8")
    return path


def test_workers_share_a_dry_run_and_find_the_same(tmp_path: Path, recorded: Path) -> None:
    changes = Changes(changes_file(tmp_path, "[default]\npeople = 2\n"))
    task = Task([recorded], Profiles(), SMALL, DryRun(changes, 15))
    alone, shared = (replay(task, workers, lambda _share: None) for workers in (1, 2))
    assert [one.home for one in alone.comparisons] == ["home1", "home2"]
    assert any(one.matches for one in alone.comparisons)
    assert alone.comparisons == shared.comparisons


def test_a_home_that_is_not_changed_is_not_gone_through(tmp_path: Path, recorded: Path) -> None:
    changes = Changes(changes_file(tmp_path, "[homes.home1.risk]\nearlier_uti = true\n"))
    task = Task([recorded], Profiles(), DETECTORS, DryRun(changes, 15))
    outcome = replay(task, 1, lambda _share: None)
    assert [one.home for one in outcome.comparisons] == ["home1"]
    assert outcome.untouched == ["home2"]


def test_each_line_for_a_program_is_one_alert_under_both_profiles(events: Events) -> None:
    comparison = tried(events, budget={"uti_risk": 1.0})
    lines = [json.loads(line) for line in comparison.lines()]
    assert len(lines) == len(comparison.matches)
    for line, match in zip(lines, comparison.matches, strict=True):
        assert line["found"] == match.found
        assert line["open_before"] == {"now": False, "changed": False}
        assert (line["now"] is None) == (match.now is None)
        assert line["changed"] is None or line["changed"]["condition"] == line["condition"]


def test_values_are_laid_over_the_homes_own(tmp_path: Path) -> None:
    own = HomeProfile(
        home="h1",
        people=2,
        budget={"uti_risk": 0.2, "fall_risk": 0.1},
        risk=RiskProfile(dementia=True),
        outcomes=(
            Recorded(
                condition=Condition.UTI_RISK, outcome=Outcome.FALSE_ALARM, on=date(2026, 5, 3)
            ),
        ),
    )
    changes = Changes(
        changes_file(
            tmp_path,
            "[default]\ntime_zone = 'Europe/Madrid'\n"
            "[homes.h1]\nbudget = { uti_risk = 0.4 }\nrisk = { sex = 'female' }\n"
            "[homes.h2]\noutcomes = []\n",
        )
    )
    assert changes(own) == msgspec.structs.replace(
        own,
        time_zone="Europe/Madrid",
        budget={"uti_risk": 0.4, "fall_risk": 0.1},
        risk=RiskProfile(dementia=True, sex="female"),
    )
    other = msgspec.structs.replace(own, home="h2")
    assert changes(other).outcomes == ()
    assert changes(other).risk == own.risk


def test_an_empty_change_leaves_a_home_as_it_is(tmp_path: Path) -> None:
    own = HomeProfile(home="h1", people=2, risk=RiskProfile(medicines=3))
    assert Changes(changes_file(tmp_path, "[default]\n"))(own) == own


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[homes.h1]\npets = 1", "[homes.h1]: Object contains unknown field `pets`; allowed are"),
        ("[default.risk]\ncatheter = 1", "allowed are true and false"),
        ("[default.budget]\nuti = 1", "'uti' is no condition; allowed are dehydration_risk"),
        ("[house.h1]", "allowed are [default] and [homes.<id>]"),
    ],
)
def test_a_slip_in_the_change_is_named_before_anything_is_read(
    tmp_path: Path, text: str, expected: str
) -> None:
    with pytest.raises(HomesError) as caught:
        Changes(changes_file(tmp_path, text))
    assert expected in str(caught.value)


def test_alerts_that_fail_to_come_because_nothing_can_be_said_are_no_gain(events: Events) -> None:
    of_two = tried(events, people=2).doubts["possible_fall"]
    assert of_two.now < 5
    assert of_two.changed > 10
