"""The FHIR R4 interface: read, search, capabilities, bulk export."""

from http import HTTPStatus
from importlib.metadata import version
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Header, Query, Request, Response
from fastapi.responses import StreamingResponse

from api.fhir.answers import NDJSON, FhirJson, FhirRoute, bundle, described
from api.fhir.bulk import Manifest
from api.fhir.search import span
from api.fhir.statement import statement
from api.identity.people import Member
from api.identity.permissions import Permission
from api.identity.web import acting, reading
from api.refusals import Invalid
from api.services import Services, services
from api.web.answers import Json
from api.web.openapi import answers

router = APIRouter(prefix="/v1/fhir", tags=["fhir"], route_class=FhirRoute)
MESSAGES = (Manifest,)

At = Annotated[Services, Depends(services)]
Reader = Annotated[Member, reading(Permission.READ_FHIR)]
Exporter = Annotated[Member, reading(Permission.EXPORT)]
Deleter = Annotated[Member, acting(Permission.EXPORT)]

_NDJSON_NAMES = {"", NDJSON, "application/ndjson", "ndjson"}
_SEARCH = {
    "parameters": [
        {"name": name, "in": "query", "required": False, "schema": {"type": "string"}}
        for name in ("_id", "_lastUpdated", "patient", "date", "_count", "_cursor", "identified")
    ]
}
_ACCEPTED: dict[int | str, Any] = {
    202: {"description": "It is being made; `Content-Location` is where to look for it."},
}


def _base(request: Request) -> str:
    return f"{request.base_url}".rstrip("/")


@router.get("/metadata", responses=described("The CapabilityStatement."))
async def metadata(request: Request, at: At, _: Reader) -> FhirJson:
    """What can be read here."""
    return FhirJson(statement(version("telecare"), at.clock(), f"{_base(request)}/v1/fhir"))


@router.get("/$export", status_code=202, responses={**described("", status=200), **_ACCEPTED})
async def export(  # noqa: PLR0917 - what FastAPI hands in
    request: Request,
    at: At,
    user: Exporter,
    types: Annotated[str, Query(alias="_type", max_length=500)] = "",
    since: Annotated[str, Query(alias="_since", max_length=40)] = "",
    output: Annotated[str, Query(alias="_outputFormat", max_length=40)] = "",
    identified: bool = False,
    prefer: Annotated[str, Header()] = "",
) -> Response:
    """Asks for everything within reach, to be fetched as NDJSON once it is made."""
    # No page of another site can have a browser send this header: so nothing is begun unasked.
    if "respond-async" not in prefer:
        raise Invalid("An export takes a while: ask for it with the header Prefer: respond-async.")
    if output.replace(" ", "+") not in _NDJSON_NAMES:
        raise Invalid(f"_outputFormat is {NDJSON}, and nothing else.")
    job = await at.bulk.ask(
        user,
        [one for one in types.split(",") if one],
        since=span(f"ge{since}").since if since else None,
        identified=identified,
        request=f"{request.url}",
    )
    where = f"{_base(request)}/v1/fhir/$export/{job}"
    return Response(status_code=HTTPStatus.ACCEPTED, headers={"Content-Location": where})


@router.get(
    "/$export/{job}",
    responses={**described("The files.", "application/json"), **answers(Manifest, "The files."),
               **_ACCEPTED, "default": described("")["default"]},
)  # fmt: skip
async def exported(job: UUID, request: Request, at: At, user: Exporter) -> Response:
    """What has become of an export: 202 while it is made, then where its files are."""
    where = f"{_base(request)}/v1/fhir/$export/{job}"
    made = await at.bulk.manifest(user, f"{job}", where)
    if made is None:
        headers = {"X-Progress": "being made", "Retry-After": "5"}
        return Response(status_code=HTTPStatus.ACCEPTED, headers=headers)
    return Json(made)


@router.delete(
    "/$export/{job}", status_code=202, responses={**described("", status=202), **_ACCEPTED}
)
async def cancel(job: UUID, at: At, user: Deleter) -> Response:
    """Deletes an export and its files."""
    await at.bulk.cancel(user, f"{job}")
    return Response(status_code=HTTPStatus.ACCEPTED)


@router.get("/$export/{job}/{kind}", responses=described("A line for each resource.", NDJSON))
async def exported_file(job: UUID, kind: str, at: At, user: Exporter) -> StreamingResponse:
    """One file of an export."""
    lines = await at.bulk.file(user, f"{job}", kind)
    return StreamingResponse(lines, media_type=NDJSON)


@router.get("/{kind}", openapi_extra=_SEARCH, responses=described("A Bundle."))
async def search(kind: str, request: Request, at: At, user: Reader) -> FhirJson:
    """A page of resources of one type."""
    found = await at.fhir.search(user, kind, request.query_params.multi_items())
    return FhirJson(bundle(request, _base(request), found.resources, found.next, found.left_out))


@router.get("/{kind}/{number}", responses=described("The resource."))
async def one(kind: str, number: str, at: At, user: Reader, identified: bool = False) -> FhirJson:
    """One resource by its id."""
    return FhirJson(await at.fhir.one(user, kind, number, identified=identified))
