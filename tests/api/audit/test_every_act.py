"""Who did what can be told of everything that was done, or nobody answers for it.

The acts are those of the OpenAPI document: one that is added has to be done in `acts.py`, too.
"""

import asyncpg
import httpx
import pytest
from fastapi import FastAPI

from api.audit.verify import verify
from api.services import Services
from tests.api.audit.acts import everything
from tests.api.isolation.visits import addresses
from tests.api.people.conftest import app
from tests.api.support import SettableClock

__all__ = ["app"]
pytestmark = pytest.mark.network

NO_ACTS = {
    "POST /v1/hubs/{hub}/batches",  # what a hub tells, which is kept as it came
    "POST /v1/passkeys/options",  # a challenge; what is made of it is noted
    "POST /v1/session/passkey/options",
}
"""What is posted and changes nothing that anybody is told."""


async def test_everything_that_is_done_with_success_is_in_the_audit_log_with_who_did_it(
    app: FastAPI,
    client: httpx.AsyncClient,
    services: Services,
    connection: asyncpg.Connection,
    clock: SettableClock,
) -> None:
    acts = {f"{method} {path}" for method, path, _ in addresses(app) if method != "GET"} - NO_ACTS
    assert len(acts) > 60
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://centre") as other:
        tried, silent = await everything((client, other), services, connection, clock)
    assert silent == [], "\n".join(silent)
    assert sorted(acts - tried) == [], "acts.py does not do these yet"
    assert sorted(tried - acts) == []
    assert (await verify(services.database)).faults == []
