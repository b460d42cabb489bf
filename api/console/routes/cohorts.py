"""Lists of people to call before anything happens, and what came of the calls."""

from datetime import datetime
from http import HTTPStatus
from typing import Annotated

import msgspec
from fastapi import APIRouter, Depends, Path, Request, Response
from markupsafe import escape

from api.cohorts.views import NewContact
from api.console.pages import Blank, Notice, go_to, notice_word, page, texts
from api.console.views import words
from api.console.views.times import Clock
from api.identity.people import Member, Session
from api.identity.permissions import Permission
from api.identity.web import acting, visiting
from api.refusals import Conflict, Invalid, NotFound
from api.services import Services, services
from api.web.forms import read_form

router = APIRouter(prefix="/cohorts")

At = Annotated[Services, Depends(services)]
Visit = Annotated[Session, visiting(Permission.READ_COHORTS)]
Caller = Annotated[Member, acting(Permission.CONTACT_COHORTS)]
Number = Annotated[int, Path(ge=1, le=2**53)]


@router.get("")
async def cohorts(request: Request, session: Visit, at: At) -> Response:
    """Every list, with the organisation that it is of."""
    known = await at.organisations.all(session.user.reach)
    names = {one.organisation: one.name for one in known}
    found = await at.cohorts.all(session.user)
    rows = [(one.cohort, one.name, names.get(one.organisation, "")) for one in found]
    return page(
        request, "cohorts", session=session, section="cohorts", exact=True, rows=rows,
        several=len(names) > 1,
    )  # fmt: skip


@router.get("/{cohort}")
async def show(request: Request, cohort: Number, session: Visit, at: At) -> Response:
    """Whom to call now, and why."""
    return await _show(request, cohort, session, at)


@router.post("/{cohort}")
async def called(
    request: Request, cohort: Number, user: Caller, session: Visit, at: At
) -> Response:
    """Keeps what came of a call, or says why not."""
    typed = Blank(await read_form(request))
    try:
        asked = msgspec.convert(
            {key: typed[key] for key in ("home", "outcome", "note", "seen_at")},
            NewContact,
            strict=False,
        )
        await at.cohorts.called(user, cohort, asked)
    except msgspec.ValidationError:
        return await _show(request, cohort, session, at, wrong=texts(request)("cohorts.choose"))
    except (Conflict, Invalid, NotFound) as error:
        return await _show(request, cohort, session, at, wrong=f"{error}")
    return go_to(request, f"/cohorts/{cohort}", notice="kept")


async def _show(
    request: Request, cohort: int, session: Session, at: Services, *, wrong: str = ""
) -> Response:
    text = texts(request)
    found = await at.cohorts.people(session.user, cohort)
    clock = Clock(at.clock(), "UTC", text)
    notice = None
    if wrong:
        notice = Notice("conflict", text("cohorts.not_kept"), escape(wrong))
    elif notice_word(request) == "kept":
        notice = Notice("done", text("cohorts.kept"))
    return page(
        request,
        "cohort",
        session=session,
        status=HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK,
        notice=notice,
        section="cohorts",
        found=found,
        stamp=clock.stamp,
        name_of=words.home,
        seen_at=_iso(found.made_at),
        may_call=session.user.may(Permission.CONTACT_COHORTS),
    )


def _iso(at: datetime) -> str:
    return at.isoformat()
