"""One reading serves all who asked before it; nobody is shown what was read before they asked."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.refusals import DatabaseAway
from api.store import together
from api.store.reach import Reach, common
from api.store.together import Together

OURS, THEIRS = common([1]), common([2])


class Store:
    """Something that is written and read; a reading takes what stands when it begins."""

    def __init__(self) -> None:
        self.written = 0
        self.readings: list[Reach] = []
        self.going_on = asyncio.Event()
        self.goes_on = True
        self.away = False

    async def read(self, reach: Reach) -> int:
        self.readings.append(reach)
        found, away = self.written, self.away
        while not self.goes_on:
            await self.going_on.wait()
        await asyncio.sleep(0)
        if away:
            raise DatabaseAway("Away.", 5)
        return found

    def hold(self) -> None:
        self.goes_on = False
        self.going_on.clear()

    def go_on(self) -> None:
        self.goes_on = True
        self.going_on.set()


async def begun() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


async def test_twenty_that_ask_at_once_cost_one_reading() -> None:
    store = Store()
    shared = Together(store.read)
    assert await asyncio.gather(*(shared.ask(OURS) for _ in range(20))) == [0] * 20
    assert store.readings == [OURS]


async def test_who_asks_while_one_goes_on_is_shown_what_was_written_meanwhile() -> None:
    store = Store()
    shared = Together(store.read)
    store.hold()
    early = asyncio.create_task(shared.ask(OURS))
    await begun()
    store.written = 1
    late = [asyncio.create_task(shared.ask(OURS)) for _ in range(20)]
    await begun()
    store.go_on()
    assert (await early, {await one for one in late}) == (0, {1})
    assert len(store.readings) == 2


async def test_who_may_see_something_else_has_a_reading_of_their_own() -> None:
    store = Store()
    shared = Together(store.read)
    consenting = common([1], purpose="care_team")
    asked = [OURS, THEIRS, consenting, common([1, 2]), OURS]
    await asyncio.gather(*(shared.ask(one) for one in asked))
    assert sorted(store.readings) == sorted({*asked})
    assert len(store.readings) == 4


async def test_a_reading_that_failed_is_not_kept() -> None:
    store = Store()
    shared = Together(store.read)
    store.away = True
    found = await asyncio.gather(*(shared.ask(OURS) for _ in range(3)), return_exceptions=True)
    assert [type(one) for one in found] == [DatabaseAway] * 3
    store.away = False
    assert await shared.ask(OURS) == 0
    assert len(store.readings) == 2


async def test_who_waits_behind_a_reading_that_fails_has_the_next() -> None:
    store = Store()
    shared = Together(store.read)
    store.away = True
    store.hold()
    early = asyncio.create_task(shared.ask(OURS))
    await begun()
    store.away = False
    late = asyncio.create_task(shared.ask(OURS))
    await begun()
    store.go_on()
    with pytest.raises(DatabaseAway):
        await early
    assert await late == 0


async def test_who_goes_away_does_not_end_it_for_the_others() -> None:
    store = Store()
    shared = Together(store.read)
    store.hold()
    first, second = (asyncio.create_task(shared.ask(OURS)) for _ in range(2))
    await begun()
    first.cancel()
    await begun()
    store.go_on()
    assert await second == 0
    assert first.cancelled()


async def test_a_link_that_went_dead_does_not_hold_up_all_who_ask_after(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(together, "PATIENCE_SECONDS", 0.01)
    store = Store()
    shared = Together(store.read)
    store.hold()
    stuck = asyncio.create_task(shared.ask(OURS))
    await begun()
    store.goes_on, store.written = True, 1
    assert await asyncio.wait_for(shared.ask(OURS), 5) == 1
    assert not stuck.done()
    store.go_on()
    assert await stuck == 0


async def test_nothing_is_kept_of_what_was_read() -> None:
    shared = Together(Store().read)
    await asyncio.gather(shared.ask(OURS), shared.ask(THEIRS))
    await begun()
    assert not shared._next
    assert not shared._newest


@given(st.lists(st.sampled_from(["write", "ask", "run", "hold", "go on"]), max_size=40))
def test_in_whatever_order_nobody_is_shown_what_is_older_than_their_question(
    steps: list[str],
) -> None:
    async def whole() -> None:
        store = Store()
        shared = Together(store.read)

        async def asked() -> None:
            before = store.written
            assert await shared.ask(OURS) >= before

        async with asyncio.TaskGroup() as tasks:
            for step in steps:
                if step == "write":
                    store.written += 1
                elif step == "ask":
                    tasks.create_task(asked())
                elif step == "run":
                    await asyncio.sleep(0)
                else:
                    store.hold() if step == "hold" else store.go_on()
            store.go_on()

    asyncio.run(whole())
