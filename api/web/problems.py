"""Every error as `application/problem+json` (RFC 9457): what was wrong and what to do."""

import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from api import refusals
from api.web.answers import Json
from api.web.headers import ALWAYS

log = logging.getLogger(__name__)

STATUS: dict[type[refusals.Refused], HTTPStatus] = {
    refusals.Invalid: HTTPStatus.UNPROCESSABLE_ENTITY,
    refusals.NotFound: HTTPStatus.NOT_FOUND,
    refusals.Gone: HTTPStatus.GONE,
    refusals.Conflict: HTTPStatus.CONFLICT,
    refusals.NotSignedIn: HTTPStatus.UNAUTHORIZED,
    refusals.Forbidden: HTTPStatus.FORBIDDEN,
    refusals.NotAllowed: HTTPStatus.FORBIDDEN,
    refusals.EnrolFirst: HTTPStatus.FORBIDDEN,
    refusals.TooLarge: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    refusals.TooMany: HTTPStatus.TOO_MANY_REQUESTS,
    refusals.DatabaseAway: HTTPStatus.SERVICE_UNAVAILABLE,
    refusals.InTheWay: HTTPStatus.SERVICE_UNAVAILABLE,
    refusals.Stopping: HTTPStatus.SERVICE_UNAVAILABLE,
}


class ProblemJson(Json):
    """An RFC 9457 answer."""

    media_type = "application/problem+json"


def problem(
    status: int, detail: str, *, headers: Mapping[str, str] | None = None, **extra: Any
) -> ProblemJson:
    """One problem; `extra` members stand beside the standard ones."""
    title = HTTPStatus(status).phrase
    content = {"type": "about:blank", "title": title, "status": status, "detail": detail, **extra}
    return ProblemJson(content, status_code=status, headers=headers)


def add_problems(app: FastAPI) -> None:
    """Has `app` answer every error as a problem."""
    app.add_exception_handler(refusals.Refused, _refused)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _fault)


def status_of(error: refusals.Refused) -> HTTPStatus:
    """The HTTP status that says the same as a refusal."""
    return next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)


async def _refused(_: Request, error: Exception) -> ProblemJson:
    assert isinstance(error, refusals.Refused)  # noqa: S101 - as registered above
    headers: dict[str, str] = {}
    if isinstance(error, refusals.Later):
        headers["Retry-After"] = str(error.retry_after)
    if isinstance(error, refusals.NotSignedIn):
        headers["WWW-Authenticate"] = "Bearer"
    return problem(status_of(error), str(error), headers=headers, **error.extra)


async def _invalid(_: Request, error: Exception) -> ProblemJson:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - as registered above
    places = [
        f"{'.'.join(str(part) for part in each['loc'])}: {each['msg']}" for each in error.errors()
    ]
    return problem(HTTPStatus.UNPROCESSABLE_ENTITY, "; ".join(places))


async def _http(_: Request, error: Exception) -> ProblemJson:
    assert isinstance(error, HTTPException)  # noqa: S101 - as registered above
    headers = dict(error.headers) if error.headers else None
    return problem(error.status_code, error.detail, headers=headers)


async def _fault(request: Request, error: Exception) -> ProblemJson:
    log.error("fault in %s %s", request.method, request.url.path, exc_info=error)
    return problem(
        HTTPStatus.INTERNAL_SERVER_ERROR,
        "The centre made a mistake; it has been logged. Try again, and report it if it stays.",
        headers=ALWAYS,  # given here, for this answer is made outside of every middleware
    )
