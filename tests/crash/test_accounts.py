"""Accounts that overlook a loss would make the whole matrix worthless."""

from itertools import islice

import msgspec

from tests.crash import accounts
from tests.crash.household import story
from tests.crash.wording import UNDATED

SAID = list(islice(story(1), 100))


def test_what_is_held_once_as_it_was_said_is_even_in_whatever_order() -> None:
    assert accounts.events(SAID, reversed(SAID)).even


def test_a_missing_a_doubled_and_an_altered_event_are_each_found() -> None:
    altered = msgspec.structs.replace(SAID[7], value=SAID[7].value + 1)
    found = accounts.events(SAID, [*SAID[:7], altered, *SAID[8:99], SAID[3], SAID[3]])
    assert (found.held, len(found.missing), len(found.doubled), len(found.invented)) == (
        101, 2, 2, 1,
    )  # fmt: skip
    assert not found.even


def test_an_event_that_came_distrusted_is_not_as_it_was_said() -> None:
    late = msgspec.structs.replace(SAID[0], quality="late")
    found = accounts.events(SAID, [late, *SAID[1:]])
    assert (len(found.missing), len(found.invented)) == (1, 1)


def test_an_alert_with_another_last_word_is_not_the_same() -> None:
    found = accounts.alerts({"a": b"1", "b": b"2"}, {"a": b"1", "b": b"3", "c": b"4"})
    assert (len(found.missing), len(found.invented)) == (1, 2)


def test_the_household_says_the_same_every_time_and_nothing_twice() -> None:
    assert list(islice(story(1), 100)) == SAID
    assert list(islice(story(2), 100)) != SAID
    many = list(islice(story(1), 5000))
    times = [one.at for one in many if one.sensor not in UNDATED]
    assert times == sorted(set(times))
    figures = [(one.sensor, one.value) for one in many if one.sensor in UNDATED]
    assert len(figures) == len(set(figures)) > 100


def test_what_bears_no_time_and_is_told_again_is_found_whenever_that_was() -> None:
    figure = next(one for one in SAID if one.sensor in UNDATED)
    later = msgspec.structs.replace(figure, at=SAID[-1].at)
    assert accounts.events(SAID, [*SAID, later]).invented
    assert accounts.events(SAID, [*SAID, later], dated_by_hub=True).doubled
    moved = [later if one == figure else one for one in SAID]
    assert not accounts.events(SAID, moved).even
    assert accounts.events(SAID, moved, dated_by_hub=True).even


def test_where_the_message_before_is_lost_what_bears_no_time_counts_when_the_hub_can_know() -> None:
    number = next(
        n for n in range(9, 99) if SAID[n].sensor in UNDATED and SAID[n - 1].sensor not in UNDATED
    )
    lost, *earlier = SAID[number - 1 :: -1]
    before = next(one.at for one in earlier if one.sensor not in UNDATED)
    unmoved = [one for one in SAID if one is not lost]
    moved = [
        msgspec.structs.replace(one, at=before)
        if one.sensor in UNDATED and one.at == lost.at
        else one
        for one in unmoved
    ]
    found = accounts.events(accounts.dated_by_the_heard(SAID, moved), moved)
    assert (len(found.missing), found.invented) == (1, [])
    assert accounts.events(SAID, moved).invented
    assert accounts.events(accounts.dated_by_the_heard(SAID, unmoved), unmoved).invented
    assert accounts.dated_by_the_heard(SAID, SAID) == SAID
