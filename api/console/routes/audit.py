"""The audit log for administrators: who read or did what, narrowed, and whether it still holds."""

from datetime import UTC, date, datetime, timedelta
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from api.audit.log import Narrow
from api.audit.verify import Verdict
from api.console.pages import Blank, page, texts
from api.console.views.audit import audit_rows
from api.identity.people import Member, Session
from api.identity.permissions import Permission
from api.identity.web import acting, visiting
from api.refusals import NotFound
from api.services import Services, services
from api.web.forms import read_form
from api.web.parameters import MOST, number

router = APIRouter(prefix="/audit")

At = Annotated[Services, Depends(services)]
Visit = Annotated[Session, visiting(Permission.READ_AUDIT)]
Reader = Annotated[Member, acting(Permission.READ_AUDIT)]

AT_ONCE = 50
_FIELDS = ("organisation", "home", "username", "since", "until", "before")


@router.get("")
async def show(request: Request, session: Visit, at: At) -> Response:
    """The newest entries that fit."""
    typed = Blank({name: request.query_params.get(name, "") for name in _FIELDS})
    return await _show(request, session, at, typed, None)


@router.post("/verify")
async def verify(request: Request, user: Reader, session: Visit, at: At) -> Response:
    """Looks through the whole chain for what was changed, removed or put in."""
    typed = Blank(await read_form(request))
    found = await at.audit.verified(
        user.reach, _number(typed["organisation"], user), user.organisations
    )
    return await _show(request, session, at, typed, found)


async def _show(
    request: Request, session: Session, at: Services, typed: Blank, found: Verdict | None
) -> Response:
    user, text = session.user, texts(request)
    organisation = _number(typed["organisation"], user)
    narrow, wrong = _narrow(typed)
    before = number(typed["before"]) or MOST
    entries = await at.audit.newest(
        user.reach, organisation, user.organisations,
        before=max(1, before), limit=AT_ONCE, narrow=narrow,
    )  # fmt: skip
    response = page(
        request,
        "audit",
        session=session,
        status=HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK,
        section="audit",
        exact=True,
        here="/audit",
        typed=typed,
        errors=Blank(form=text("audit.wrong_day")) if wrong else Blank(),
        rows=audit_rows(entries, at.clock(), text),
        organisation=organisation,
        organisations=await at.organisations.all(user.reach),
        verdict=found,
        older=entries[-1].number if len(entries) == AT_ONCE else None,
    )
    # It repeats words of its address beside the session's CSRF token: packed, its length would tell
    # of the token to whoever chooses the words.
    response.headers["Content-Encoding"] = "identity"
    return response


def _number(text: str, user: Member) -> int:
    if not user.organisations:
        raise NotFound("You look after no organisation.")
    return (number(text) or 0) if text else user.organisations[0]


def _narrow(typed: Blank) -> tuple[Narrow, bool]:
    """What the form narrows to, and whether a day in it was none; both days are UTC and count."""
    wrong = False
    ends: list[datetime | None] = []
    for name, later in (("since", 0), ("until", 1)):
        try:
            day = date.fromisoformat(typed[name]) if typed[name] else None
            if day and not date(1970, 1, 1) <= day < date(2199, 1, 1):
                wrong, day = True, None
            moment = datetime.combine(day, datetime.min.time(), UTC) if day else None
            ends.append(moment + timedelta(days=later) if moment else None)
        except (ValueError, OverflowError):
            wrong = True
            ends.append(None)
    home, username = (typed[name].replace("\0", "").strip() for name in ("home", "username"))
    return Narrow(home, username, *ends), wrong
