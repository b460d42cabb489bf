"""The event stream itself: `GET /v1/live`, as the HTML standard's server-sent events.

| event | data | what the page does |
|---|---|---|
| `alert` | `{"alert":17,"version":9}` | fetches it anew if it shows it; 0: who was told of it |
| `hub` | `{"hub":"h1"}` | the same for a hub |
| `resync` | `{}` | fetches everything it shows anew |
| `stale` | `{}` | says that what it shows is not confirmed, until the next `resync` |
| `beat` | `{"at":"..."}` | notes when it last knew the link and the database to be well |

It opens with `resync`, so a page that was away needs nothing else. Who sees those homes alone that
have agreed is told `resync` at each beat in place of `alert` and `hub`: a name, or a moment, would
tell them of the others.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import msgspec

from api.clock import Clock
from api.live.fanout import AlertChanged, Change, Fanout, Reader, Signal

BEAT_SECONDS = 10.0
RETRY = b"retry: 2000\n\n"

_encoder = msgspec.json.Encoder()


def frame(name: str, data: Any) -> bytes:
    """One event as it goes over the wire."""
    return b"event: %b\ndata: %b\n\n" % (name.encode(), _encoder.encode(data))


async def stream(
    fanout: Fanout,
    clock: Clock,
    reader: Reader,
    allowed: Callable[[], Awaitable[bool]],
    *,
    beat: float = BEAT_SECONDS,
) -> AsyncIterator[bytes]:
    """Events for `reader`, until the service ends or `allowed` says no.

    It is asked each beat, and at once when it is said that their rights have changed.
    """
    time = asyncio.get_running_loop().time
    subscription = fanout.subscribe(reader)
    try:
        yield RETRY
        if fanout.listening:
            yield frame(Signal.RESYNC, {})
        due = time() + beat
        while True:
            waiting = await subscription.take(max(0.0, due - time()))
            if Signal.CLOSED in waiting:
                return
            if subscription.doubted:
                subscription.doubted = False
                if not await allowed():
                    return
            if waiting:
                yield b"".join(_framed(change) for change in waiting)
            if time() >= due:  # also in a stream that is never quiet
                if not await allowed():
                    return
                if fanout.listening:
                    anew = b"" if reader.named else frame(Signal.RESYNC, {})
                    yield anew + frame("beat", {"at": clock()})
                due = time() + beat
    finally:
        fanout.unsubscribe(subscription)


def _framed(change: Change | Signal) -> bytes:
    if isinstance(change, Signal):
        return frame(change, {})
    if isinstance(change, AlertChanged):
        return frame("alert", {"alert": change.alert, "version": change.version})
    return frame("hub", {"hub": change.hub})
