"""OpenTelemetry traces, where somebody wants them: one span for each request.

Off unless `traces_url` is set, and then in need of the extra `telecare[otel]`. A span tells the
route, status and correlation id; no address, no query's arguments, nobody's name.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.correlation import correlation
from api.operation.measured import route_of

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider

NAME = "telecare"
_SERVER_FAULT = 500


class NoTraces(Exception):  # noqa: N818 - said in one line
    """The extra is not installed."""


def to_receiver(url: str, version: str) -> "TracerProvider":
    """Sends spans to an OpenTelemetry receiver by HTTP, in batches, from a thread of its own.

    Raises:
        NoTraces: The extra is not installed.
    """
    try:
        # Imported here: a centre without traces needs none of it.
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import (  # noqa: PLC0415 - as above
            OTLPSpanExporter,
        )
        from opentelemetry.sdk.resources import Resource  # noqa: PLC0415 - as above
        from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415 - as above
        from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415 - as above
    except ImportError as error:
        raise NoTraces("traces_url needs telecare[otel]: pip install 'telecare[otel]'") from error
    provider = TracerProvider(
        resource=Resource({"service.name": "telecare-api", "service.version": version})
    )
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=url)))
    return provider


class Traced:
    """Wraps the application: one span for each HTTP request, within the caller's trace if any."""

    def __init__(self, app: ASGIApp, provider: Any) -> None:
        self._app = app
        self._tracer = provider.get_tracer(NAME)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves one request in a span."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        with self._span(scope) as span:

            async def told(message: Message) -> None:
                if message["type"] == "http.response.start":
                    _tell(span, scope, message["status"])
                await send(message)

            await self._app(scope, receive, told)

    @contextmanager
    def _span(self, scope: Scope) -> Iterator[Any]:
        from opentelemetry.propagate import extract  # noqa: PLC0415 - as above
        from opentelemetry.trace import SpanKind  # noqa: PLC0415 - as above

        headers = {
            name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]
        }
        with self._tracer.start_as_current_span(
            "HTTP", context=extract(headers), kind=SpanKind.SERVER,
            record_exception=False, set_status_on_exception=False,  # its words may name somebody
        ) as span:  # fmt: skip
            yield span


def _tell(span: Any, scope: Scope, status: int) -> None:
    from opentelemetry.trace import StatusCode  # noqa: PLC0415 - as above

    route = route_of(scope)
    span.update_name(f"{scope['method']} {route}")
    span.set_attribute("http.request.method", scope["method"])
    span.set_attribute("http.route", route)
    span.set_attribute("http.response.status_code", status)
    span.set_attribute("telecare.correlation", correlation())
    if status >= _SERVER_FAULT:
        span.set_status(StatusCode.ERROR)
