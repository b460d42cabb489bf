"""Puts the console together: its routes, its assets, its way of saying what went wrong."""

import logging

from fastapi import FastAPI
from starlette.middleware.gzip import GZipMiddleware

from api.console.assets.build import VENDOR
from api.console.problems import add_problem_pages
from api.console.routes import (
    absences,
    account,
    alert,
    audit,
    cohorts,
    duties,
    estate,
    fitting,
    floor,
    follow_ups,
    forgetting,
    home,
    hub,
    invitation,
    key_safe,
    notifications,
    oidc,
    people,
    places,
    queue,
    reablement,
    reports,
    response,
    second_factor,
    sign_in,
    staff,
    steps,
)
from api.console.static_files import STATIC, Assets

log = logging.getLogger(__name__)


def mount(app: FastAPI) -> None:
    """Serves the console at `/` for every path that `app` does not serve itself.

    Call it last. The console is an application of its own, so that its errors are pages while the
    programs' interface answers in `application/problem+json`; the services are shared.
    """
    console = FastAPI(title="telecare console", openapi_url=None, docs_url=None, redoc_url=None)
    console.state = app.state
    for room in (
        sign_in, invitation, second_factor, queue, alert, steps, home, hub, people, absences,
        forgetting, response, key_safe, follow_ups, places, estate, oidc, notifications, account,
        audit, staff, reports, floor, duties, cohorts, reablement, fitting,
    ):  # fmt: skip
        console.include_router(room.router)
    console.mount("/static", Assets(directory=STATIC, check_dir=False))
    add_problem_pages(console)
    # No page mixes a secret with words that another site can choose, so packing leaks nothing.
    console.add_middleware(GZipMiddleware, minimum_size=1000)
    if not (VENDOR / "built-from").is_file():
        log.error("the console's assets are missing: run `python -m api.console.assets.build`")
    app.mount("/", console)
