"""A home's contacts, plans and key safe, and an organisation's plans: seeing and setting them."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from markupsafe import escape

from api.console.pages import Blank, Notice, go_to, notice_word, page, texts
from api.console.text import Catalogue
from api.console.views import words
from api.console.views.response import Choice, title
from api.console.views.times import in_words
from api.console.views.typed import (
    WAITS,
    contact_of,
    exception_line,
    form_of,
    form_of_steps,
    hours_line,
    steps_of,
)
from api.identity.people import Member, Session
from api.identity.permissions import Permission
from api.identity.web import acting, visiting
from api.refusals import Conflict, Invalid, NotFound
from api.response.contacts import gone
from api.response.key_safe import PutKeySafe
from api.response.plan import MOST_STEPS, PRIORITIES, StepKind, Whom
from api.response.plans import PutPlan, built_in
from api.response.views import Plan
from api.services import Services, services
from api.web.forms import read_form
from api.web.parameters import VERSION, Name, number
from contract import Condition

router = APIRouter()

At = Annotated[Services, Depends(services)]
Visit = Annotated[Session, visiting(Permission.READ_RESPONSE)]
Editing = Annotated[Session, visiting(Permission.SET_RESPONSE)]
Setter = Annotated[Member, acting(Permission.SET_RESPONSE)]
Word = Annotated[str, Query(max_length=64, pattern=r"^[a-z_]*$")]


@router.get("/response/{home:path}")
async def show(request: Request, home: Name, session: Visit, at: At) -> Response:
    """Whom to call and what to do in one home."""
    return await _show(request, home, session, at)


@router.post("/response/{home:path}")
async def key_safe(
    request: Request, home: Name, user: Setter, session: Editing, at: At
) -> Response:
    """Sets or forgets the key safe."""
    typed = Blank(await read_form(request))
    try:
        if typed["do"] == "remove":
            await at.response.key_safes.remove(user, home, _number(typed["version"]))
        else:
            asked = PutKeySafe(
                version=_number(typed["version"]), place=typed["place"][:200],
                code=typed["code"][:40],
            )  # fmt: skip
            await at.response.key_safes.put(user, home, asked)
    except (Conflict, Invalid) as error:
        return await _show(request, home, session, at, wrong=str(error))
    return go_to(request, f"/response/{home}", notice="kept")


@router.get("/contact/{home:path}")
async def contact(
    request: Request,
    home: Name,
    session: Editing,
    at: At,
    contact: Annotated[int, Query(ge=0, le=2**53)] = 0,
) -> Response:
    """The form of one contact, or of a new one."""
    for one in await at.response.contacts.of_home(session.user, home):
        if one.contact == contact:
            typed = Blank(form_of(one), version=f"{one.version}")
            return await _contact(request, home, session, at, contact=contact, typed=typed)
    if contact:
        raise NotFound(f"Home {home} has no contact {contact}.")
    return await _contact(request, home, session, at, contact=0, typed=Blank())


@router.post("/contact/{home:path}")
async def put_contact(
    request: Request, home: Name, user: Setter, session: Editing, at: At
) -> Response:
    """Adds a contact, sets it anew, or lets it go."""
    typed = Blank(await read_form(request))
    which, version = number(typed["contact"] or "0"), _number(typed["version"])
    if which is None:
        raise NotFound("There is no such contact.")
    try:
        if typed["do"] == "remove":
            await at.response.contacts.remove(user, home, which, version)
        elif which:
            await at.response.contacts.put(user, home, which, contact_of(typed, version))
        else:
            await at.response.contacts.add(user, home, contact_of(typed, 0))
    except (Conflict, Invalid) as error:
        return await _contact(
            request, home, session, at, contact=which, typed=typed, wrong=str(error)
        )
    return go_to(request, f"/response/{home}", notice="kept")


@router.get("/plan/{home:path}")
async def home_plan(
    request: Request, home: Name, session: Editing, at: At, condition: Word = ""
) -> Response:
    """The form of one of a home's plans."""
    plans = await at.response.plans.of_home(session.user.reach, home)
    return await _plan(request, session, at, home=home, plans=plans, key=(condition, ""))


@router.post("/plan/{home:path}")
async def put_home_plan(
    request: Request, home: Name, user: Setter, session: Editing, at: At
) -> Response:
    """Puts a version of one of a home's plans."""
    typed = Blank(await read_form(request))
    try:
        await at.response.plans.put(user, _asked(typed), home=home)
    except (Conflict, Invalid) as error:
        key, wrong = (typed["condition"], ""), str(error)
        return await _plan(
            request, session, at, home=home, plans=[], key=key, typed=typed, wrong=wrong
        )
    return go_to(request, f"/response/{home}", notice="kept")


@router.get("/plans")
async def organisation_plans(request: Request, session: Editing, at: At) -> Response:
    """The plans of the organisations that somebody looks after."""
    text, found, names = texts(request), [], await _names(at, session.user)
    for organisation in session.user.organisations:
        plans = await at.response.plans.of_organisation(session.user.reach, organisation)
        shown = [(one, _for(one, text)) for one in plans]
        found.append((organisation, names[organisation], shown))
    choices = [Choice(one, text(f"severity.{one}")) for one in PRIORITIES]
    notice = Notice("done", text("response.kept")) if notice_word(request) == "kept" else None
    return page(
        request, "plans", session=session, section="homes", notice=notice, found=found,
        conditions=_conditions(request), priorities=choices, title=title,
    )  # fmt: skip


@router.get("/plans/{organisation}")
async def organisation_plan(  # noqa: PLR0917 - what FastAPI hands in
    request: Request,
    organisation: Annotated[int, Path(ge=1, le=2**53)],
    session: Editing,
    at: At,
    condition: Word = "",
    priority: Word = "",
) -> Response:
    """The form of one of an organisation's plans."""
    plans = await at.response.plans.of_organisation(session.user.reach, organisation)
    key = (condition, "" if condition else priority or PRIORITIES[0])
    return await _plan(request, session, at, organisation=organisation, plans=plans, key=key)


@router.post("/plans/{organisation}")
async def put_organisation_plan(
    request: Request,
    organisation: Annotated[int, Path(ge=1, le=2**53)],
    user: Setter,
    session: Editing,
    at: At,
) -> Response:
    """Puts a version of one of an organisation's plans."""
    typed = Blank(await read_form(request))
    try:
        await at.response.plans.put(user, _asked(typed), organisation=organisation)
    except (Conflict, Invalid) as error:
        key = (typed["condition"], typed["priority"])
        return await _plan(
            request, session, at, organisation=organisation, plans=[], key=key, typed=typed,
            wrong=str(error),
        )  # fmt: skip
    return go_to(request, "/plans", notice="kept")


async def _show(
    request: Request, home: str, session: Session, at: Services, *, wrong: str = ""
) -> Response:
    text, me = texts(request), session.user
    contacts = await at.response.contacts.of_home(me, home)
    plans = await at.response.plans.of_home(me.reach, home)
    notice = _wrong(request, wrong)
    if notice is None and notice_word(request) == "kept":
        notice = Notice("done", text("response.kept"))
    return page(
        request, "response", session=session, section="homes", notice=notice,
        status=HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK,
        home=home, home_name=await _name(at, me, home), contacts=contacts,
        plans=[(one, _for(one, text)) for one in plans], title=title,
        safe=await at.response.key_safes.of_home(me, home), hours_line=hours_line,
        exception_line=exception_line, edits=me.may(Permission.SET_RESPONSE),
        conditions=_conditions(request), gone=gone,
    )  # fmt: skip


async def _contact(
    request: Request,
    home: str,
    session: Session,
    at: Services,
    *,
    contact: int,
    typed: Blank,
    wrong: str = "",
) -> Response:
    text = texts(request)
    plans = await at.response.plans.of_home(session.user.reach, home) if contact else []
    naming = [one for one in plans if any(step.contact == contact for step in one.steps)]
    return page(
        request, "contact", session=session, section="homes", notice=_wrong(request, wrong),
        status=HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK,
        home=home, home_name=await _name(at, session.user, home), contact=contact, typed=typed,
        named=[_for(one, text) for one in naming],
    )  # fmt: skip


async def _plan(
    request: Request,
    session: Session,
    at: Services,
    *,
    plans: list[Plan],
    key: tuple[str, str],
    home: str = "",
    organisation: int = 0,
    typed: Blank | None = None,
    wrong: str = "",
) -> Response:
    text, me = texts(request), session.user
    condition, priority = key
    if condition and condition not in set(Condition):
        raise NotFound(f"There is no condition {condition}.")
    if priority and priority not in PRIORITIES:
        raise NotFound(f"There is no priority {priority}.")
    now = next((one for one in plans if (one.condition, one.priority) == key), None)
    people = await at.response.contacts.of_home(me, home) if home else []
    name = await _name(at, me, home) if home else (await _names(at, me)).get(organisation)
    if name is None:
        raise NotFound(f"There is no organisation {organisation}.")
    if typed is None:
        begin = now or built_in(priority or PRIORITIES[1])
        seen = now.version if now else await at.response.plans.newest(
            me.reach, *key, home=home or None, organisation=organisation
        )  # fmt: skip
        typed = Blank(form_of_steps(begin.steps), seen=f"{seen}")
    whom = {typed[f"whom_{row}"] for row in range(1, MOST_STEPS + 1)}
    there = {f"{one.contact}" for one in people}
    missing = sorted(one for one in whom - there if one.isdecimal())
    return page(
        request, "plan", session=session, section="homes", notice=_wrong(request, wrong),
        status=HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK,
        home=home, organisation=organisation, typed=typed, there=now is not None,
        home_name=name,
        condition=condition, priority=priority, what=_what(condition, priority, text),
        rows=range(1, MOST_STEPS + 1),
        kinds=[Choice(one, text(f"plan_form.kind.{one}")) for one in StepKind],
        whom=[
            *(Choice(one, text(f"plan.whom.{one}")) for one in Whom),
            *(Choice(f"{one.contact}", one.name) for one in people),
            *(Choice(one, text("response.gone_short")) for one in missing),
        ],
        waits=[
            Choice("0", text("plan_form.no_wait")),
            *(Choice(f"{one}", in_words(one * 60, text)) for one in WAITS),
        ],
    )  # fmt: skip


async def _name(at: Services, me: Member, home: str) -> str:
    detail = await at.homes.one(me.reach, home, alerts=False)
    return words.home(detail.label, home)


async def _names(at: Services, me: Member) -> dict[int, str]:
    """What the organisations that somebody looks after are called, by number."""
    return {one.organisation: one.name for one in await at.organisations.all(me.reach)}


def _asked(typed: Blank) -> PutPlan:
    steps = [] if typed["do"] == "remove" else steps_of(typed)
    if not steps and typed["do"] != "remove":
        raise Invalid("A plan needs at least one step.")
    return PutPlan(
        seen=_number(typed["seen"]), condition=typed["condition"], priority=typed["priority"],
        steps=steps,
    )  # fmt: skip


def _for(plan: Plan, text: Catalogue) -> str:
    return _what(plan.condition, plan.priority, text)


def _what(condition: str, priority: str, text: Catalogue) -> str:
    if condition:
        return words.condition(condition, text).title
    return text(f"severity.{priority}") if priority else text("response.every_other")


def _conditions(request: Request) -> list[Choice]:
    text = texts(request)
    return [Choice(one, words.condition(one, text).title) for one in Condition]


def _wrong(request: Request, wrong: str) -> Notice | None:
    return Notice("conflict", texts(request)("response.not_kept"), escape(wrong)) if wrong else None


def _number(typed: str) -> int:
    return number(typed, VERSION) or 0
