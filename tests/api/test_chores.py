"""What is done by the clock goes on, whatever happens to one turn of it."""

import asyncio
import logging

import pytest

from api.chores import every, in_background
from api.refusals import DatabaseAway


class EnoughError(Exception):
    """Ends a chore that would go on for ever."""


async def test_a_turn_that_fails_is_logged_and_the_next_one_comes(
    caplog: pytest.LogCaptureFixture,
) -> None:
    turns: list[int] = []
    slept: list[float] = []

    async def chore() -> None:
        turns.append(len(turns))
        if len(turns) in {1, 2, 4}:
            raise DatabaseAway("The database cannot be reached.", 5)
        if len(turns) == 5:
            raise ValueError("a mistake")

    async def sleep(seconds: float) -> None:
        slept.append(seconds)
        if len(slept) == 5:
            raise EnoughError

    with caplog.at_level(logging.WARNING), pytest.raises(EnoughError):
        await every(5.0, chore, sleep=sleep)
    assert len(turns) == 5
    assert slept == [5.0] * 5
    # Once for each time that the database went away.
    assert caplog.text.count("put off: The database cannot be reached.") == 2
    assert "a mistake" in caplog.text


async def test_background_work_ends_with_the_service_even_where_it_has_failed() -> None:
    ended = []

    async def work() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.append(True)

    async def fail() -> None:
        raise ValueError("at once")

    async with in_background(work(), fail(), work()):
        await asyncio.sleep(0)
    assert ended == [True, True]
