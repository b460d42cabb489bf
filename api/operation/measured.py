"""Counts and times every request by the route it took, never by the address it named."""

from collections.abc import Callable
from time import perf_counter

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.operation import story
from api.operation.metrics import OTHER, Metrics

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
UNKNOWN = "unknown"
"""The route of what no route takes."""


class Measured:
    """Wraps the application; plain ASGI, so that event streams flow through untouched."""

    def __init__(
        self, app: ASGIApp, metrics: Metrics, *, timer: Callable[[], float] = perf_counter
    ) -> None:
        self._app = app
        self._metrics = metrics
        self._timer = timer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves one request, and counts it once its answer begins."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = self._timer()

        async def counted(message: Message) -> None:
            if message["type"] == "http.response.start":
                method = scope["method"] if scope["method"] in _METHODS else OTHER
                answered = (method, route_of(scope), message["status"], self._timer() - began)
                self._metrics.request(*answered)
                story.request(*answered)
            await send(message)

        await self._app(scope, receive, counted)


def route_of(scope: Scope) -> str:
    """The template of the route that a request took, such as `/v1/alerts/{alert}`."""
    path: str = getattr(scope.get("route"), "path", "") or UNKNOWN
    return UNKNOWN if ":path}" in path and not path.startswith("/static") else path
