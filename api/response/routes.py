"""Plans, attempts, contacts, key safes and follow-up tasks for programs."""

from http import HTTPStatus
from typing import Annotated, Literal

import msgspec
from fastapi import APIRouter, Depends, Path, Query, Request, Response

from api.alerts.views import AlertSummary
from api.identity.people import Member
from api.identity.permissions import Permission
from api.identity.web import acting, reading
from api.response.attempts import AttemptRequest
from api.response.follow_ups import AddFollowUp, ChangeFollowUp, EndFollowUp
from api.response.key_safe import LookRequest, PutKeySafe
from api.response.plans import PutPlan
from api.response.views import (
    AlertResponse,
    Contact,
    FollowUp,
    KeySafe,
    KeySafeLook,
    OpenedKeySafe,
    Plan,
    PutContact,
)
from api.services import Services, services
from api.web.answers import Json
from api.web.bodies import read_json
from api.web.openapi import answers, body
from api.web.parameters import AlertId, Name
from contract.outcomes import OUTCOMES, OutcomeCode

router = APIRouter(prefix="/v1", tags=["response"])
At = Annotated[Services, Depends(services)]
Reader = Annotated[Member, reading(Permission.READ_RESPONSE)]
Setter = Annotated[Member, acting(Permission.SET_RESPONSE)]
Handler = Annotated[Member, acting(Permission.HANDLE_ALERTS)]
Opener = Annotated[Member, acting(Permission.OPEN_KEY_SAFE)]
Doer = Annotated[Member, acting(Permission.DO_FOLLOW_UPS)]
Number = Annotated[int, Path(ge=1, le=2**53)]
Version = Annotated[int, Query(ge=0, le=2**31 - 1)]


class AddedContact(msgspec.Struct, frozen=True, kw_only=True):
    """The number of a new contact."""

    contact: int


MESSAGES = (
    AddFollowUp, AddedContact, AlertResponse, AttemptRequest, ChangeFollowUp, Contact, EndFollowUp,
    FollowUp, KeySafe, KeySafeLook, LookRequest, OpenedKeySafe, OutcomeCode, Plan, PutContact,
    PutKeySafe, PutPlan,
)  # fmt: skip
"""What the routes take and give."""
_PLANS = answers(list[Plan], "The newest version of each plan.")
_TASK = answers(FollowUp, "The task as it now is.")
_SAFE = answers(KeySafe, "Whether there is one.")
_GONE = answers(None, "It is done.", HTTPStatus.NO_CONTENT)


@router.get(
    "/outcomes",
    responses=answers(list[OutcomeCode], "Every code."),
    dependencies=[reading(Permission.READ_ALERTS)],
)
async def outcomes() -> Json:
    """What an alert can turn out to be, what each code means and what it teaches."""
    return Json(list(OUTCOMES.values()))


@router.get("/alerts/{alert}/response", responses=answers(AlertResponse, "The check list."))
async def of_alert(alert: AlertId, at: At, user: Reader) -> Json:
    """The plan beside an alert as a check list, what was tried, and what is next."""
    return Json(await at.response.attempts.of_alert(user, alert))


@router.post(
    "/alerts/{alert}/attempts",
    openapi_extra=body(AttemptRequest),
    responses=answers(AlertSummary, "The alert as it now is."),
)
async def attempt(alert: AlertId, request: Request, at: At, user: Handler) -> Json:
    """Writes an attempt down, or has a text message sent where `result` is left out.

    The same `key` again is the same attempt.
    """
    asked = await read_json(request, AttemptRequest)
    return Json(await at.response.attempts.record(alert, user, asked))


@router.get("/homes/{home}/plans", responses=_PLANS)
async def plans(home: Name, at: At, user: Reader) -> Json:
    """A home's own plans; what has none goes by its organisation's, or the built-in ones."""
    return Json(await at.response.plans.of_home(user.reach, home))


@router.put(
    "/homes/{home}/plans", openapi_extra=body(PutPlan), responses=answers(Plan, "The new version.")
)
async def put_plan(home: Name, request: Request, at: At, user: Setter) -> Json:
    """Puts a version of a home's plan; for supervisors and administrators."""
    asked = await read_json(request, PutPlan)
    return Json(await at.response.plans.put(user, asked, home=home))


@router.get(
    "/homes/{home}/plans/versions", responses=answers(list[Plan], "Versions, the newest first.")
)
async def plan_versions(
    home: Name,
    at: At,
    user: Reader,
    condition: Annotated[str, Query(max_length=64, pattern=r"^[^\x00]*$")] = "",
) -> Json:
    """The versions of one of a home's plans."""
    return Json(await at.response.plans.versions(user.reach, home, condition))


@router.get("/organisations/{organisation}/plans", responses=_PLANS)
async def organisation_plans(organisation: Number, at: At, user: Reader) -> Json:
    """An organisation's plans, for all its homes that have none of their own."""
    return Json(await at.response.plans.of_organisation(user.reach, organisation))


@router.put(
    "/organisations/{organisation}/plans",
    openapi_extra=body(PutPlan),
    responses=answers(Plan, "The new version."),
)
async def put_organisation_plan(
    organisation: Number, request: Request, at: At, user: Setter
) -> Json:
    """Puts a version of an organisation's plan; for supervisors and administrators."""
    asked = await read_json(request, PutPlan)
    return Json(await at.response.plans.put(user, asked, organisation=organisation))


@router.get("/homes/{home}/contacts", responses=answers(list[Contact], "In their order."))
async def contacts(home: Name, at: At, user: Reader) -> Json:
    """A home's contacts and keyholders; without numbers for who may not call."""
    return Json(await at.response.contacts.of_home(user, home))


@router.post(
    "/homes/{home}/contacts",
    openapi_extra=body(PutContact),
    responses=answers(AddedContact, "Its number."),
)
async def add_contact(home: Name, request: Request, at: At, user: Setter) -> Json:
    """Adds a contact; for supervisors and administrators."""
    asked = await read_json(request, PutContact)
    return Json(AddedContact(contact=await at.response.contacts.add(user, home, asked)))


@router.put(
    "/homes/{home}/contacts/{contact}",
    status_code=HTTPStatus.NO_CONTENT,
    response_class=Response,
    openapi_extra=body(PutContact),
    responses=_GONE,
)
async def put_contact(
    home: Name, contact: Number, request: Request, at: At, user: Setter
) -> Response:
    """Sets a contact anew; for supervisors and administrators."""
    asked = await read_json(request, PutContact)
    await at.response.contacts.put(user, home, contact, asked)
    return Response(status_code=HTTPStatus.NO_CONTENT)


@router.delete(
    "/homes/{home}/contacts/{contact}",
    status_code=HTTPStatus.NO_CONTENT,
    response_class=Response,
    responses=_GONE,
)
async def remove_contact(
    home: Name, contact: Number, at: At, user: Setter, version: Version = 0
) -> Response:
    """Lets a contact go; for supervisors and administrators."""
    await at.response.contacts.remove(user, home, contact, version)
    return Response(status_code=HTTPStatus.NO_CONTENT)


@router.get("/homes/{home}/key-safe", responses=_SAFE)
async def key_safe(home: Name, at: At, user: Reader) -> Json:
    """Whether a home has a key safe; neither where nor its code."""
    return Json(await at.response.key_safes.of_home(user, home))


@router.put("/homes/{home}/key-safe", openapi_extra=body(PutKeySafe), responses=_SAFE)
async def put_key_safe(home: Name, request: Request, at: At, user: Setter) -> Json:
    """Sets where it is, and its code; for supervisors and administrators."""
    asked = await read_json(request, PutKeySafe)
    return Json(await at.response.key_safes.put(user, home, asked))


@router.delete(
    "/homes/{home}/key-safe",
    status_code=HTTPStatus.NO_CONTENT,
    response_class=Response,
    responses=_GONE,
)
async def remove_key_safe(home: Name, at: At, user: Setter, version: Version) -> Response:
    """Forgets a key safe, of the version looked at; for supervisors and administrators."""
    await at.response.key_safes.remove(user, home, version)
    return Response(status_code=HTTPStatus.NO_CONTENT)


@router.post(
    "/homes/{home}/key-safe/look",
    openapi_extra=body(LookRequest),
    responses=answers(OpenedKeySafe, "The code; not to be shown beyond `hide_at`."),
)
async def look(home: Name, request: Request, at: At, user: Opener) -> Json:
    """Shows the code to a person with an open alert of the home; each look is told."""
    asked = await read_json(request, LookRequest)
    return Json(await at.response.key_safes.look(user, home, asked.reason))


@router.get("/key-safe/looks", responses=answers(list[KeySafeLook], "The newest first."))
async def looks(at: At, user: Annotated[Member, reading(Permission.SET_RESPONSE)]) -> Json:
    """Who looked at which code, and why; for supervisors and administrators."""
    return Json(await at.response.key_safes.looks(user))


@router.post(
    "/key-safe/looks/{look}/seen",
    status_code=HTTPStatus.NO_CONTENT,
    response_class=Response,
    responses=_GONE,
)
async def seen(look: Number, at: At, user: Setter) -> Response:
    """Takes note of somebody's look."""
    await at.response.key_safes.take_note(user, look)
    return Response(status_code=HTTPStatus.NO_CONTENT)


@router.get("/follow-ups", responses=answers(list[FollowUp], "The first due first."))
async def follow_ups(
    at: At,
    user: Reader,
    whose: Literal["mine", "all"] = "all",
    when: Literal["open", "due", "overdue"] = "open",
    home: Annotated[str | None, Query(max_length=128, pattern=r"^[^\x00]*$")] = None,
) -> Json:
    """Tasks that are not done: all or one's own, all or those due or overdue."""
    found = await at.response.follow_ups.open(user, mine=whose == "mine", when=when, home=home)
    return Json(found)


@router.post("/follow-ups", openapi_extra=body(AddFollowUp), responses=_TASK)
async def add_follow_up(request: Request, at: At, user: Doer) -> Json:
    """Adds a task, from an alert or on its own."""
    return Json(await at.response.follow_ups.add(user, await read_json(request, AddFollowUp)))


@router.put("/follow-ups/{task}", openapi_extra=body(ChangeFollowUp), responses=_TASK)
async def change_follow_up(task: Number, request: Request, at: At, user: Doer) -> Json:
    """Hands a task on, or gives it another day."""
    asked = await read_json(request, ChangeFollowUp)
    return Json(await at.response.follow_ups.change(user, task, asked))


@router.post("/follow-ups/{task}/end", openapi_extra=body(EndFollowUp), responses=_TASK)
async def end_follow_up(task: Number, request: Request, at: At, user: Doer) -> Json:
    """Says what came of a task."""
    asked = await read_json(request, EndFollowUp)
    return Json(await at.response.follow_ups.end(user, task, asked))
