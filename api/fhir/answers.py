"""FHIR's answers: JSON of its own media type, bundles, and every error as an OperationOutcome."""

from collections.abc import Callable, Coroutine, Sequence
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute

from api import refusals
from api.fhir.resources import Resource
from api.web.answers import Json
from api.web.openapi import answers
from api.web.problems import status_of

MEDIA_TYPE = "application/fhir+json"
NDJSON = "application/fhir+ndjson"

_ISSUE = {
    HTTPStatus.BAD_REQUEST: "invalid",
    HTTPStatus.UNAUTHORIZED: "login",
    HTTPStatus.FORBIDDEN: "forbidden",
    HTTPStatus.NOT_FOUND: "not-found",
    HTTPStatus.CONFLICT: "conflict",
    HTTPStatus.TOO_MANY_REQUESTS: "throttled",
    HTTPStatus.SERVICE_UNAVAILABLE: "transient",
}


class FhirJson(Json):
    """A resource."""

    media_type = MEDIA_TYPE


class FhirRoute(APIRoute):
    """A route whose refusals are OperationOutcomes; also those of who may come in at all."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """As FastAPI's, around which the refusals are caught."""
        handle = super().get_route_handler()

        async def answer(request: Request) -> Response:
            try:
                return await handle(request)
            except refusals.Refused as error:
                status = status_of(error)
                if status is HTTPStatus.UNPROCESSABLE_ENTITY:
                    status = HTTPStatus.BAD_REQUEST
                return outcome(status, f"{error}", _headers(error))
            except RequestValidationError as error:
                return _invalid(error)

        return answer


def _invalid(error: RequestValidationError) -> FhirJson:
    """An address that cannot be is one at which there is nothing."""
    first = error.errors()[0]
    nowhere = first["loc"][0] == "path"
    status = HTTPStatus.NOT_FOUND if nowhere else HTTPStatus.BAD_REQUEST
    return outcome(status, f"{first['loc'][-1]}: {first['msg']}")


def outcome(status: int, said: str, headers: dict[str, str] | None = None) -> FhirJson:
    """An OperationOutcome with one issue."""
    issue = {
        "severity": "error",
        "code": _ISSUE.get(HTTPStatus(status), "processing"),
        "diagnostics": said,
    }
    content = {"resourceType": "OperationOutcome", "issue": [issue]}
    return FhirJson(content, status_code=status, headers=headers)


def _headers(error: refusals.Refused) -> dict[str, str]:
    headers = {}
    if isinstance(error, refusals.Later):
        headers["Retry-After"] = f"{error.retry_after}"
    if isinstance(error, refusals.NotSignedIn):
        headers["WWW-Authenticate"] = "Bearer"
    return headers


def left_out(homes: int) -> Resource:
    """Says how many homes are missing from an answer, for nobody there agreed that it is shared."""
    issue = {
        "severity": "information",
        "code": "suppressed",
        "diagnostics": f"Homes left out, without consent to share their health record: {homes}.",
    }
    return {"resourceType": "OperationOutcome", "issue": [issue]}


def bundle(
    request: Request, base: str, resources: Sequence[Resource], following: str, missing: int = 0
) -> dict[str, Any]:
    """One page of a search, with its own address and that of the next.

    The first page begins with how many homes are `missing`, where any are.
    """
    here = [(name, value) for name, value in request.query_params.multi_items()]
    address = f"{base}{request.url.path}"
    links = [{"relation": "self", "url": _at(address, here)}]
    if following:
        rest = [one for one in here if one[0] != "_cursor"]
        links.append({"relation": "next", "url": _at(address, [*rest, ("_cursor", following)])})
    made: dict[str, Any] = {"resourceType": "Bundle", "type": "searchset", "link": links}
    if resources:
        made["entry"] = [
            {
                "fullUrl": f"{base}/v1/fhir/{one['resourceType']}/{one['id']}",
                "resource": one,
                "search": {"mode": "match"},
            }
            for one in resources
        ]
    if missing and "_cursor" not in dict(here):
        said = {"resource": left_out(missing), "search": {"mode": "outcome"}}
        made["entry"] = [said, *made.get("entry", [])]
    return made


def _at(address: str, parameters: Sequence[tuple[str, str]]) -> str:
    return f"{address}?{urlencode(parameters)}" if parameters else address


def described(says: str, media_type: str = MEDIA_TYPE, status: int = 200) -> dict[int | str, Any]:
    """For `responses=`: a resource, or an OperationOutcome; a fault of the centre is a problem."""
    found = answers(None, says, status)
    found[status]["content"] = {media_type: {"schema": _any(media_type)}}
    found["default"]["content"] = {
        MEDIA_TYPE: {"schema": {"type": "object"}}, **found["default"]["content"]
    }  # fmt: skip
    return found


def _any(media_type: str) -> dict[str, str]:
    return {"type": "string" if media_type == NDJSON else "object"}
