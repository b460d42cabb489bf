"""Illness must show as the body would show it: too weak, and no detector could be tried on it."""

from itertools import pairwise

import pytest

from tests.simulator.living import measures as m
from tests.simulator.living.effects.shown import shows
from tests.simulator.living.people import PEOPLE, START, SUMMER, Told, befalls, street, well

ONSET, FULL, END = 5, 7, 15
LONG = END - ONSET - 1  # days in full: longer than anybody looks


def ill(kind: str, severity: float = 1.0, *, people: int = PEOPLE) -> tuple[Told, ...]:
    return street(END, befalls(kind, ONSET, severity=severity, days=LONG), people=people)


def changed(measure: m.Measure, kind: str, severity: float = 1.0, first: float = FULL) -> float:
    return m.ratio(measure, ill(kind, severity), well(END), first, END)


@shows("uti")
@pytest.mark.parametrize(
    ("severity", "bathroom", "by_night"),
    [
        (0.25, (1.03, 1.32), (1.08, 1.8)),
        (0.5, (1.14, 1.6), (1.25, 2.2)),
        (1.0, (1.3, 2.2), (1.6, 4.2)),
    ],
)
def test_an_infection_sends_to_the_bathroom_most_of_all_at_night(
    severity: float, bathroom: tuple[float, float], by_night: tuple[float, float]
) -> None:
    assert bathroom[0] < changed(m.bathroom, "uti", severity) < bathroom[1]
    assert by_night[0] < changed(m.bathroom_by_night, "uti", severity) < by_night[1]


@shows("uti")
def test_the_worse_the_infection_the_more_visits_by_day_and_by_night() -> None:
    by_day = [1.0, *(changed(m.bathroom_by_day, "uti", x) for x in (0.25, 0.5, 1))]
    by_night = [1.0, *(changed(m.bathroom_by_night, "uti", x) for x in (0.25, 0.5, 1))]
    assert all(more > less for less, more in pairwise(by_day)), by_day
    assert all(more > less for less, more in pairwise(by_night)), by_night
    assert by_night[-1] > by_day[-1]


@shows("uti")
def test_an_infection_makes_small_voids_of_the_same_water() -> None:
    """Twice the voids at the worst, while the kettle boils nearly as often as before."""
    assert 1.6 < changed(m.voids, "uti") < 3.2
    infected, before = ill("uti", people=MANY), well(END, people=MANY)
    assert 0.8 < m.ratio(m.boils, infected, before, FULL, END) < 1.06


@shows("uti")
def test_who_is_infected_goes_out_to_the_garden_less() -> None:
    infected, before = ill("uti", people=MANY), well(END, people=MANY)
    assert 0.5 < m.ratio(m.garden, infected, before, FULL, END) < 0.88


@shows("uti")
def test_an_infection_grows_for_two_days_and_is_gone_two_days_after_it_fades() -> None:
    homes = street(END, befalls("uti", ONSET, days=3), people=MANY)
    growing, full, over = (
        m.ratio(m.voids, homes, well(END, people=MANY), first, last)
        for first, last in ((5, 6), (7, 10), (12, 15))
    )
    assert 1.0 < growing < full
    assert over == pytest.approx(1, abs=0.12)


@shows("low_intake")
@pytest.mark.parametrize(
    ("severity", "boils", "fridge"),
    [
        (0.33, (0.6, 0.92), (0.8, 1.0)),
        (0.67, (0.35, 0.75), (0.7, 0.99)),
        (1.0, (0.15, 0.5), (0.55, 0.91)),
    ],
)
def test_who_leaves_out_drinks_boils_less_and_opens_the_fridge_less(
    severity: float, boils: tuple[float, float], fridge: tuple[float, float]
) -> None:
    assert boils[0] < changed(m.boils, "low_intake", severity) < boils[1]
    assert fridge[0] < changed(m.fridge, "low_intake", severity) < fridge[1]


@shows("low_intake")
def test_the_less_is_drunk_the_fewer_visits() -> None:
    """Step by step in what is passed; what a motion sensor sees of it holds other visits too."""
    passed = [changed(m.voids, "low_intake", x, first=9) for x in (0, 0.33, 0.67, 1)]
    assert all(less < more for more, less in pairwise(passed)), passed
    assert changed(m.bathroom, "low_intake", 0.33, first=9) < 0.97
    assert 0.42 < changed(m.bathroom, "low_intake", first=9) < 0.85
    assert 0.15 < changed(m.bathroom_by_night, "low_intake", first=9) < 0.8


@shows("low_intake")
def test_the_bathroom_follows_the_kettle_with_a_lag() -> None:
    """On the first full day drinks have fallen to where they stay; what is passed still falls."""

    def fallen(measure: m.Measure, first: float, last: float) -> float:
        return 1 - m.ratio(measure, ill("low_intake"), well(END), first, last)

    assert fallen(m.boils, 7, 8) > 0.75 * fallen(m.boils, 9, END)
    assert fallen(m.bathroom, 5, 8) < 0.65 * fallen(m.bathroom, 9, END)


@shows("low_intake")
def test_a_dry_body_tires_and_one_that_is_slightly_dry_does_not() -> None:
    assert 0.65 < changed(m.movement, "low_intake", first=9) < 0.93
    dry, well_off = ill("low_intake", people=MANY), well(END, people=MANY)
    assert 0.4 < m.ratio(m.garden, dry, well_off, 9, END) < 0.85
    assert 0.9 < changed(m.movement, "low_intake", 0.33) < 1.05


def in_july(severity: float, people: int = PEOPLE) -> tuple[Told, ...]:
    wave = befalls("heat_wave", ONSET, since=SUMMER, severity=severity, days=LONG)
    return street(END, wave, since=SUMMER, people=people)


def hot(measure: m.Measure, severity: float = 1.0, people: int = PEOPLE) -> float:
    usual = well(END, since=SUMMER, people=people)
    return m.ratio(measure, in_july(severity, people), usual, FULL, END)


@pytest.mark.slow
@shows("heat_wave")
def test_a_heat_wave_warms_the_home_by_half_of_what_it_is_outside() -> None:
    """Up to twelve degrees outside; a home follows by 0.55 once it is no longer heated."""
    usual = m.over(m.celsius, well(END, since=SUMMER), FULL, END)
    warmer = [m.over(m.celsius, in_july(x), FULL, END) - usual for x in (0.5, 1)]
    assert 1.5 < warmer[0] < 4
    assert 4.5 < warmer[1] < 7
    assert m.over(m.celsius, in_july(1.0), FULL, END) > 25


@shows("heat_wave")
def test_what_is_sweated_out_is_not_passed_though_a_little_more_is_drunk() -> None:
    assert 0.62 < hot(m.voids) < 0.92
    assert 0.7 < hot(m.bathroom) < 0.97
    assert 1.05 < hot(m.boils) < 1.35
    assert hot(m.voids) < hot(m.voids, 0.5) < 1.06


@pytest.mark.slow
@shows("heat_wave")
def test_heat_keeps_people_in() -> None:
    assert 0.52 < hot(m.garden, people=MANY) < 0.9
    assert 0.85 < hot(m.movement, people=MANY) < 1.03


MANY = 90


def settled(measure: m.Measure, kind: str, since: float) -> float:
    """Over so many days in full, of so many people, that twice the strength would tell."""
    days = 11
    homes = street(days, befalls(kind, -2, since=since, days=20), people=MANY, since=since)
    return m.ratio(measure, homes, well(END, people=MANY, since=since), 1, days)


@pytest.mark.slow
@shows("heat_wave")
def test_heat_makes_a_little_thirsty_and_keeps_in_no_less_and_no_more() -> None:
    """Sweat alone would make 1.02 times the boils of it, and twice the thirst 1.25 times."""
    assert 1.06 < settled(m.boils, "heat_wave", SUMMER) < 1.21
    assert 0.745 < settled(m.voids, "heat_wave", SUMMER) < 0.83
    assert 0.74 < settled(m.garden, "heat_wave", SUMMER) < 0.9


@pytest.mark.slow
@shows("diuretic")
def test_a_water_tablet_makes_somewhat_thirsty_no_less_and_no_more() -> None:
    """Half the tablet would make 1.05 times the boils of it, and two of them 1.26 times."""
    assert 1.07 < settled(m.boils, "diuretic", START) < 1.215


@shows("diuretic")
def test_a_water_tablet_is_felt_in_the_morning_and_hardly_at_night() -> None:
    """Half the tablet makes 1.25 times the voids of a morning, and two of them 2.1 times."""
    assert 1.35 < settled(m.voids_by_morning, "diuretic", START) < 1.75
    assert 0.75 < settled(m.voids_by_night, "diuretic", START) < 1.1
    assert 1.03 < settled(m.voids, "diuretic", START) < 1.25


@shows("diuretic")
def test_a_water_tablet_sends_to_the_bathroom_in_the_morning() -> None:
    assert 1.05 < settled(m.bathroom_by_morning, "diuretic", START) < 1.6


@shows("wandering")
def test_who_wanders_is_seen_about_the_home_at_night() -> None:
    assert 1.8 < changed(m.about_by_night, "wandering", first=8) < 6.5
    assert 1.05 < changed(m.about_by_night, "wandering", 0.3, first=8) < 2.2
    assert 0.88 < changed(m.activity, "wandering", first=8) < 1.14, "by day it is as before"


@shows("wandering")
def test_who_wanders_opens_the_front_door_at_night_at_times() -> None:
    usual = m.over(m.door_by_night, well(END), 8, END)
    wandering = m.over(m.door_by_night, ill("wandering"), 8, END)
    assert usual < 0.1
    assert 0.2 < wandering < 1


DECLINE_DAYS = 52
FEW = 14


@pytest.mark.slow
@shows("decline")
def test_decline_lengthens_the_ways_week_by_week() -> None:
    """Full after six weeks, with a pace of 0.65: ways take 1.3 to 1.5 times as long."""
    before = well(DECLINE_DAYS, people=FEW)
    after = street(DECLINE_DAYS, befalls("decline", 3), people=FEW)
    spans = ((3, 10), (17, 24), (31, 38), (45, 52))
    longer = [m.ratio(m.walk, after, before, *span) for span in spans]
    assert longer == sorted(longer), longer
    assert longer[0] < 1.08
    assert 1.12 < longer[-1] < 1.55


@shows("decline")
def test_decline_leaves_less_of_what_is_done_for_pleasure_and_as_much_to_drink() -> None:
    before = well(END, people=MANY)
    after = street(END, befalls("decline", -42), people=MANY)
    assert 0.42 < m.ratio(m.garden, after, before, 0, END) < 0.82
    assert 0.8 < m.ratio(m.movement, after, before, 0, END) < 0.98
    assert m.ratio(m.boils, after, before, 0, END) == pytest.approx(1, abs=0.1)


@shows("uti", "low_intake")
@pytest.mark.slow
@pytest.mark.timeout(900)
def test_over_many_people_each_step_of_severity_shows() -> None:
    """Four steps by day and by night, of illness and of thirst."""
    before = well(END, people=3 * MANY)
    for kind, worse in (("uti", 1), ("low_intake", -1)):
        homes = [ill(kind, x, people=3 * MANY) for x in (0.25, 0.5, 0.75, 1.0)]
        for measure in (m.bathroom_by_day, m.bathroom_by_night, m.voids):
            found = [0.0, *(worse * (m.ratio(measure, one, before, 9, END) - 1) for one in homes)]
            assert all(more > less for less, more in pairwise(found)), (kind, found)
