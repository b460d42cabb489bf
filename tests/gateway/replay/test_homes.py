"""What is known of homes: a slip in the file is named, not passed over."""

from pathlib import Path

import pytest

from detectors.profile import HomeProfile
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
            "[default.unusual_day]\nparameters = { trees = 3 }",
            "[default.unusual_day] parameters: RobustScorer takes no 'trees'; possible are memory",
        ),
        ("[homes.h1]\nbudget = { uti_risk = 99 }", "[homes.h1]: Expected `float` <= 30"),
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
