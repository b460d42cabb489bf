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
    budgets,
    channels,
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
    organisations,
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
    styleguide,
    tour,
)
from api.console.shared import share
from api.console.static_files import STATIC, Assets
from api.web.again import persistent

log = logging.getLogger(__name__)

PACKING = 4
"""Of 9: a queue comes out a tenth larger than at 9, in less than half the time."""


def mount(app: FastAPI) -> None:
    """Serves the console at `/` for every path that `app` does not serve itself.

    Call it last. The console is an application of its own, so that its errors are pages while the
    programs' interface answers in `application/problem+json`; the services are shared.
    """
    console = FastAPI(title="telecare console", openapi_url=None, docs_url=None, redoc_url=None)
    console.state = app.state
    share(console)
    for room in (
        sign_in, invitation, second_factor, queue, alert, steps, home, hub, people, absences,
        forgetting, response, key_safe, follow_ups, places, estate, oidc, notifications, account,
        audit, staff, organisations, channels, budgets,
        reports, floor, duties, cohorts, reablement, fitting, styleguide, tour,
    ):  # fmt: skip
        console.include_router(persistent(room.router))
    console.mount("/static", Assets(directory=STATIC, check_dir=False))
    add_problem_pages(console)
    # No page mixes a secret with words that another site can choose, so packing leaks nothing.
    console.add_middleware(GZipMiddleware, minimum_size=1000, compresslevel=PACKING)
    if not (VENDOR / "built-from").is_file():
        log.error("the console's assets are missing: run `python -m api.console.assets.build`")
    app.mount("/", console)
