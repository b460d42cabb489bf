"""Tables to take out, as CSV or Parquet, streamed."""

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path
from fastapi.responses import StreamingResponse

from api.exports.datasets import DatasetView, dictionary
from api.exports.formats import MEDIA_TYPES
from api.identity.people import Member
from api.identity.permissions import Permission
from api.identity.web import reading
from api.services import Services, services
from api.web.answers import Json
from api.web.openapi import answers

router = APIRouter(prefix="/v1", tags=["exports"])
MESSAGES = (DatasetView,)

At = Annotated[Services, Depends(services)]
Exporter = Annotated[Member, reading(Permission.EXPORT)]

LEFT_OUT = "Telecare-Homes-Left-Out"
"""How many homes are not in a table, for their people have not agreed to that."""

_FILE: dict[int | str, dict[str, Any]] = {
    **answers(None, "The table."),
    200: {
        "description": "The table.",
        "headers": {
            LEFT_OUT: {
                "description": "Homes that are not in it, for want of consent.",
                "schema": {"type": "integer"},
            }
        },
        "content": {
            kind.partition(";")[0]: {"schema": {"type": "string"}} for kind in MEDIA_TYPES.values()
        },
    },
}


@router.get("/exports", responses=answers(list[DatasetView], "The data dictionary."))
async def datasets(_: Exporter) -> Json:
    """What can be taken out, column by column."""
    return Json(dictionary())


@router.get(
    "/organisations/{organisation}/exports/{file}",
    responses=_FILE,
    response_class=StreamingResponse,
)
async def take(  # noqa: PLR0917 - what FastAPI hands in
    organisation: Annotated[int, Path(ge=1, le=2**53)],
    file: Annotated[str, Path(max_length=64)],
    at: At,
    user: Exporter,
    since: date | None = None,
    until: date | None = None,
    identified: bool = False,
) -> StreamingResponse:
    """One table, such as `daily_counts.parquet`, by pseudonym unless identifiers are asked for."""
    made = await at.exports.take(
        user, organisation, file, since=since, until=until, identified=identified
    )
    return StreamingResponse(
        made.parts,
        media_type=MEDIA_TYPES[file.rpartition(".")[2]],
        headers={
            "Content-Disposition": f'attachment; filename="{file}"',
            LEFT_OUT: f"{made.left_out}",
        },
    )
