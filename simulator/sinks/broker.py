"""To brokers: each home below a topic of its own, through one connection or several."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import replace
from typing import Self

from simulator.devices import Message
from simulator.playing.publisher import Address, Publisher, Say
from simulator.sinks.sink import Sink

_POLL_S = 0.02


class Brokers(Sink):
    """Publishes what devices say, as fast as brokers acknowledge it.

    Args:
        addresses: Of each home's broker, in the order of the homes; `base_topic` may hold `{home}`
            and `{dialect}`.
        names: Of the homes.
        connections: How many to each broker.
        say: Told when a broker goes and comes.
    """

    def __init__(
        self,
        addresses: Sequence[Address],
        names: Sequence[str],
        *,
        connections: int = 1,
        say: Say,
    ) -> None:
        self._bases = [address.base_topic for address in addresses]
        self._names = names
        self._known: dict[tuple[int, str], str] = {}
        self._stack = ExitStack()
        pools: dict[Address, list[Publisher]] = {}
        self._of: list[Publisher] = []
        for index, address in enumerate(addresses):
            broker = replace(address, base_topic="")
            pool = pools.setdefault(broker, [])
            if len(pool) < connections:
                pool.append(Publisher(broker, say))
            self._of.append(pool[index % len(pool)])
        self._publishers = [one for pool in pools.values() for one in pool]

    def __enter__(self) -> Self:
        """Connects, however long that takes.

        Raises:
            BrokerError: A broker refuses us.
        """
        with ExitStack() as stack:
            for publisher in self._publishers:
                stack.enter_context(publisher)
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    @property
    def acknowledged(self) -> int:
        """How many messages brokers have taken."""
        return sum(publisher.acknowledged for publisher in self._publishers)

    @property
    def slowest_s(self) -> float:
        """The longest that a message took from when it was due to its acknowledgement."""
        return max(publisher.slowest_s for publisher in self._publishers)

    def room(self, home: int) -> bool:
        """Whether the home's connection has few enough messages under way.

        Raises:
            BrokerError: The broker refuses us.
        """
        return self._of[home].has_room

    def said(self, home: int, message: Message, due: float) -> None:
        """Publishes it below the home's topic."""
        dialect, _, rest = message.topic.partition("/")
        base = self._known.get((home, dialect))
        if base is None:
            base = self._bases[home].format(home=self._names[home], dialect=dialect)
            self._known[home, dialect] = base
        topic = f"{base}/{rest}" if base else rest
        self._of[home].offer(message._replace(topic=topic), due)

    async def finish(self) -> None:
        """Waits until every message is acknowledged.

        Raises:
            BrokerError: A broker refuses us.
        """
        await until(lambda: all(publisher.done for publisher in self._publishers))


async def until(done: Callable[[], bool]) -> None:
    """Waits for something that another thread does."""
    while not done():  # noqa: ASYNC110 - the other thread knows no loop
        await asyncio.sleep(_POLL_S)
