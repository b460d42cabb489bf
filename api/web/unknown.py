"""What is asked for under /v1 and is not there: a problem, never a page of the console."""

from fastapi import APIRouter, HTTPException, Request
from starlette.routing import Match

router = APIRouter(include_in_schema=False)

_METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]


@router.api_route("/v1/{rest:path}", methods=_METHODS)
async def unknown(request: Request) -> None:
    """Says that there is no such address, or that it takes another method."""
    if any(route.matches(request.scope)[0] is Match.PARTIAL for route in request.app.routes):
        raise HTTPException(405, f"{request.method} is not for this address.")
    raise HTTPException(404, "There is no such address.")
