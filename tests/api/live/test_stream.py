"""The stream a page listens to opens with "fetch everything" and never looks alive when dead."""

from collections.abc import AsyncIterator

import pytest

from api.live.fanout import MAX_WAITING, AlertChanged, Fanout, HubChanged, Reader, StaffChanged
from api.live.stream import RETRY, stream
from tests.api.support import SettableClock

CLOCK = SettableClock()

ALL = Reader(organisations=frozenset({1}))


def reader(staff: int) -> Reader:
    return Reader(organisations=frozenset({1}), staff=staff)


async def always() -> bool:
    return True


@pytest.fixture
async def fanout() -> AsyncIterator[Fanout]:
    fanout = Fanout()
    fanout.heard()
    yield fanout
    assert len(fanout) == 0, "a stream that has ended must leave nothing behind"


async def test_it_opens_with_resync_and_then_tells_what_changes(fanout: Fanout) -> None:
    events = stream(fanout, CLOCK, ALL, always)
    assert await anext(events) == RETRY
    assert await anext(events) == b"event: resync\ndata: {}\n\n"
    fanout.tell(AlertChanged(17, 9, 1))
    fanout.tell(HubChanged("hub-1", 1))
    assert await anext(events) == (
        b'event: alert\ndata: {"alert":17,"version":9}\n\nevent: hub\ndata: {"hub":"hub-1"}\n\n'
    )
    await events.aclose()  # type: ignore[attr-defined]  # it is a generator


async def test_it_beats_while_quiet_so_that_a_dead_link_is_noticed(fanout: Fanout) -> None:
    events = stream(fanout, CLOCK, ALL, always, beat=0)
    assert [await anext(events) for _ in range(3)][2] == (
        b'event: beat\ndata: {"at":"2026-03-10T12:00:00Z"}\n\n'
    )
    await events.aclose()  # type: ignore[attr-defined]  # as above


async def test_without_the_database_it_says_so_and_does_not_beat(fanout: Fanout) -> None:
    asked = 0

    async def three_times() -> bool:
        nonlocal asked
        asked += 1
        return asked < 3

    fanout.lost()
    told = [each async for each in stream(fanout, CLOCK, ALL, three_times, beat=0)]
    assert told == [RETRY, b"event: stale\ndata: {}\n\n"]
    assert asked == 3


async def test_a_stream_that_is_never_quiet_still_ends_with_the_session(fanout: Fanout) -> None:
    async def never() -> bool:
        return False

    events = stream(fanout, CLOCK, ALL, never, beat=0)
    told = []
    async for each in events:
        told.append(each)
        fanout.tell(AlertChanged(1, len(told), 1))
    assert len(told) < 5


async def test_it_ends_when_the_session_has(fanout: Fanout) -> None:
    async def never() -> bool:
        return False

    told = [each async for each in stream(fanout, CLOCK, ALL, never, beat=0)]
    assert told == [RETRY, b"event: resync\ndata: {}\n\n"]


async def test_it_ends_when_the_service_does(fanout: Fanout) -> None:
    events = stream(fanout, CLOCK, ALL, always)
    await anext(events)
    await anext(events)
    fanout.close()
    assert [each async for each in events] == []


async def test_who_is_let_go_is_cut_off_at_once_and_nobody_else_is_asked(fanout: Fanout) -> None:
    asked: list[str] = []

    async def gone() -> bool:
        asked.append("gone")
        return False

    async def stays() -> bool:
        asked.append("stays")
        return True

    ended = stream(fanout, CLOCK, reader(7), gone)
    other = stream(fanout, CLOCK, reader(8), stays)
    for events in (ended, other):
        assert await anext(events) == RETRY
        await anext(events)
    fanout.tell(AlertChanged(17, 9, 1))
    fanout.tell(StaffChanged(7))
    assert [each async for each in ended] == [], "also not what waited already"
    assert (await anext(other)).startswith(b"event: alert\n")
    assert asked == ["gone"]
    fanout.tell(StaffChanged(8))
    fanout.tell(HubChanged("hub-1", 1))
    assert (await anext(other)).startswith(b"event: hub\n")
    assert asked == ["gone", "stays"]
    await other.aclose()  # type: ignore[attr-defined]  # as above


async def test_who_sees_those_alone_that_agreed_learns_neither_whose_hub_reports_nor_when(
    fanout: Fanout,
) -> None:
    """At each beat, and at nothing else, they are to look again: also where nothing happened."""
    nurse = Reader(organisations=frozenset({1}), named=False)
    for happens in (True, False):
        events = stream(fanout, CLOCK, nurse, always, beat=0.2)
        assert [await anext(events) for _ in range(2)][1] == b"event: resync\ndata: {}\n\n"
        if happens:
            for number in range(MAX_WAITING + 2):
                fanout.tell(AlertChanged(number, 1, 1))
                fanout.tell(HubChanged(f"hub-{number}", 1))
        assert await anext(events) == (
            b'event: resync\ndata: {}\n\nevent: beat\ndata: {"at":"2026-03-10T12:00:00Z"}\n\n'
        )
        await events.aclose()  # type: ignore[attr-defined]  # as above
