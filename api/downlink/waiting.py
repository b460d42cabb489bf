"""Hubs that wait for word: each is woken by what concerns it alone."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager


class Waiting:
    """The hubs that wait in this process."""

    def __init__(self) -> None:
        self._hubs: dict[str, set[asyncio.Event]] = {}
        self._closed = False

    def __len__(self) -> int:
        return len(self._hubs)

    @contextmanager
    def of(self, hub: str) -> Iterator[asyncio.Event]:
        """An event that is set by the next word for the hub; ask for it before looking."""
        news = asyncio.Event()
        if self._closed:
            news.set()
        events = self._hubs.setdefault(hub, set())
        events.add(news)
        try:
            yield news
        finally:
            events.discard(news)
            if not events:
                self._hubs.pop(hub, None)

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
