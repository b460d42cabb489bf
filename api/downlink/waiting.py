"""Hubs that wait for word: each is woken by what concerns it alone."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

MOST = 4
"""Questions of one hub that may be open at once. An honest hub has one, two after a lost link."""


class Waiting:
    """The hubs that wait in this process."""

    def __init__(self) -> None:
        # Events in the order in which they were asked for.
        self._hubs: dict[str, dict[asyncio.Event, None]] = {}
        self._closed = False

    def __len__(self) -> int:
        return len(self._hubs)

    @contextmanager
    def of(self, hub: str) -> Iterator[asyncio.Event]:
        """An event that is set by the next word for the hub; ask for it before looking.

        Where a hub has more than `MOST` of them, its oldest is set.
        """
        news = asyncio.Event()
        if self._closed:
            news.set()
        events = self._hubs.setdefault(hub, {})
        events[news] = None
        if len(events) > MOST:
            oldest = next(iter(events))
            oldest.set()
            del events[oldest]
        try:
            yield news
        finally:
            events.pop(news, None)
            if not events and self._hubs.get(hub) is events:
                del self._hubs[hub]

    def tell(self, hub: str) -> None:
        """There is word for a hub."""
        for news in self._hubs.get(hub, ()):
            news.set()

    def tell_all(self) -> None:
        """There may be word for any: what was said while the database was not heard is lost."""
        for events in self._hubs.values():
            for news in events:
                news.set()

    def close(self) -> None:
        """Nobody is kept waiting any more."""
        self._closed = True
        self.tell_all()
