"""The correlation id of what is being done: one for each request, the same in all that it causes.

It travels beside the call, as the context of a log line does, and never decides anything.
"""

import re
import secrets
from contextvars import ContextVar

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

HEADER = "X-Correlation-Id"
_FORM = re.compile(r"[A-Za-z0-9._-]{8,64}")

_present: ContextVar[str] = ContextVar("correlation", default="")


def correlation() -> str:
    """The id of the present request; empty outside of one."""
    return _present.get()


class Correlation:
    """Gives each HTTP request an id, or keeps that of a proxy in front, and sends it back."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves one request under its id."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        given = Headers(scope=scope).get(HEADER, "")
        mine = given if _FORM.fullmatch(given) else secrets.token_hex(12)

        async def send_with_id(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).setdefault(HEADER, mine)
            await send(message)

        token = _present.set(mine)
        try:
            await self._app(scope, receive, send_with_id)
        finally:
            _present.reset(token)
