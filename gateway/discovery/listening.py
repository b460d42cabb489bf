"""Overhears a broker for a while: a client beside the hub's, which says nothing."""

import asyncio
import signal
from collections.abc import Callable, Coroutine, Sequence
from typing import Any

import aiomqtt

from gateway.discovery.samples import Overheard
from gateway.hearing.reader import LARGEST_LIST

_AGAIN_S = 1.0  # between two drawings


async def listen(
    make_client: Callable[[], aiomqtt.Client],
    topics: Sequence[str],
    seconds: float,
    overheard: Overheard,
    draw: Callable[[], None],
) -> None:
    """Overhears for so many seconds, or until interrupted; draws what there is meanwhile.

    Raises:
        MqttError: There is no broker, or it has gone.
    """
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGINT, stop.set)
    async with make_client() as client:
        await client.subscribe([(topic, 0) for topic in topics])
        await _until_one_ends(
            [_overhear(client, overheard), _redraw(draw), stop.wait()], seconds=seconds
        )


async def _until_one_ends(jobs: Sequence[Coroutine[Any, Any, Any]], *, seconds: float) -> None:
    tasks = [asyncio.ensure_future(job) for job in jobs]
    try:
        await asyncio.wait(tasks, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        outcomes = await asyncio.gather(*tasks, return_exceptions=True)
    for outcome in outcomes:
        if isinstance(outcome, Exception):
            raise outcome


async def _overhear(client: aiomqtt.Client, overheard: Overheard) -> None:
    async for message in client.messages:
        payload = bytes(message.payload[: LARGEST_LIST + 1])
        overheard.hear(message.topic.value, payload, retained=bool(message.retain))


async def _redraw(draw: Callable[[], None]) -> None:
    while True:
        await asyncio.sleep(_AGAIN_S)
        draw()
