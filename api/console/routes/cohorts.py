"""Lists of people to call before anything happens, and what came of the calls."""

from datetime import datetime
from http import HTTPStatus
from typing import Annotated

import msgspec
from fastapi import APIRouter, Depends, Path, Query, Request, Response
from markupsafe import escape

from api.cohorts.views import NewContact
from api.console.pages import Blank, Notice, go_to, notice_word, page, texts
from api.console.views import words
from api.console.views.cohorts import ALERTS, NUMBERS, RECORD, WrongFieldError, cohort_of, form_of
from api.console.views.times import Clock
from api.identity.people import Member, Session
from api.identity.permissions import Permission
from api.identity.web import acting, visiting
from api.refusals import Conflict, Invalid, NotFound
from api.services import Services, services
from api.web.forms import read_form
from api.web.parameters import number

router = APIRouter(prefix="/cohorts")

At = Annotated[Services, Depends(services)]
Visit = Annotated[Session, visiting(Permission.READ_COHORTS)]
Caller = Annotated[Member, acting(Permission.CONTACT_COHORTS)]
Setting = Annotated[Session, visiting(Permission.SET_COHORTS)]
Setter = Annotated[Member, acting(Permission.SET_COHORTS)]
Number = Annotated[int, Path(ge=1, le=2**53)]
Like = Annotated[int, Query(ge=0, le=2**53)]


@router.get("")
async def cohorts(request: Request, session: Visit, at: At) -> Response:
    """Every list, with the organisation that it is of."""
    known = await at.organisations.all(session.user.reach)
    names = {one.organisation: one.name for one in known}
    found = await at.cohorts.all(session.user)
    rows = [(one.cohort, one.name, names.get(one.organisation, "")) for one in found]
    return page(
        request, "cohorts", session=session, section="cohorts", exact=True, rows=rows,
        several=len(names) > 1, may_set=session.user.may(Permission.SET_COHORTS),
    )  # fmt: skip


@router.get("/new")
async def new(request: Request, session: Setting, at: At, like: Like = 0) -> Response:
    """The form of a list; filled in as another one, where that is named."""
    typed = Blank(name="", quiet_days="7", temperature_days="3", trend_by="25", trend_days="3",
                  nights_at_least="2", alert_days="7")  # fmt: skip
    for one in await at.cohorts.all(session.user):
        if one.cohort == like:
            typed.update(form_of(one), organisation=f"{one.organisation}")
    return await _form(request, session, at, typed)


@router.post("/new")
async def save(request: Request, user: Setter, session: Setting, at: At) -> Response:
    """Saves a list and shows whom it finds; or says why not, with what was typed."""
    typed, text = Blank(await read_form(request)), texts(request)
    try:
        organisation = number(typed["organisation"]) or 0
        added = await at.cohorts.add(user, organisation, cohort_of(typed))
    except WrongFieldError as error:
        wrong = text("cohorts.form.wrong", field=text(f"cohorts.form.{error}"))
        return await _form(request, session, at, typed, wrong)
    except (Conflict, Invalid, NotFound) as error:
        return await _form(request, session, at, typed, f"{error}")
    return go_to(request, f"/cohorts/{added.cohort}", notice="saved")


@router.post("/{cohort}/discard")
async def discard(request: Request, cohort: Number, user: Setter, at: At) -> Response:
    """Removes a list; what came of its calls stays on record."""
    await at.cohorts.remove(user, cohort)
    return go_to(request, "/cohorts")


async def _form(
    request: Request, session: Session, at: Services, typed: Blank, wrong: str = ""
) -> Response:
    text = texts(request)
    notice = Notice("conflict", text("cohorts.form.not_saved"), escape(wrong))
    return page(
        request, "cohort_new", session=session, section="cohorts", typed=typed,
        status=HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK,
        notice=notice if wrong else None, known=await at.organisations.all(session.user.reach),
        numbers=NUMBERS, record=RECORD, alerts=ALERTS,
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
        await at.cohorts.keep(user, cohort, asked)
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
    elif notice_word(request) == "saved":
        notice = Notice("done", text("cohorts.form.saved"))
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
        may_set=session.user.may(Permission.SET_COHORTS),
    )


def _iso(at: datetime) -> str:
    return at.isoformat()
