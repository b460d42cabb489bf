"""Many virtual hubs against one centre, in one process."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from gateway.settings import Settings
from gateway.uplink.centre import Centre
from simulator.devices import Message
from simulator.hubs.joining import Desk, join
from simulator.hubs.place import Identity, Place
from simulator.hubs.virtual import VirtualHub
from simulator.sinks import Sink

Say = Callable[[str], None]
SettingsFor = Callable[[int, Identity], Settings]

_POLL_S = 0.1


@dataclass(frozen=True)
class Neighbourhood:
    """What hubs must know of the street that they stand in.

    Attributes:
        homes: Their names.
        time_zone: IANA name.
        start: When life begins there, in epoch seconds.
        settings: Of the hub of a home, by its number from 0.
    """

    homes: Sequence[str]
    time_zone: str
    start: float
    settings: SettingsFor


class Fleet(Sink):
    """The hubs of a street.

    Args:
        url: The centre's address.
        street: Where they stand.
        folder: For journals and keys, one folder a hub; None to keep all in memory.
        say: Told how the hubs stand with the centre.
    """

    def __init__(self, url: str, street: Neighbourhood, folder: Path | None, say: Say) -> None:
        self._url = url
        self._street = street
        self._places = [Place(None if folder is None else folder / home) for home in street.homes]
        self._say = say
        self._hubs: list[VirtualHub] = []
        self._living: list[asyncio.Future[object]] = []
        self._sending: list[asyncio.Future[object]] = []
        self._trouble: dict[int, str] = {}
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await _end(self._living)
        await _end(self._sending)
        for hub in self._hubs:
            hub.close()
        await self._stack.aclose()

    async def join(self, desk: Desk, advance: Callable[[], None]) -> None:
        """Makes every hub known to the centre, and sets it to work.

        Raises:
            JoinError: The centre cannot be reached, or will not have one.
            HubError: A key or journal cannot be used.
            ValueError: What was kept of a hub cannot be read.
        """
        centre = await self._stack.enter_async_context(Centre(self._url))
        for index, (home, place) in enumerate(zip(self._street.homes, self._places, strict=True)):
            identity = await join(place, centre, desk, home, self._street.time_zone)
            self._start(index, place, identity, centre)
            advance()

    def room(self, home: int) -> bool:
        """Whether the home's hub keeps up."""
        return self._hubs[home].has_room

    def said(self, home: int, message: Message, due: float) -> None:
        """The home's hub hears it."""
        del due
        self._hubs[home].hear(message)

    def passed(self, t: float) -> None:
        """The hubs' clocks go on.

        Raises:
            Exception: Whatever ended a job of a hub.
        """
        self._check()
        for hub in self._hubs:
            hub.pass_time(t)

    async def finish(self) -> None:
        """Ends life at the hubs once they have heard all, and waits until the centre has it.

        Life ends first: a hub that waits for others would go on to tell how it fares, for ever.
        """
        await self._until(lambda hub: hub.has_heard_all)
        await _end(self._living)
        for hub in self._hubs:
            hub.detect_all()
        await self._until(lambda hub: hub.has_sent_all)

    async def _until(self, reached: Callable[[VirtualHub], bool]) -> None:
        for hub in self._hubs:
            while not reached(hub):
                self._check()
                await asyncio.sleep(_POLL_S)

    def _start(self, index: int, place: Place, identity: Identity, centre: Centre) -> None:
        journal = self._stack.enter_context(place.journal(identity))
        hub = VirtualHub(
            self._street.settings(index, identity),
            journal,
            place.key(),
            centre,
            start=self._street.start,
            told=lambda trouble: self._told(index, trouble),
        )
        self._hubs.append(hub)
        self._living += [asyncio.ensure_future(job) for job in hub.living()]
        self._sending.append(asyncio.ensure_future(hub.sending()))

    def _told(self, index: int, trouble: str) -> None:
        """Says once, not for every hub, why nothing reaches the centre, and that it does again."""
        before = bool(self._trouble)
        if trouble:
            self._trouble[index] = trouble
        else:
            self._trouble.pop(index, None)
        if self._trouble and not before:
            self._say(f"nothing reaches the centre; all is kept, trying on: {trouble}")
        elif before and not self._trouble:
            self._say("the centre receives again")

    def _check(self) -> None:
        """Makes sure that all jobs go on: the failure of any is the failure of all."""
        for job in (*self._living, *self._sending):
            if job.done() and not job.cancelled():
                job.result()


async def _end(jobs: Sequence[asyncio.Future[object]]) -> None:
    for job in jobs:
        job.cancel()
    await asyncio.gather(*jobs, return_exceptions=True)
