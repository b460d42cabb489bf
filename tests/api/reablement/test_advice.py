"""Support is taken away or added on these words: chance, gaps and good days must not decide."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.reablement.advice import advise, weeks
from api.reablement.days import LocalDay, Sign, measure_days

LONDON = ZoneInfo("Europe/London")
STARTS = date(2026, 3, 16)  # British summer time begins within the second week
ABLE = {"bathroom": 6.0, "kitchen": 8.0, "transit": 12.0, "out": 60.0, "rest": 400.0}


def lived(
    change: dict[str, float], *, days: int = 28, seed: int = 1, seen: float = 1.0
) -> list[LocalDay]:
    """Days that differ by a tenth among themselves, the last two weeks changed by factors."""
    random = Random(seed)  # noqa: S311 - a made-up life
    return [
        LocalDay(
            STARTS + timedelta(days=number),
            seen,
            {
                name: usual * random.uniform(0.9, 1.1)
                * (change.get(name, 1.0) if number >= days - 14 else 1.0)
                for name, usual in ABLE.items()
            },
        )
        for number in range(days)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"kitchen": 1.5, "out": 1.6}, "step_down"),
        ({"transit": 0.6, "rest": 1.3}, "step_down"),
        ({"kitchen": 0.5, "transit": 1.8}, "step_up"),
        ({"kitchen": 0.5}, "no_change"),
        ({"kitchen": 1.5, "transit": 1.8}, "no_change"),
        ({"kitchen": 1.5, "out": 1.6, "rest": 0.6}, "no_change"),
        ({"bathroom": 2.0}, "no_change"),
        ({}, "no_change"),
    ],
)
def test_several_measures_the_same_way_are_a_reason_and_one_alone_or_a_mixture_is_not(
    change: dict[str, float], says: str
) -> None:
    found = advise(lived(change))
    assert found.says == says
    ways = {one.measure: one.way for one in found.compared}
    assert {name for name, way in ways.items() if way != "same"} == set(change)
    assert all("of" not in one.text or one.text.endswith(".") for one in found.compared)


@given(st.integers(0, 10_000))
def test_days_that_differ_by_chance_alone_rarely_change_anything(seed: int) -> None:
    assert advise(lived({}, seed=seed)).says == "no_change"


def test_what_was_not_heard_is_no_reason() -> None:
    assert advise(lived({"kitchen": 0.1, "out": 0.1}, seen=0.4)).says == "cannot_say"
    short = advise(lived({"kitchen": 0.1}, days=21))
    assert (short.says, short.why) == (
        "cannot_say", ["The first two weeks are held against two later ones: 1 more to come."],
    )  # fmt: skip
    bare = [one._replace(values={"kitchen": 3.0}) for one in lived({})]
    assert advise(bare).says == "cannot_say"
    gone = lived({"kitchen": 0.1, "out": 0.1})
    gone[-10:] = [one._replace(coverage=0.0, values={}) for one in gone[-10:]]
    assert advise(gone).why == [
        (
            "Too little was heard: 14 days of the first two weeks and 4 of the last two; "
            "8 are needed of each."
        )
    ]


def test_a_week_of_which_little_was_seen_has_no_means() -> None:
    days = lived({})
    days[:4] = [one._replace(coverage=0.2) for one in days[:4]]
    made = weeks(days, STARTS)
    assert [one.days_seen for one in made] == [3, 7, 7, 7]
    assert made[0].kitchen is None
    assert made[1].kitchen == pytest.approx(8, rel=0.1)
    assert made[3].begins == STARTS + timedelta(days=21)


def day(on: date) -> Iterator[Sign]:
    """One day by a script: known counts for each measure, by the wall clock of London."""

    def at(hour: int, minute: int, second: int = 0) -> datetime:
        wall = datetime(on.year, on.month, on.day, hour, minute, second, tzinfo=LONDON)
        return wall.astimezone(UTC)

    for hour in range(7, 23):
        yield Sign(at(hour, 30), "temperature", "lounge", 20)
    yield Sign(at(2, 30), "motion", "bedroom", 1)  # from 23 to 02:30 and on to 06:50: all rest
    for hour in (7, 9, 11, 13, 15):
        yield Sign(at(hour, 0), "motion", "bedroom", 1)
        yield Sign(at(hour, 0, 20), "motion", "bathroom", 1)
        yield Sign(at(hour, 5), "motion", "bathroom", 1)
        yield Sign(at(hour, 20), "motion", "kitchen", 1)
        yield Sign(at(hour, 22), "appliance", "kettle", 80)
    yield Sign(at(16, 0), "opening", "front_door", 1)
    yield Sign(at(16, 0, 5), "opening", "front_door", 0)
    yield Sign(at(16, 45), "opening", "front_door", 1)
    yield Sign(at(16, 46), "motion", "lounge", 1)
    yield Sign(at(22, 50), "motion", "bedroom", 1)


def test_each_measure_is_what_was_done_also_on_a_day_of_23_hours() -> None:
    signs = sorted(sign for n in range(14) for sign in day(STARTS + timedelta(days=n)))
    days = measure_days(signs, STARTS, STARTS + timedelta(days=13), LONDON)
    assert len(days) == 14
    assert all(one.coverage == 1 for one in days)
    for one in days[1:]:
        assert one.values["bathroom"] == 5
        assert one.values["kitchen"] == 5
        assert one.values["transit"] == 20
        assert one.values["out"] == 45
        short = one.day == date(2026, 3, 29)
        assert one.values["rest"] == (420 if short else 480)


def test_a_home_without_an_outer_door_says_nothing_of_time_out() -> None:
    signs = sorted(
        sign for n in range(3) for sign in day(STARTS + timedelta(days=n))
        if sign.place != "front_door"
    )  # fmt: skip
    days = measure_days(signs, STARTS, STARTS + timedelta(days=3), LONDON)
    assert all("out" not in one.values for one in days)
    assert days[3].coverage == 0
    assert not days[3].seen
