"""Hands what the database tells to every open event stream of this process.

A stream only ever holds the newest version of each alert (coalescing), and at most `MAX_WAITING`
things: a browser that reads slower than that is told to fetch everything anew. So nothing here
grows with the speed of events or the slowness of readers.
"""

import asyncio
from enum import StrEnum
from typing import TypeAlias

import msgspec

from api.downlink.waiting import Waiting

MAX_WAITING = 500


class AlertChanged(msgspec.Struct, frozen=True):
    """Alert `alert` of an organisation is now at `version`.

    0 says that it is as it was, but that something came of telling others of it.
    """

    alert: int
    version: int
    organisation: int


class HubChanged(msgspec.Struct, frozen=True):
    """A hub of an organisation reported, or was claimed."""

    hub: str
    organisation: int


class DownlinkChanged(msgspec.Struct, frozen=True):
    """There is word for hub `downlink`."""

    downlink: str


class Signal(StrEnum):
    """What is said of the stream itself."""

    RESYNC = "resync"  # something may have been missed: fetch anew
    STALE = "stale"  # the database cannot be heard: nothing shown is confirmed
    CLOSED = "closed"  # the service ends


class StaffChanged(msgspec.Struct, frozen=True):
    """What member of staff `staff` may do, or whether they may come in, has changed."""

    staff: int


Change: TypeAlias = AlertChanged | HubChanged


class Reader(msgspec.Struct, frozen=True, kw_only=True):
    """Who reads a stream, and what it may name to them.

    Attributes:
        organisations: Of which it tells; of others they learn nothing.
        staff: Their number.
        alerts: Whether they may see alerts.
        named: Whether they see every home of these organisations. To who sees those alone that have
            agreed nothing is named, and no moment told: they are to fetch anew at each beat.
    """

    organisations: frozenset[int]
    staff: int = 0
    alerts: bool = True
    named: bool = True

    def may_hear(self, change: Change) -> bool:
        """Whether it may be named to them."""
        seen = self.alerts or not isinstance(change, AlertChanged)
        return self.named and seen and change.organisation in self.organisations


class Subscription:
    """One stream's share, to be read by one task.

    Attributes:
        reader: Who reads it.
        doubted: Whether it is to be asked anew if whoever reads it may go on.
    """

    def __init__(self, reader: Reader) -> None:
        self.doubted = False
        self.reader = reader
        self._alerts: dict[int, AlertChanged] = {}
        self._hubs: dict[str, HubChanged] = {}
        self._signal: Signal | None = None
        self._wake = asyncio.Event()

    def put(self, change: Change) -> None:
        """Keeps a change until it is taken; a newer version replaces an older."""
        if not self.reader.may_hear(change):
            return
        if isinstance(change, AlertChanged):
            known = self._alerts.get(change.alert)
            if known is None or known.version < change.version:
                self._alerts[change.alert] = change
        else:
            self._hubs[change.hub] = change
        if len(self._alerts) + len(self._hubs) > MAX_WAITING:
            self.signal(Signal.RESYNC)
        self._wake.set()

    def doubt(self) -> None:
        """Has it asked at once whether whoever reads it may go on."""
        self.doubted = True
        self._wake.set()

    def signal(self, signal: Signal) -> None:
        """Says something of the stream itself; what waited is covered by it."""
        if self._signal is not Signal.CLOSED:
            self._signal = signal
        self._alerts.clear()
        self._hubs.clear()
        self._wake.set()

    async def take(self, seconds: float) -> list[Change | Signal]:
        """Everything that waits; an empty list when nothing came for `seconds`."""
        if not self._wake.is_set():
            try:
                await asyncio.wait_for(self._wake.wait(), seconds)
            except TimeoutError:
                return []
        taken: list[Change | Signal] = [self._signal] if self._signal else []
        taken += [*self._alerts.values(), *self._hubs.values()]
        self._signal = None
        self._alerts.clear()
        self._hubs.clear()
        self._wake.clear()
        return taken


class Fanout:
    """All streams of this process.

    Attributes:
        listening: Whether the database is being heard just now.
        waiting: The hubs that wait for word.
    """

    def __init__(self) -> None:
        self.waiting = Waiting()
        self.listening = False
        self._closed = False
        self._subscriptions: set[Subscription] = set()

    def __len__(self) -> int:
        return len(self._subscriptions)

    @property
    def closed(self) -> bool:
        """Whether the service ends."""
        return self._closed

    def subscribe(self, reader: Reader) -> Subscription:
        """A new stream's share, for whoever reads it."""
        subscription = Subscription(reader)
        self._subscriptions.add(subscription)
        if self._closed:
            subscription.signal(Signal.CLOSED)
        elif not self.listening:
            subscription.signal(Signal.STALE)
        return subscription

    def unsubscribe(self, subscription: Subscription) -> None:
        """Ends a stream's share."""
        self._subscriptions.discard(subscription)

    def tell(self, change: Change | DownlinkChanged | StaffChanged) -> None:
        """Hands one change to every stream, and word for a hub to that hub."""
        if isinstance(change, DownlinkChanged):
            self.waiting.tell(change.downlink)
            return
        if isinstance(change, StaffChanged):
            for subscription in self._subscriptions:
                if subscription.reader.staff == change.staff:
                    subscription.doubt()
            return
        for subscription in self._subscriptions:
            subscription.put(change)

    def heard(self) -> None:
        """The database is heard again; what was said meanwhile may be lost."""
        self.listening = True
        self._signal(Signal.RESYNC)
        self.waiting.tell_all()

    def lost(self) -> None:
        """The database is no longer heard."""
        if self.listening:
            self.listening = False
            self._signal(Signal.STALE)

    def close(self) -> None:
        """Ends every stream, and each that still comes."""
        self._closed = True
        self._signal(Signal.CLOSED)
        self.waiting.close()

    def _signal(self, signal: Signal) -> None:
        for subscription in self._subscriptions:
            subscription.signal(signal)
