"""A detector that cannot be made costs nobody another: a press is heard, and somebody is told."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from contract import Alert, Phase
from detectors.cold_home import ColdHome
from detectors.help_button import HelpButton
from detectors.household_rules import UrgentHouseholdRule
from detectors.profile import HomeProfile, UnusualDay
from detectors.protocol import Detector
from detectors.unusual_day import UnusualDayWatch
from gateway.detecting import hub_engine
from gateway.doctor.finding import State
from gateway.downlink.overlay import trial
from gateway.settings import problem_in
from gateway.watch.detector_faults import DAY_S, LATELY_S
from tests.gateway.hearing.test_calls import SETTINGS, Home
from tests.gateway.watch.test_detector_faults import examined, faults, is_killed, shown


def cannot(*_of_anything: object) -> None:
    raise OSError("a library is missing")


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    made = Home(tmp_path)
    made.moves()
    made.passes(60)
    yield made
    made.journal.close()


def standing(home: Home) -> list[tuple[str, str]]:
    return [(one.subject, one.phase) for one in faults(home)]


def last_of_each(calls: list[Alert]) -> dict[str, Alert]:
    return {one.id: one for one in calls}


@pytest.mark.parametrize("detector", [ColdHome, UnusualDayWatch, UrgentHouseholdRule])
def test_a_call_is_heard_though_another_detector_cannot_be_made(
    home: Home, monkeypatch: pytest.MonkeyPatch, detector: type[Detector]
) -> None:
    monkeypatch.setattr(detector, "__init__", cannot)
    is_killed(home)
    home.passes(2)
    assert standing(home) == [(detector.condition, Phase.OPEN)]
    assert "could not be made" in faults(home)[0].text
    home.presses(0)
    (call,) = home.calls()
    assert "could not judge" not in call.text
    assert examined(home).state is State.WRONG
    assert "could not be made" in shown(home)
    assert home.journal.counters()[f"detector_failed_{detector.condition}"] == 1


def test_a_hub_that_never_ran_before_hears_a_call_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ColdHome, "__init__", cannot)
    first = Home(tmp_path)
    first.moves()
    first.presses(0)
    first.passes(2)
    assert len(first.calls()) == 1
    assert standing(first) == [("cold_home", Phase.OPEN)]
    first.journal.close()


def test_it_is_told_for_as_long_as_it_cannot_be_made_and_for_a_day(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(ColdHome, "__init__", cannot)
        is_killed(home)
        home.passes(LATELY_S + DAY_S)
        is_killed(home)
        home.passes(2)
        assert standing(home) == [("cold_home", Phase.OPEN)]
        assert examined(home).state is State.WRONG
    is_killed(home)
    home.passes(DAY_S + 600)
    assert standing(home) == [("cold_home", Phase.OPEN), ("cold_home", Phase.CLEARED)]


def test_what_can_be_made_again_has_learned_from_all_that_was_heard_meanwhile(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(HelpButton, "__init__", cannot)
        is_killed(home)
        home.moves()
        home.passes(600)
        home.room.save()
    is_killed(home)
    mended = home.room._engine.snapshot()
    home.journal._connection.execute("delete from engine")
    is_killed(home)
    home.room.work()
    home.room.tick(home.clock.now())
    assert mended.count(b"help_button") == home.room._engine.snapshot().count(b"help_button")


@pytest.mark.parametrize("behind", [0, 3600])
def test_a_press_is_told_by_the_hub_itself_where_who_answers_it_cannot_be_made(
    home: Home, monkeypatch: pytest.MonkeyPatch, behind: float
) -> None:
    monkeypatch.setattr(HelpButton, "__init__", cannot)
    is_killed(home)
    home.presses(behind)
    (call,) = home.calls()
    assert (call.severity, call.phase, call.subject) == ("urgent", Phase.OPEN, "pendant")
    assert "could not judge" in call.text
    home.passes(2)
    home.presses(0)
    assert len(last_of_each(home.calls())) == 1
    assert standing(home) == [("help_button", Phase.OPEN)], "once, not at each press"
    assert home.journal.counters()["detector_failed_help_button"] == 1


def test_presses_are_told_though_the_detector_failed_and_cannot_be_made_again(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(HelpButton, "observe", cannot)
    is_killed(home)
    monkeypatch.setattr(HelpButton, "__init__", cannot)
    home.presses(0)
    home.passes(700)
    home.presses(0)
    assert [one.phase for one in home.calls()] == [Phase.OPEN, Phase.CLEARED, Phase.OPEN]
    assert {one.subject for one in home.calls()} == {"pendant"}
    assert "could not be made" in faults(home)[0].text


def test_a_call_that_the_hub_told_itself_stands_until_taken_back_though_there_is_a_detector_again(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(HelpButton, "__init__", cannot)
        is_killed(home)
        home.presses(0)
    is_killed(home)
    home.passes(60)
    assert [one.phase for one in home.calls()] == [Phase.OPEN]
    home.presses(0)
    assert [one.subject for one in home.calls()] == ["pendant", ""], "now it can be judged"
    home.says("pendant", "button", 0, value=0)
    assert {one.phase for one in last_of_each(home.calls()).values()} == {Phase.CLEARED}


def test_a_configuration_with_which_a_detector_cannot_be_made_is_refused_and_no_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = msgspec.structs.replace(SETTINGS, unusual_day=UnusualDay())
    made = UnusualDayWatch.__init__

    def cannot_if_asked(self: UnusualDayWatch, profile: HomeProfile) -> None:
        if profile.unusual_day is not None:
            cannot()
        made(self, profile)

    monkeypatch.setattr(UnusualDayWatch, "__init__", cannot_if_asked)
    assert "a library is missing" in trial(asked, None, SETTINGS)
    assert trial(SETTINGS, None, asked) == ""
    assert trial(asked, None, asked) == "", "the others go on, and may be told of another room"


def test_a_scorer_that_cannot_be_made_stops_no_hub(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = msgspec.structs.replace(SETTINGS, unusual_day=UnusualDay(scorer="LODA"))
    monkeypatch.setattr("detectors.scorers.named.river_class", cannot)
    assert problem_in(asked) == ""
    engine = hub_engine(asked.profile, asked.lag_s)
    assert engine.unmade == {"unusual_day"}
