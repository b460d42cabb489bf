"""The page of an organisation's figures, to be read, printed and taken along as a table."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from markupsafe import escape

from api.console.pages import Notice, page, texts
from api.console.views.report import report_tables
from api.console.views.typed import organisation_of
from api.identity.people import Session
from api.identity.permissions import Permission
from api.identity.web import visiting
from api.refusals import Invalid, NotFound
from api.services import Services, services

router = APIRouter(prefix="/reports")

At = Annotated[Services, Depends(services)]
Visit = Annotated[Session, visiting(Permission.READ_REPORTS)]


@router.get("")
async def show(  # noqa: PLR0917 - what FastAPI hands in
    request: Request,
    session: Visit,
    at: At,
    organisation: str = "",
    since: str = "",
    until: str = "",
    small: str = "",
) -> Response:
    """The report of an organisation; of the first one and the last whole month if not said."""
    text, user = texts(request), session.user
    known = await at.organisations.all(user.reach)
    chosen = organisation or (f"{known[0].organisation}" if known else "")
    made, wrong = None, ""
    if chosen:
        try:
            made = await at.reports.of(
                user,
                organisation_of(chosen),
                since=_day(since),
                until=_day(until),
                small_numbers=bool(small),
            )
        except (Invalid, NotFound) as error:
            wrong = f"{error}"
    return page(
        request,
        "reports",
        session=session,
        status=422 if wrong else 200,
        notice=Notice("conflict", text("reports.not_made"), escape(wrong)) if wrong else None,
        section="reports",
        exact=True,
        known=known,
        chosen=chosen,
        since=made.period.since if made else since,
        until=made.period.until if made else until,
        small=bool(small),
        report=made,
        tables=report_tables(made, text) if made else [],
    )


def _day(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed) if typed else None
    except ValueError as error:
        raise Invalid(f"{typed} is not a day, such as 2026-03-31.") from error
