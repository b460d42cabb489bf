"""Trials: an injected home differs from the recorded one by the injection and by nothing else."""

from detectors.conformance.lifelike import HOME, START, lifelike_home
from detectors.moment import Calendar
from detectors.profile import HomeProfile
from detectors.registry import DETECTORS
from simulator.evaluation.homes import Outage
from simulator.evaluation.trials import Raised, outside, touched, untouched

PROFILE = HomeProfile(home=HOME)
LONDON = Calendar("Europe/London")


def test_unchanged_events_from_a_snapshot_give_the_alerts_of_the_whole_run() -> None:
    events = [
        e
        for e in lifelike_home(40)
        if e.sensor != "kitchen-pir" or LONDON.moment(e.at.timestamp()).day < START.toordinal() + 20
    ]
    start = LONDON.at(START.toordinal() + 18, 0)
    end = LONDON.at(START.toordinal() + 35, 0)
    whole = untouched(PROFILE, DETECTORS, events, [start])
    rest = [e for e in events if start <= e.at.timestamp() < end]
    again = touched(PROFILE, DETECTORS, whole.snapshots[start], rest, end)
    assert again.alerts == [one for one in whole.alerts if start < one.at <= end]
    assert again.alerts
    for condition, days in again.judged.items():
        assert days <= whole.judged[condition]


def test_days_are_counted_by_condition() -> None:
    run = untouched(PROFILE, DETECTORS, list(lifelike_home(20)))
    assert len(run.days) == 20
    assert 10 <= len(run.judged["uti_risk"]) <= 16  # less the days of learning
    assert run.judged["uti_risk"] <= set(run.days)


def test_alerts_of_a_failed_recording_are_nobodys() -> None:
    alerts = [Raised("no_movement", "", t) for t in (5.0, 15.0, 25.0)]
    assert [one.at for one in outside(alerts, [Outage(10.0, 20.0)])] == [5.0, 25.0]
