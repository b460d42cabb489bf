"""Every refusal and fault as a page that says what to do next."""

import logging
from http import HTTPStatus
from urllib.parse import quote

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from api import refusals
from api.console.pages import go_to, page, texts, wants_part
from api.web.problems import status_of

log = logging.getLogger(__name__)


def add_problem_pages(console: FastAPI) -> None:
    """Has the console answer every error with a page."""
    console.add_exception_handler(refusals.NotSignedIn, _sign_in_first)
    console.add_exception_handler(refusals.Refused, _refused)
    console.add_exception_handler(RequestValidationError, _not_found)
    console.add_exception_handler(HTTPException, _http)
    console.add_exception_handler(Exception, _fault)


async def _sign_in_first(request: Request, _: Exception) -> Response:
    """A page goes to the sign-in and comes back; the live part of one has its page do so."""
    if wants_part(request):
        return Response(status_code=HTTPStatus.UNAUTHORIZED, headers={"HX-Refresh": "true"})
    back = request.url.path if request.method == "GET" else "/queue"
    return go_to(request, f"/sign-in?next={quote(back)}", notice="first")


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, refusals.Refused)  # noqa: S101 - as registered above
    if isinstance(error, refusals.NotFound):
        return await _not_found(request, error)
    status = status_of(error)
    if isinstance(error, refusals.DatabaseAway):
        return _page(request, status, "away")
    if isinstance(error, refusals.EnrolFirst) and not wants_part(request):
        return go_to(request, "/second-factor")
    if isinstance(error, refusals.NotAllowed):
        return _page(request, status, "not_allowed")
    if isinstance(error, refusals.Forbidden):
        return _page(request, status, "forged")
    return _page(request, status, "refused")


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - as registered above
    if error.status_code in {HTTPStatus.NOT_FOUND, HTTPStatus.METHOD_NOT_ALLOWED}:
        return _page(request, error.status_code, "not_found")
    return _page(request, error.status_code, "refused")


async def _not_found(request: Request, _: Exception) -> Response:
    return _page(request, HTTPStatus.NOT_FOUND, "not_found")


async def _fault(request: Request, error: Exception) -> Response:
    log.error("fault in %s %s", request.method, request.url.path, exc_info=error)
    return _page(request, HTTPStatus.INTERNAL_SERVER_ERROR, "fault")


def _page(request: Request, status: int, word: str) -> Response:
    if wants_part(request):  # the open page keeps what it has, and says that it is not confirmed
        return Response(status_code=status)
    text = texts(request)
    return page(
        request,
        "error",
        session=None,
        status=status,
        title=text(f"error.{word}_title"),
        sentence=text(f"error.{word}"),
    )
