"""What a broker delivers again is known again, and what it never delivered is heard."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from gateway.dialects.zigbee2mqtt import Zigbee2Mqtt
from gateway.engine import Watermark
from gateway.hearing.hearing import Hearing, Past
from gateway.hearing.known_deliveries import BACK_S, MOST_ECHOES, SAVED_S, Deliveries
from gateway.hearing.message import Message
from gateway.journal.deliveries import DELIVERIES_KEPT, read_deliveries
from gateway.journal.intake import Delivery
from gateway.normaliser import Normaliser
from gateway.normaliser.levels import AGAIN_S
from gateway.settings import Sensor
from tests.gateway.events import START
from tests.gateway.listening import MOVED, SENSORS, listener, message, seen


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
    said = [one.times for one in listening._deliveries._said.values()]
    assert (sum(said), min(said)) == (DELIVERIES_KEPT, 1)


def test_a_delivery_marked_as_repeated_that_never_arrived_is_heard() -> None:
    intake = listener().hear([message("bathroom-pir", MOVED, mid=7, dup=True)])
    assert len(intake.events) == 1
    other = listener(Past(intake.deliveries)).hear(
        [message("bathroom-pir", {**MOVED, "linkquality": 9}, mid=7, dup=True)]
    )
    assert len(other.events) == 1


WARM, WARMER = ({"temperature": degrees, "battery": 90} for degrees in (21.4, 22.0))
KEPT = dict(WARM)  # said again by the broker, as the state that it had kept
LOUNGE = (*SENSORS, Sensor(name="lounge", kind="temperature", place="lounge"))


def rooms(past: Past | None = None) -> Hearing:
    normaliser = Normaliser("h1", LOUNGE)
    return Hearing(Zigbee2Mqtt(), normaliser, Watermark(), past or Past(), follows_wall_clock=True)


def degrees(
    device: str, said: dict[str, Any], at: float, mid: int, retain: bool = False
) -> Message:
    """What is said at so many seconds, by either clock."""
    one = message(device, said, at, mid=mid, retain=retain)
    return replace(one, elapsed=one.received)


def degrees_after(
    *later: tuple[float, dict[str, Any]],
    back: float = 42.0,
    restarted: bool = False,
    device: str = "lounge",
    first: tuple[dict[str, Any], ...] = (WARM, WARMER),
    past: Past | None = None,
) -> tuple[list[float], dict[str, int]]:
    """What a sensor tells that spoke at 0 s, 20 s and so on, and `later` to a broker back then."""
    listening = rooms(past)
    heard = listening.hear([degrees(device, one, 20 * n, n + 1) for n, one in enumerate(first)])
    if restarted:
        listening = rooms(Past(heard.deliveries))
        listening._normaliser.thaw(heard.devices)
    listening.broker_is_back(START + back)
    intake = listening.hear(
        [degrees(device, one, t, 70 + n, one is KEPT) for n, (t, one) in enumerate(later)]
    )
    return [one.value for one in intake.events], intake.counts


@pytest.mark.parametrize("restarted", [False, True])
def test_a_figure_without_a_time_that_a_killed_broker_says_again_is_told_once(
    restarted: bool,
) -> None:
    told, counts = degrees_after((42.1, WARM), restarted=restarted)
    assert told == []
    assert (counts["redelivered"], counts["redelivered_figure"]) == (1, 1)


def test_a_figure_that_comes_back_a_second_time_was_measured_anew() -> None:
    assert degrees_after((42.1, WARM), (45, WARMER), (50, WARM)) == (
        [21.4],
        {"messages": 3, "events": 1, "redelivered": 2, "redelivered_figure": 2},
    )


def test_a_figure_that_was_not_said_lately_is_heard_when_a_broker_is_back() -> None:
    assert degrees_after((42.1, {**WARM, "battery": 89}))[0] == [21.4]


def test_what_is_measured_long_after_a_broker_is_back_is_heard_though_it_was_so_before() -> None:
    assert degrees_after((42 + BACK_S + 1, WARM))[0] == [21.4]


def test_of_what_a_broker_had_written_down_long_before_nothing_is_taken_for_a_repetition() -> None:
    spoke = (WARM, WARMER, WARMER, WARMER, WARMER)
    assert degrees_after((90, WARM), first=spoke, back=89)[0] == [21.4]


def test_a_state_that_the_broker_had_kept_does_not_stand_for_what_it_says_again() -> None:
    told, counts = degrees_after((41.9, KEPT), (45, WARM))
    assert told == []
    assert (counts["retained"], counts["redelivered_figure"]) == (1, 1)


LONG_WARMER = (WARM, *[WARMER] * 10)  # warm was said more than a minute before the last word


def test_what_is_measured_just_after_the_broker_told_what_it_had_kept_is_heard() -> None:
    assert degrees_after((205.1, KEPT), (210, WARM), first=LONG_WARMER, back=205)[0] == [21.4]


def test_what_is_measured_twice_since_the_broker_is_back_is_heard_twice() -> None:
    hot = {"temperature": 23.0}
    later = ((206.0, WARM), (209.0, hot), (212.0, WARM))
    assert degrees_after(*later, first=LONG_WARMER, back=205)[0] == [21.4, 23.0, 21.4]


def test_a_link_that_is_lost_every_few_seconds_hides_no_room_whose_warmth_stays_the_same() -> None:
    listening, told = rooms(), list[float]()
    for t in range(0, 1200, 10):
        listening.broker_is_back(START + t - 0.5)
        if t % 30 == 0:
            intake = listening.hear([degrees("lounge", WARM, t, t + 1)])
            told += [one.at.timestamp() - START for one in intake.events]
    waits = [later - earlier for earlier, later in pairwise([*told, 1200])]
    assert max(waits) <= AGAIN_S + MOST_ECHOES * 30


def test_what_a_broker_says_again_after_hours_each_time_it_is_killed_is_told_once() -> None:
    listening = rooms()
    listening.hear([degrees("lounge", one, 20 * n, n) for n, one in enumerate((WARM, WARMER), 1)])
    for back in (7200, 7210, 7220):
        listening.broker_is_back(START + back)
        assert listening.hear([degrees("lounge", WARM, back + 1, 9)]).events == []


def test_a_clock_that_once_stood_ahead_lets_no_figure_be_told_twice() -> None:
    ahead = Past([Delivery(9, b"of a time that has not come", START + 72_000)])
    assert degrees_after((42.1, WARM), past=ahead)[0] == []


def test_a_door_that_is_opened_again_as_the_broker_comes_back_is_heard() -> None:
    opened, closed = {"contact": False}, {"contact": True}
    told, _ = degrees_after((42.1, opened), first=(closed, opened, closed), device="front-door")
    assert told == [1.0]


def test_a_call_for_help_that_comes_with_a_figure_is_heard_though_a_broker_has_just_come_back() -> (
    None
):
    called = {"action": "single", "temperature": 21.4}
    told, _ = degrees_after((42.1, called), first=(called,), device="pendant")
    assert told == [1.0]


def test_a_page_in_the_place_of_the_last_deliveries_ends_no_hub() -> None:
    with closing(sqlite3.connect(":memory:")) as worn:
        worn.execute("create table deliveries (slot, number, mid, digest, at)")
        worn.execute("insert into deliveries values (1, 'event', 0, 1.5, x'7b7d')")
        assert len(Deliveries(read_deliveries(worn))) == 1


def test_the_broker_as_installed_writes_down_what_it_holds_as_often_as_the_hub_supposes() -> None:
    settings = Path("deploy/raspberrypi/root/etc/mosquitto/conf.d/telecare.conf").read_text("utf-8")
    assert f"autosave_interval {SAVED_S:.0f}\n" in settings
