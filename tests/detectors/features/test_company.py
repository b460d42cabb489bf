"""Others in the home: a guest hides the routine for days, a lodger becomes part of it."""

from detectors.features.company import NIGHTS, STAYING_DAYS, Company


def test_a_full_house_is_not_one_person_who_is_ill() -> None:
    assert Company().there(3.0, night=False)
    assert not Company().there(2.2, night=False)


def test_by_night_less_is_enough_since_nobody_should_stir() -> None:
    assert Company().there(2.2, night=True)


def test_after_some_nights_with_a_cat_the_days_are_not_the_persons_alone() -> None:
    company = Company()
    for _ in range(NIGHTS):
        company.there(4.0, night=True)
    assert company.there(0.0, night=False)
    for _ in range(2 * NIGHTS):
        company.there(0.0, night=True)
    assert not company.there(0.0, night=False)


def test_one_bad_night_does_not_hide_the_day() -> None:
    company = Company()
    company.there(9.0, night=True)
    assert not company.there(0.0, night=False)


def test_who_stays_for_a_fortnight_lives_here_and_who_leaves_does_not() -> None:
    company = Company()
    for _ in range(STAYING_DAYS):
        assert not company.lives_here
        company.there(5.0, night=False)
    assert company.lives_here
    company.there(0.0, night=False)
    assert not company.lives_here


def test_the_day_after_guests_needs_less_to_be_theirs_too() -> None:
    company = Company()
    assert not company.there(1.5, night=False)
    company.there(3.0, night=False)
    assert company.there(1.5, night=True)
    assert company.there(1.5, night=False)
