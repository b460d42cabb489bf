"""A detector that fails is told to the centre, by the doctor and by status: nobody reads a log."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from contract import Alert, Assessment, Phase, RecordKind, SensorEvent, decode, encode
from detectors.help_button import HELD_S, HelpButton
from detectors.moment import Moment
from gateway.doctor.finding import Finding, State
from gateway.doctor.store import check_store
from gateway.replay.journalled import replay_journal
from gateway.report.report import report
from gateway.report.report_lines import human
from gateway.watch.detector_faults import DAY_S, LATELY_S
from tests.gateway.hearing.test_calls import SETTINGS, Home


def cannot(detector: HelpButton, event: SensorEvent, moment: Moment) -> list[Assessment]:
    if event.kind == "button" and event.value:
        raise ZeroDivisionError
    return well(detector, event, moment)


well = HelpButton.observe


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Home]:
    monkeypatch.setattr(HelpButton, "observe", cannot)
    made = Home(tmp_path)
    made.moves()
    made.passes(60)
    yield made
    made.journal.close()


def is_killed(home: Home) -> None:
    home.journal.close()
    home.start()


def faults(home: Home) -> list[Alert]:
    alerts = (decode(body, Alert) for _, body in home.journal.records(RecordKind.ALERT))
    return [one for one in alerts if one.condition == "detector_failed"]


def examined(home: Home) -> Finding:
    found = check_store(SETTINGS, home.files, home.clock.now())
    return next(one for one in found if one.check == "detectors")


def shown(home: Home) -> str:
    now = home.clock.now()
    return "\n".join(human(report(SETTINGS, home.files, now), now))


def test_a_press_at_which_the_detector_fails_is_told_plainly_and_at_once(home: Home) -> None:
    home.presses(0)
    (call,) = home.calls()
    assert (call.severity, call.phase, call.subject) == ("urgent", Phase.OPEN, "pendant")
    assert "Help was asked for" in call.text
    assert "could not judge" in call.text
    assert call.prompt == "Call the person now; if there is no answer, send someone."


def test_a_late_press_at_which_it_fails_is_told_as_well(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(HelpButton, "observe_call", cannot)
    home.presses(3600)
    (call,) = home.calls()
    assert "not certain" in call.text


def test_who_presses_again_soon_is_one_call_and_later_calls_anew(home: Home) -> None:
    home.presses(0)
    home.passes(60)
    home.presses(0)
    assert [(one.version, one.evidence[0].value) for one in home.calls()] == [(1, 1), (2, 2)]
    assert len({one.id for one in home.calls()}) == 1
    home.passes(700)
    home.presses(0)
    assert [one.phase for one in home.calls()[2:]] == [Phase.CLEARED, Phase.OPEN]
    assert len({one.id for one in home.calls()}) == 2


def test_it_ends_where_it_is_taken_back_and_else_after_twelve_hours(home: Home) -> None:
    home.presses(0)
    home.says("pendant", "button", 0, value=0)
    assert [one.phase for one in home.calls()] == [Phase.OPEN, Phase.CLEARED]
    home.presses(0)
    is_killed(home)
    home.passes(HELD_S - 600)
    assert [one.phase for one in home.calls()[2:]] == [Phase.OPEN]
    home.passes(1200)
    assert [one.phase for one in home.calls()[2:]] == [Phase.OPEN, Phase.CLEARED]
    assert "twelve hours" in home.calls()[-1].text


def test_the_centre_is_told_once_and_again_when_a_day_went_well(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    home.presses(0)
    home.passes(2)
    (told,) = faults(home)
    assert (told.severity, told.phase, told.subject) == ("technical", "open", "help_button")
    assert "The detector for help button failed at what was heard by 12:17 UTC" in told.text
    home.presses(0)
    home.passes(2)
    is_killed(home)
    home.passes(2)
    assert len(faults(home)) == 1
    monkeypatch.undo()
    home.passes(DAY_S - 300)
    assert len(faults(home)) == 1
    home.passes(600)
    assert [one.phase for one in faults(home)] == [Phase.OPEN, Phase.CLEARED]
    is_killed(home)
    home.passes(120)
    assert len(faults(home)) == 2


def test_it_is_told_though_the_process_ends_before_it_could_be(home: Home) -> None:
    home.presses(0)
    assert faults(home) == []
    is_killed(home)
    home.passes(2)
    assert len(faults(home)) == 1


def test_a_failure_after_the_alert_was_cleared_is_told_anew(home: Home) -> None:
    home.presses(0)
    home.passes(DAY_S + 600)
    home.presses(0)
    home.passes(2)
    assert [one.phase for one in faults(home)] == [Phase.OPEN, Phase.CLEARED, Phase.OPEN]


def test_doctor_and_status_say_it_for_a_week(home: Home) -> None:
    assert examined(home).state is State.OK
    assert "FAILED" not in shown(home)
    home.presses(0)
    found = examined(home)
    assert found.state is State.WRONG
    assert found.said.startswith("The detector for help button failed at what was heard by")
    assert "journalctl" in found.remedy
    assert "  FAILED    The detector for help button failed" in shown(home)
    home.passed += LATELY_S + 60
    home.clock.look()
    assert examined(home).state is State.OK
    assert "FAILED" not in shown(home)


def test_the_journal_tells_the_same_call_again_to_the_byte(home: Home) -> None:
    for _ in range(2):
        home.presses(0)
        home.passes(700)
        is_killed(home)
    last = {one.id: one for one in home.calls()}
    found = replay_journal(SETTINGS, home.files, None, lambda _: None)
    calls = [line.text for line in found.alerts if b'"help_button"' in line.text]
    assert sorted(calls) == sorted(encode(one) for one in last.values())
    assert found.faults["help_button"] > 0


def test_a_detector_that_begins_afresh_is_told_so(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        home.presses(0)
        home.passes(700)
    (told,) = faults(home)
    assert "passed over" in told.text
    assert "begins afresh" in examined(home).said
    monkeypatch.undo()
    is_killed(home)
    home.presses(0)
    assert home.calls()[-1].subject == ""
