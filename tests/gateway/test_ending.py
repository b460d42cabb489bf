"""A hub that is asked to end does, though one of its jobs did not hear it."""

import asyncio

import pytest

from gateway import app


async def deaf_once() -> None:
    """A job that loses its first cancellation, as a wait that ends in that instant may."""
    try:
        await asyncio.sleep(3600)
    except asyncio.CancelledError:
        await asyncio.sleep(3600)


async def test_a_job_that_misses_that_it_must_end_is_told_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(app, "_TOLD_AGAIN_S", 0.01)
    stop = asyncio.Event()
    stop.set()
    await asyncio.wait_for(app._until(stop, [deaf_once()]), timeout=5)


async def test_what_made_a_job_fail_is_not_hidden_by_the_others_end() -> None:
    async def fails() -> None:
        raise OSError("no such broker")

    with pytest.raises(OSError, match="no such broker"):
        await app._until(asyncio.Event(), [asyncio.sleep(3600), fails()])
