"""A page that misses a change must at least learn that it may have missed one."""

import asyncio

from hypothesis import given
from hypothesis import strategies as st

from api.live.fanout import MAX_WAITING, AlertChanged, Change, Fanout, HubChanged, Reader, Signal

ALL = Reader(organisations=frozenset({1}))


async def waiting(fanout: Fanout, *changes: Change) -> list[Change | Signal]:
    subscription = fanout.subscribe(ALL)
    for change in changes:
        fanout.tell(change)
    return await subscription.take(0)


def heard() -> Fanout:
    fanout = Fanout()
    fanout.heard()
    return fanout


@given(st.lists(st.tuples(st.integers(1, 5), st.integers(1, 9)), max_size=40))
async def test_a_slow_reader_gets_the_newest_version_of_each_alert_once(
    told: list[tuple[int, int]],
) -> None:
    changes = [AlertChanged(alert, version, 1) for alert, version in told]
    newest = {alert: max(v for a, v in told if a == alert) for alert, _ in told}
    found = await waiting(heard(), *changes)
    assert {one.alert: one.version for one in found if isinstance(one, AlertChanged)} == newest
    assert len(found) == len(newest)


async def test_everybody_is_told() -> None:
    fanout = heard()
    readers = [fanout.subscribe(ALL) for _ in range(3)]
    fanout.tell(HubChanged("hub-1", 1))
    assert [await reader.take(0) for reader in readers] == [[HubChanged("hub-1", 1)]] * 3
    fanout.unsubscribe(readers[0])
    assert len(fanout) == 2


async def test_more_than_a_reader_can_hold_becomes_fetch_everything() -> None:
    changes = [AlertChanged(number, 1, 1) for number in range(MAX_WAITING + 1)]
    assert await waiting(heard(), *changes) == [Signal.RESYNC]


async def test_losing_the_database_is_told_at_once_and_its_return_means_fetch_everything() -> None:
    fanout = heard()
    reader = fanout.subscribe(ALL)
    fanout.tell(AlertChanged(1, 1, 1))
    fanout.lost()
    assert await reader.take(0) == [Signal.STALE]
    assert await fanout.subscribe(ALL).take(0) == [Signal.STALE]
    fanout.heard()
    fanout.tell(AlertChanged(1, 2, 1))
    assert await reader.take(0) == [Signal.RESYNC, AlertChanged(1, 2, 1)]


async def test_the_end_of_the_service_wins_over_everything() -> None:
    fanout = heard()
    reader = fanout.subscribe(ALL)
    fanout.close()
    fanout.heard()
    assert Signal.CLOSED in await reader.take(0)
    assert Signal.CLOSED in await fanout.subscribe(ALL).take(0)


async def test_a_reader_that_waits_is_woken() -> None:
    fanout = heard()
    reader = fanout.subscribe(ALL)
    taking = asyncio.create_task(reader.take(60))
    await asyncio.sleep(0)
    fanout.tell(AlertChanged(1, 1, 1))
    assert await taking == [AlertChanged(1, 1, 1)]
    assert await reader.take(0) == []


async def test_who_may_see_no_alert_is_told_of_none_and_of_hubs_as_before() -> None:
    fanout = heard()
    installer = fanout.subscribe(Reader(organisations=frozenset({1}), alerts=False))
    fanout.tell(AlertChanged(1, 1, 1))
    assert await installer.take(0) == []
    fanout.tell(HubChanged("hub-1", 1))
    fanout.tell(HubChanged("hub-2", 2))
    assert await installer.take(0) == [HubChanged("hub-1", 1)]
