"""Alerts of two profiles set beside one another: what is one thing, and how it is told."""

from datetime import timedelta

import pytest

from contract import SEVERITY, Alert, Phase
from gateway.replay.comparison import Comparison, Counts, Found, matched
from gateway.replay.verdict import in_all, told
from tests.gateway.events import at


def alert(condition: str, begins: float, ends: float | None, subject: str = "") -> Alert:
    """One that stands from and to those hours; without an end it is open."""
    return Alert(
        id=f"{condition}-{subject}-{begins}",
        home="h1",
        condition=condition,
        subject=subject,
        severity=SEVERITY[condition],
        raised_at=at(begins),
        updated_at=at(begins if ends is None else ends),
        phase=Phase.OPEN if ends is None else Phase.CLEARED,
        text="Something changed.",
    )


def compared(now: list[Alert], changed: list[Alert], since: float = 0) -> Comparison:
    return Comparison(
        home="h1",
        time_zone="Europe/London",
        recorded_since=at(-24 * 20),
        since=at(since),
        until=at(24 * 30),
        matches=matched(now, changed, at(since)),
        budgets={"uti_risk": (0.3, 0.6)},
        doubts={"possible_fall": Counts(2, 9)},
    )


@pytest.mark.parametrize(
    ("condition", "gap_h", "found"),
    [
        ("uti_risk", 71, [Found.BOTH]),
        ("uti_risk", 73, [Found.ONLY_NOW, Found.ONLY_CHANGED]),
        ("possible_fall", 1, [Found.ONLY_NOW, Found.ONLY_CHANGED]),
        ("possible_fall", -1, [Found.BOTH]),
    ],
)
def test_alerts_of_one_illness_are_one_and_those_of_two_falls_are_two(
    condition: str, gap_h: float, found: list[Found]
) -> None:
    one, other = alert(condition, 10, 20), alert(condition, 20 + gap_h, 40 + gap_h)
    assert [match.found for match in matched([one], [other], at(0))] == found


def test_two_sensors_are_two_things() -> None:
    kettle, door = (alert("sensor_silent", 10, 20, name) for name in ("kettle", "door"))
    assert [match.found for match in matched([kettle], [door], at(0))] == [
        Found.ONLY_CHANGED,
        Found.ONLY_NOW,
    ]


def test_what_was_over_before_the_days_is_left_out_and_what_stood_open_is_not() -> None:
    over, standing = alert("uti_risk", -200, -150), alert("fall_risk", -20, None)
    comparison = compared([over, standing], [over, standing])
    assert [match.alert for match in comparison.matches] == [standing]
    assert comparison.raised() == Counts(0, 0)
    assert comparison.stood_open() == Counts(1, 1)


def test_a_long_alert_that_becomes_two_short_ones_is_one_thing_and_a_new_one() -> None:
    long = alert("uti_risk", 0, 200)
    short = [alert("uti_risk", 0, 50), alert("uti_risk", 120, 200)]
    found = [match.found for match in matched([long], short, at(0))]
    assert found == [Found.BOTH, Found.ONLY_CHANGED]


def test_an_operator_reads_what_would_have_been_otherwise() -> None:
    now = [alert("uti_risk", 100, 150), alert("fall_risk", 200, 250), alert("hot_home", -9, 90)]
    changed = [alert("uti_risk", 70, 150), alert("no_movement", 400, 401), now[2]]
    said = list(told(compared(now, changed), 30))
    assert said[:4] == [
        "h1: 2026-03-01 to 2026-03-31, after 20 days to learn from",
        (
            "  would have alerted 2 times in 30 days; as it stands, 2 times "
            "(besides 1 alert open when they began)"
        ),
        "  uti_risk bears 0.6 false alarms a month instead of 0.3",
        "  possible_fall cannot say on 9 days instead of 2",
    ]
    kinds = [line[2:19].rstrip() for line in said[-4:]]
    assert kinds == ["as now, open", "1.2 days sooner", "no longer", "new"]
    assert "  together               2        2" in said


def test_nothing_different_is_said_in_so_many_words() -> None:
    same = [alert("uti_risk", 100, 150)]
    assert (
        "would have alerted once in 30 days, as it does now"
        in list(told(compared(same, same), 30))[1]
    )


def test_many_homes_are_summed_up() -> None:
    some = compared([alert("uti_risk", 100, 150)], [])
    assert in_all([some, some], 30) == (
        "2 homes over 30 days: alerts 0 times with the change, 2 times without"
    )


@pytest.mark.parametrize(
    ("moved", "says"),
    [
        (timedelta(minutes=20), "20 min sooner"),
        (timedelta(hours=5), "5.0 hours sooner"),
        (timedelta(hours=-5), "5.0 hours later"),
        (timedelta(seconds=10), "as now"),
    ],
)
def test_how_much_sooner_is_said_in_fitting_units(moved: timedelta, says: str) -> None:
    now = alert("no_movement", 100, 150)
    changed = alert("no_movement", 100 - moved / timedelta(hours=1), 150)
    assert list(told(compared([now], [changed]), 30))[-1].startswith(f"  {says} ")
