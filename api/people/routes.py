"""People for programs; the console has pages of its own over the same services."""

from http import HTTPStatus
from typing import Annotated

import msgspec
from fastapi import APIRouter, Depends, Path, Query, Request, Response
from fastapi.responses import StreamingResponse

from api.identity.people import Member
from api.identity.permissions import Permission
from api.identity.web import acting, reading
from api.people.consent import Scope
from api.people.erasure import Erased, EraseRequest
from api.people.identity import Identity
from api.people.risk import RiskRecord
from api.people.spell import SpellRequest
from api.people.views import HomePeople, Spell, Wanting
from api.services import Services, services
from api.web.answers import Json
from api.web.bodies import read_json
from api.web.openapi import answers, body
from api.web.parameters import Name

router = APIRouter(prefix="/v1", tags=["people"])
At = Annotated[Services, Depends(services)]
Reader = Annotated[Member, reading(Permission.READ_PEOPLE)]
Setter = Annotated[Member, acting(Permission.SET_PEOPLE)]
AbsenceReader = Annotated[Member, reading(Permission.READ_HOMES)]
AbsenceSetter = Annotated[Member, acting(Permission.SET_ABSENCE)]
Exporter = Annotated[Member, reading(Permission.EXPORT_PEOPLE)]
Eraser = Annotated[Member, acting(Permission.ERASE_PEOPLE)]
ResidentId = Annotated[
    str,
    Path(
        pattern="^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$",
        description="The resident's pseudonym.",
    ),
]
SpellNumber = Annotated[int, Path(ge=1, le=2**63 - 1)]
Seen = Annotated[int, Query(ge=0, le=2**31 - 1, description="The version that was looked at.")]


class Reason(msgspec.Struct, frozen=True, kw_only=True):
    """Why a consent is taken back, if that was said."""

    reason: Annotated[str, msgspec.Meta(max_length=2000)] = ""


MESSAGES = (
    EraseRequest, Erased, Wanting, HomePeople, Identity, Reason, RiskRecord, Scope, Spell,
    SpellRequest,
)  # fmt: skip
_PEOPLE = answers(HomePeople, "The home's people as they now stand on record.")
_ADDED = answers(HomePeople, "The home's people as they now stand on record.", 201)


@router.get("/people/wanting", responses=answers(list[Wanting], "What wants doing."))
async def follow_ups(at: At, user: Reader) -> Json:
    """Consents that lack or end soon, and hubs that did not answer."""
    return Json(await at.people.reading.follow_ups(user))


@router.get("/homes/{home}/people", responses=_PEOPLE)
async def people(home: Name, at: At, user: Reader) -> Json:
    """Who lives in a home, and all that is on record of them."""
    return Json(await at.people.reading.of_home(home, user))


@router.post(
    "/homes/{home}/residents", status_code=201, openapi_extra=body(Identity), responses=_ADDED
)
async def add(home: Name, request: Request, at: At, user: Setter) -> Json:
    """Puts somebody on record. Only what is needed: all but a name may be left out."""
    await at.people.residents.add(home, await read_json(request, Identity), user)
    found = await at.people.reading.of_home(home, user)
    return Json(found, status_code=HTTPStatus.CREATED)


@router.put("/homes/{home}/residents/{resident}", openapi_extra=body(Identity), responses=_PEOPLE)
async def change(
    home: Name, resident: ResidentId, request: Request, at: At, user: Setter, *, seen: Seen
) -> Json:
    """Sets who somebody is, as a whole."""
    identity = await read_json(request, Identity)
    await at.people.residents.change(home, resident, identity, user, seen=seen)
    return Json(await at.people.reading.of_home(home, user))


@router.put(
    "/homes/{home}/residents/{resident}/risk", openapi_extra=body(RiskRecord), responses=_PEOPLE
)
async def put_risk(
    home: Name, resident: ResidentId, request: Request, at: At, user: Setter, *, seen: Seen
) -> Json:
    """Adds a version of the risk profile; the home's hubs are told, without name or birthday."""
    record = await read_json(request, RiskRecord)
    await at.people.residents.put_risk(home, resident, record, user, seen=seen)
    return Json(await at.people.reading.of_home(home, user))


@router.post(
    "/homes/{home}/residents/{resident}/consent",
    status_code=201,
    openapi_extra=body(Scope),
    responses=_ADDED,
)
async def agree(home: Name, resident: ResidentId, request: Request, at: At, user: Setter) -> Json:
    """Adds a version of what somebody agreed to; what they left out is switched off at the hub."""
    await at.people.residents.agree(home, resident, await read_json(request, Scope), user)
    found = await at.people.reading.of_home(home, user)
    return Json(found, status_code=HTTPStatus.CREATED)


@router.post(
    "/homes/{home}/residents/{resident}/consent/withdraw",
    openapi_extra=body(Reason),
    responses=_PEOPLE,
)
async def withdraw(
    home: Name, resident: ResidentId, request: Request, at: At, user: Setter
) -> Json:
    """Takes a consent back, from now on."""
    told = await read_json(request, Reason)
    await at.people.residents.withdraw(home, resident, user, reason=told.reason)
    return Json(await at.people.reading.of_home(home, user))


@router.get("/homes/{home}/absences", responses=answers(list[Spell], "The newest first."))
async def absences(home: Name, at: At, user: AbsenceReader) -> Json:
    """A home's pauses and absences, and what its hubs made of each."""
    return Json(await at.people.spells.of_home(user.reach, home))


@router.post(
    "/homes/{home}/absences",
    status_code=201,
    openapi_extra=body(SpellRequest),
    responses=answers(list[Spell], "The newest first.", 201),
)
async def set_absence(home: Name, request: Request, at: At, user: AbsenceSetter) -> Json:
    """Sets a pause or an absence; the home is watched again at its end by itself."""
    await at.people.spells.set(home, await read_json(request, SpellRequest), user)
    found = await at.people.spells.of_home(user.reach, home)
    return Json(found, status_code=HTTPStatus.CREATED)


@router.post(
    "/homes/{home}/absences/{absence}/end", responses=answers(list[Spell], "The newest first.")
)
async def end_absence(home: Name, absence: SpellNumber, at: At, user: AbsenceSetter) -> Json:
    """Ends one before its time, or takes back one that was planned."""
    await at.people.spells.end(home, absence, user)
    return Json(await at.people.spells.of_home(user.reach, home))


@router.get("/homes/{home}/export", responses=answers(None, "Everything about the home, as JSON."))
async def export(home: Name, at: At, user: Exporter) -> Response:
    """Everything that is stored about a home and those who live in it, for them."""
    residents = await at.people.exports.begin(home, user)
    return StreamingResponse(
        at.people.exports.json(home, user, residents),
        media_type="application/json",
        headers={"Content-Disposition": 'attachment; filename="home.json"'},
    )


@router.post(
    "/homes/{home}/erase",
    openapi_extra=body(EraseRequest),
    responses=answers(Erased, "It is erased."),
)
async def erase(home: Name, request: Request, at: At, user: Eraser) -> Json:
    """Erases a home with all that is known of it, and revokes its hubs. Nothing brings it back."""
    return Json(await at.people.erasures.home(home, await read_json(request, EraseRequest), user))


@router.post(
    "/homes/{home}/residents/{resident}/erase",
    openapi_extra=body(EraseRequest),
    responses=answers(Erased, "They are erased."),
)
async def erase_resident(
    home: Name, resident: ResidentId, request: Request, at: At, user: Eraser
) -> Json:
    """Erases one of the people of a home in which others live."""
    asked = await read_json(request, EraseRequest)
    return Json(await at.people.erasures.resident(home, resident, asked, user))
