"""What is known of homes: a slip in the file is named, not passed over."""

from datetime import date
from pathlib import Path

import pytest

from contract import Condition, Outcome
from detectors.feedback import Recorded
from detectors.profile import HomeProfile
from detectors.risk import RiskProfile
from gateway.replay.homes import HomesError, Profiles


def homes_file(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "homes.toml"
    path.write_text(text, "utf-8")
    return path


def test_without_a_file_a_home_is_in_london_with_the_default_budget() -> None:
    assert Profiles()("h1") == HomeProfile(home="h1", time_zone="Europe/London")


def test_a_home_has_what_the_file_says_over_the_default(tmp_path: Path) -> None:
    path = homes_file(
        tmp_path,
        '[default]\ntime_zone = "Europe/Madrid"\npeople = 2\n'
        "[homes.h1]\npeople = 1\nbudget = { uti_risk = 0.5 }\n"
        '[[homes.h1.sensors]]\nsensor = "kettle"\nkind = "appliance"\nplace = "kettle"\n',
    )
    profiles = Profiles(path)
    first = profiles("h1")
    assert (first.time_zone, first.people, first.budget) == ("Europe/Madrid", 1, {"uti_risk": 0.5})
    assert [role.place for role in first.sensors] == ["kettle"]
    assert profiles("h2") == HomeProfile(home="h2", time_zone="Europe/Madrid", people=2)


def test_what_is_on_record_and_what_staff_recorded_stand_beside_the_budget(tmp_path: Path) -> None:
    path = homes_file(
        tmp_path,
        "[homes.h1.risk]\nearlier_uti = true\nmedicines = 6\n"
        "[[homes.h1.outcomes]]\ncondition = 'uti_risk'\noutcome = 'false_alarm'\n"
        "on = 2026-05-03\n",
    )
    home = Profiles(path)("h1")
    assert home.risk == RiskProfile(earlier_uti=True, medicines=6)
    assert home.outcomes == (
        Recorded(condition=Condition.UTI_RISK, outcome=Outcome.FALSE_ALARM, on=date(2026, 5, 3)),
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[homes", "not TOML"),
        ("[house.h1]\npeople = 1", "allowed are [default] and [homes.<id>]"),
        ("[homes.h1]\npets = 1", "[homes.h1]: Object contains unknown field `pets`; allowed are"),
        ("[homes.h1]\npeople = 0", "[homes.h1]: Expected `int` >= 1"),
        ("[default]\npeople = 'two'", "[default]: Expected `int`"),
        ("[homes.h1]\ntime_zone = 'Moon/Base'", "'Moon/Base' is no time zone"),
        (
            "[[homes.h1.rules]]\nkind = 'no_use'\nname = 'tea'\nby = '25:00'",
            "[homes.h1]: rules[0].by: 'tea': Expected",
        ),
        ("[[homes.h1.rules]]\nkind = 'tea'\nname = 'tea'", 'allowed for kind are "no_use", '),
        (
            "[[default.rules]]\nkind = 'long_stay'\nname = 'x'\nminutes = 1",
            "[default]: rules[0].minutes: 'x': Expected `float` >= 5.0; allowed is a number at",
        ),
        (
            "[[homes.h1.rules]]\nkind = 'open_door'\nname = 'x'\n" * 2,
            "[homes.h1]: rules[1].name: 'x' names a rule above; allowed is each name once",
        ),
        (
            "[default.unusual_day]\nparameters = { trees = 3 }",
            "[default.unusual_day] parameters: RobustScorer takes no 'trees'; possible are memory",
        ),
        ("[homes.h1]\nbudget = { uti_risk = 99 }", "[homes.h1]: Expected `float` <= 30"),
        ("[homes.h1]\nbudget = { uti = 1 }", "'uti' is no condition; allowed are dehydration_risk"),
        ("[homes.h1.risk]\nage = 'old'", 'allowed are "65_to_79", "80_or_more", "under_65"'),
        ("[homes.h1.risk]\nuti = true", "allowed here are age, sex, earlier_uti"),
        (
            "[[homes.h1.outcomes]]\ncondition = 'uti_risk'\noutcome = 'fine'\non = 2026-05-03",
            '`$.outcomes[0].outcome`; allowed are "true_concern", "known_reason"',
        ),
    ],
)
def test_a_slip_is_named_with_what_is_allowed(tmp_path: Path, text: str, expected: str) -> None:
    path = homes_file(tmp_path, text)
    with pytest.raises(HomesError) as caught:
        Profiles(path)
    assert str(path) in str(caught.value)
    assert expected in str(caught.value)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(HomesError, match="No such file"):
        Profiles(tmp_path / "none.toml")
