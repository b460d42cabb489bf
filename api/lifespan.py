"""What runs beside the requests for as long as a centre serves, and ends with it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from api.chores import every, in_background
from api.live.listener import Listener
from api.operation.page import serve_page
from api.operation.survey import Survey
from api.services import Services
from api.settings import Settings
from api.store.database import RETRY_AFTER
from api.timetable import chores


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Hears the database, does the chores and serves the figures while the block runs."""
    services: Services = app.state.services
    settings: Settings = app.state.settings
    metrics, survey = services.metrics, Survey(services.database, services.clock, services.metrics)
    metrics.info.labels(app.version).set(1)
    metrics.streams.set_function(lambda: len(services.live))
    metrics.stopping.set_function(lambda: services.live.closed)
    metrics.listening.set_function(lambda: services.live.listening)

    async def page() -> bytes:
        await survey.look()
        return metrics.page()

    await services.timekeeper.begin(RETRY_AFTER)  # else no chore knows what is due
    try:
        async with in_background(
            Listener(services.database.url, services.live).run(),
            *(every(one.seconds, metrics.chore(one.name, one.what)) for one in chores(services)),
            serve_page(settings.metrics_port, page),
        ):
            yield
    finally:
        services.live.close()
        await services.worker.close()
        await services.database.close()
        if settings.traces_url:
            await asyncio.to_thread(app.state.traces.shutdown)  # sends what it still has
