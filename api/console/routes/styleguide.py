"""The guide to the console's looks, for whoever draws its next page."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from api.console.pages import Notice, page, texts
from api.console.static_files import STATIC
from api.console.views.styleguide import samples, tokens
from api.identity.web import CurrentSession
from api.services import Services, services

router = APIRouter()


@router.get("/styleguide")
async def styleguide(
    request: Request, session: CurrentSession, at: Annotated[Services, Depends(services)]
) -> Response:
    """Every token, icon and component, as this centre shows them."""
    text = texts(request)
    return page(
        request,
        "styleguide",
        session=session,
        tokens=tokens((STATIC / "css" / "tokens.css").read_text("utf-8")),
        samples=samples(at.clock(), text),
        notices=[
            Notice("done", text("done.claimed")),
            Notice("conflict", text("conflict.title"), text("styleguide.conflict")),
        ],
    )
