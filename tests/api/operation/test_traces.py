"""Where somebody wants traces a real receiver gets them; else nothing of it is imported."""

import subprocess
import sys

import httpx
import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from api.app import create_app
from api.settings import Settings
from tests.api.channels.receiver import receiver

pytestmark = pytest.mark.network

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"


async def test_a_receiver_gets_each_request_within_its_callers_trace_and_no_name(
    migrated_url: str,
) -> None:
    async with receiver() as collector:
        settings = Settings(database_url=migrated_url, traces_url=collector.url)
        app = create_app(settings)
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://centre") as client:
            headers = {"traceparent": f"00-{TRACE}-00f067aa0ba902b7-01"}
            answer = await client.get("/v1/homes/needle?needle=1", headers=headers)
        async with app.router.lifespan_context(app):  # whose end sends what is left
            pass
    spans = [
        span
        for got in collector.got
        for resource in ExportTraceServiceRequest.FromString(got.body).resource_spans
        for scope in resource.scope_spans
        for span in scope.spans
    ]
    (span,) = spans
    assert span.name == "GET /v1/homes/{home}"
    assert span.trace_id.hex() == TRACE
    told = {one.key: one.value for one in span.attributes}
    assert told["http.response.status_code"].int_value == 401
    assert told["telecare.correlation"].string_value == answer.headers["x-correlation-id"]
    assert b"needle" not in b"".join(got.body for got in collector.got)


def test_a_centre_without_traces_needs_none_of_it() -> None:
    code = (
        "import sys; from api.app import create_app; from api.settings import Settings;"
        "create_app(Settings(database_url='postgresql://a@b/c'));"
        "sys.exit('opentelemetry.sdk' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
