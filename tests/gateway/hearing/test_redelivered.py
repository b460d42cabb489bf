"""What a broker delivers again is known again, and what it never delivered is heard."""

from typing import Any

import pytest

from gateway.hearing.hearing import Past
from gateway.journal.deliveries import DELIVERIES_KEPT
from tests.gateway.listening import MOVED, listener, message, seen


def test_a_message_delivered_again_is_not_heard_again() -> None:
    listening = listener()
    first = listening.hear([message("front-door", {"contact": False}, mid=7)])
    again = listening.hear([message("front-door", {"contact": False}, 9, mid=7, dup=True)])
    assert again.events == []
    assert again.counts == {"messages": 1, "redelivered": 1}
    assert len(first.deliveries) == 1
    assert again.deliveries == []


def test_after_a_restart_it_still_knows_what_was_delivered() -> None:
    first = listener().hear([message("bathroom-pir", MOVED, mid=7)])
    again = listener(Past(first.deliveries)).hear([message("bathroom-pir", MOVED, mid=7, dup=True)])
    assert again.events == []


def days_of_the_door() -> list[dict[str, Any]]:
    return [{"contact": n % 2 == 1, "last_seen": seen(n / 60)} for n in range(4)]


@pytest.mark.parametrize("restarted", [False, True])
def test_what_a_killed_broker_says_again_without_a_mark_and_by_other_numbers_is_told_once(
    restarted: bool,
) -> None:
    listening = listener()
    first = [message("front-door", one, 400, mid=n) for n, one in enumerate(days_of_the_door(), 1)]
    heard = listening.hear(first)
    if restarted:
        frozen = heard.devices
        listening = listener(Past(heard.deliveries), shut=False)
        listening._normaliser.thaw(frozen)
    again = [message("front-door", one, 500, mid=n) for n, one in enumerate(days_of_the_door(), 70)]
    intake = listening.hear(again)
    assert len(heard.events) == 4
    assert intake.events == []
    assert intake.counts["redelivered"] == 2  # each opening
    assert intake.counts["no_change"] == 2  # a closed door that is closed


def test_old_news_that_was_not_heard_before_is_told_and_marked() -> None:
    said = days_of_the_door()
    listening = listener()
    listening.hear([message("front-door", said[2], 400, mid=1)])
    intake = listening.hear([message("front-door", said[0], 400, mid=2)])
    assert [event.quality for event in intake.events] == ["replayed"]


def test_a_state_without_a_time_that_comes_again_is_news() -> None:
    listening = listener()
    states = [{"contact": False}, {"contact": True}, {"contact": False}]
    intake = listening.hear(
        [message("front-door", one, 60 * n, mid=n + 1) for n, one in enumerate(states)]
    )
    assert [event.value for event in intake.events] == [1, 0, 1]
    assert intake.counts["redelivered"] == 0


def test_no_more_is_remembered_of_what_was_delivered_than_the_journal_keeps() -> None:
    listening = listener()
    for n in range(10_000):
        listening.hear([message("bathroom-pir", {"battery": n % 5000}, mid=n % 65_535 + 1)])
    assert len(listening._deliveries) == DELIVERIES_KEPT
    assert listening._deliveries._said.total() == DELIVERIES_KEPT
    assert min(listening._deliveries._said.values()) == 1


def test_a_delivery_marked_as_repeated_that_never_arrived_is_heard() -> None:
    intake = listener().hear([message("bathroom-pir", MOVED, mid=7, dup=True)])
    assert len(intake.events) == 1
    other = listener(Past(intake.deliveries)).hear(
        [message("bathroom-pir", {**MOVED, "linkquality": 9}, mid=7, dup=True)]
    )
    assert len(other.events) == 1
