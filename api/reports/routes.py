"""Reports for programs: JSON, and CSV for spreadsheets. The console has the printable page."""

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Response

from api.identity.people import Member
from api.identity.permissions import Permission
from api.identity.web import reading
from api.reports.tables import to_csv
from api.reports.views import Report
from api.services import Services, services
from api.web.answers import Json
from api.web.openapi import answers

router = APIRouter(prefix="/v1/organisations/{organisation}", tags=["reports"])
MESSAGES = (Report,)

At = Annotated[Services, Depends(services)]
Reader = Annotated[Member, reading(Permission.READ_REPORTS)]
Organisation = Annotated[int, Path(ge=1, le=2**53)]
Small = Annotated[bool, Query(description="Also what fewer than five homes stand behind.")]

_CSV: dict[int | str, dict[str, Any]] = {
    **answers(None, "The report."),
    200: {"description": "The report.", "content": {"text/csv": {"schema": {"type": "string"}}}},
}


@router.get("/report", responses=answers(Report, "The report."))
async def report(  # noqa: PLR0917 - what FastAPI hands in
    organisation: Organisation,
    at: At,
    user: Reader,
    since: date | None = None,
    until: date | None = None,
    small_numbers: Small = False,
) -> Json:
    """Answer times, workload, what came of alerts, uptime; the last whole month if not said."""
    made = await at.reports.of(
        user, organisation, since=since, until=until, small_numbers=small_numbers
    )
    return Json(made)


@router.get("/report.csv", responses=_CSV, response_class=Response)
async def report_csv(  # noqa: PLR0917 - what FastAPI hands in
    organisation: Organisation,
    at: At,
    user: Reader,
    since: date | None = None,
    until: date | None = None,
    small_numbers: Small = False,
) -> Response:
    """The same as one long table: a line for each figure, with the bounds of its interval."""
    made = await at.reports.of(
        user, organisation, since=since, until=until, small_numbers=small_numbers
    )
    name = f"report-{organisation}-{made.period.since}-{made.period.until}.csv"
    return Response(
        to_csv(made),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
