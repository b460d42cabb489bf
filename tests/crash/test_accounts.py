"""Accounts that overlook a loss would make the whole matrix worthless."""

from itertools import islice

import msgspec

from tests.crash import accounts
from tests.crash.household import story

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
    times = [one.at for one in islice(story(1), 5000)]
    assert times == sorted(set(times))
