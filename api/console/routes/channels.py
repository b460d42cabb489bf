"""Who else is told of alerts: for administrators listed, added, changed, switched off and tried."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Request, Response
from markupsafe import Markup, escape

from api.channels.protocol import Channel
from api.console.pages import Blank, Notice, go_to, notice_word, page, status_for, texts
from api.console.views import words
from api.console.views.channels import (
    PURPOSES,
    dead,
    fields_of,
    form_of,
    lines,
    new_form,
    steps,
    wanted_of,
    way,
)
from api.console.views.times import Clock
from api.console.views.typed import organisation_of
from api.identity.people import Member, Session
from api.identity.permissions import Permission
from api.identity.web import InPerson, acting, visiting
from api.outbox.service import KNOWN
from api.refusals import Conflict, Invalid, NotAllowed, NotFound
from api.services import Services, services
from api.web.forms import read_form

HERE = "/channels"
router = APIRouter(prefix=HERE)

At = Annotated[Services, Depends(services)]
Visit = Annotated[Session, visiting(Permission.MANAGE_OUTBOX)]
Manager = Annotated[Member, acting(Permission.MANAGE_OUTBOX)]
Number = Annotated[int, Path(ge=1, le=2**62)]
_DONE = ("added", "changed", "off", "on", "taken", "again")
_TURNED_DOWN = (Invalid, Conflict, NotAllowed)
_ZONE = "UTC"


@router.get("")
async def show(request: Request, session: Visit, at: At) -> Response:
    """Every destination within reach and how it fares, and what was given up."""
    clock = Clock(at.clock(), _ZONE, texts(request))
    found = await at.outbox.view(session.user.reach)
    names = await _names(at, session.user)
    return page(
        request, "channels", session=session, section="organisations", here=HERE,
        notice=_notice(request), rows=lines(found.destinations, names, clock),
        dead=dead(found.dead_letters, clock), sets=await at.destinations.may_set(session.user),
        ways=[(name, way(name, clock.text)) for name in at.destinations.channels],
        organisations=names,
    )  # fmt: skip


@router.get("/new")
async def new(
    request: Request, session: Visit, at: At, channel: str = "webhook", organisation: str = ""
) -> Response:
    """The form of one that there is not yet."""
    names = await _names(at, session.user)
    chosen = organisation or next((f"{number}" for number in names), "")
    typed = Blank(new_form(_channel(at, channel)), channel=channel, organisation=chosen)
    return await _form(request, session, at, typed)


@router.post("")
async def add(request: Request, session: Visit, user: Manager, _: InPerson, at: At) -> Response:
    """Adds one; or says why not, with what was typed, but for secrets."""
    typed = Blank(await read_form(request))
    try:
        wanted, _keep = wanted_of(_channel(at, typed["channel"]), typed, {})
        organisation = organisation_of(typed["organisation"])
        number = await at.destinations.add(user, organisation, wanted)
    except _TURNED_DOWN as error:
        return await _form(request, session, at, typed, error=error)
    return go_to(request, f"{HERE}/{number}", notice="added")


@router.get("/{destination}")
async def one(request: Request, destination: Number, session: Visit, at: At) -> Response:
    """One of them."""
    return await _one(request, session, at, destination)


@router.post("/{destination}")
async def change(
    request: Request, destination: Number, session: Visit, user: Manager, _: InPerson, at: At
) -> Response:
    """Sets one anew."""
    typed = Blank(await read_form(request))
    found = await at.destinations.one(user, destination)
    try:
        wanted, keep = wanted_of(_channel(at, found.channel), typed, found.settings)
        await at.destinations.change(user, destination, wanted, keep=keep, version=typed["version"])
    except _TURNED_DOWN as error:
        return await _one(request, session, at, destination, typed=typed, error=error)
    return go_to(request, f"{HERE}/{destination}", notice="changed")


@router.post("/{destination}/switch")
async def switch(
    request: Request, destination: Number, user: Manager, _: InPerson, at: At
) -> Response:
    """Turns one on or off."""
    on = (await read_form(request)).get("on") == "1"
    await at.destinations.switch(user, destination, on=on)
    return go_to(request, f"{HERE}/{destination}", notice="on" if on else "off")


@router.post("/{destination}/try")
async def try_now(
    request: Request, destination: Number, session: Visit, user: Manager, _: InPerson, at: At
) -> Response:
    """Sends one a test, and shows what it answered."""
    try:
        answer = await at.destinations.try_now(user, destination)
    except Conflict as error:
        return await _one(request, session, at, destination, error=error)
    if answer.taken:
        return go_to(request, f"{HERE}/{destination}", notice="taken")
    text = texts(request)
    said = text("channels.not_taken_said", reason=answer.reason)
    return await _one(request, session, at, destination, said=said)


@router.post("/letters/{message}")
async def again(request: Request, message: Number, user: Manager, at: At) -> Response:
    """Has a dead letter tried again."""
    await at.outbox.again(user.reach, message)
    return go_to(request, HERE, notice="again")


def _channel(at: Services, name: str) -> Channel[Any]:
    found = at.destinations.channels.get(name)
    if found is None:
        raise NotFound(f"There is no channel {name}.")
    return found


async def _names(at: Services, user: Member) -> dict[int, str]:
    return {one.organisation: one.name for one in await at.organisations.all(user.reach)}


async def _form(
    request: Request, session: Session, at: Services, typed: Blank, error: Exception | None = None
) -> Response:
    names = await _names(at, session.user)
    return page(
        request, "channel_new", session=session, status=status_for(error), section="organisations",
        here=f"{HERE}/new", notice=_notice(request, error), typed=typed, organisations=names,
        sets=await at.destinations.may_set(session.user),
        **_asked(request, _channel(at, typed["channel"]), typed, []),
    )  # fmt: skip


async def _one(
    request: Request,
    session: Session,
    at: Services,
    destination: int,
    *,
    typed: Blank | None = None,
    error: Exception | None = None,
    said: Markup | None = None,
) -> Response:
    about, text = await at.destinations.one(session.user, destination), texts(request)
    notice = _notice(request, error)
    if said is not None:
        notice = Notice("conflict", text("channels.not_taken"), said)
    filled = typed or Blank(form_of(about))
    view = await at.outbox.view(session.user.reach, limit=1)
    clock = Clock(at.clock(), _ZONE, text)
    fares = [one for one in view.destinations if one.destination == destination]
    return page(
        request, "channel", session=session, status=status_for(error), section="organisations",
        here=f"{HERE}/{destination}", notice=notice, about=about, typed=filled,
        row=lines(fares, {about.organisation: about.of_organisation}, clock)[0],
        sets=await at.destinations.may_set(session.user),
        **_asked(request, _channel(at, about.channel), filled, about.kept),
    )  # fmt: skip


def _asked(
    request: Request, channel: Channel[Any], typed: Blank, kept: list[str]
) -> dict[str, Any]:
    """What a form asks of a destination."""
    text = texts(request)
    return {
        "way": way(channel.name, text),
        "fields": fields_of(channel, typed, kept, text),
        "beats": not channel.subscribed,
        "purposes": PURPOSES,
        "lanes": KNOWN["lane"],
        "conditions": [(one, words.condition(one, text).title) for one in KNOWN["condition"]],
        "steps": steps(text),
    }


def _notice(request: Request, error: Exception | None = None) -> Notice | None:
    text = texts(request)
    if error is not None:
        return Notice("conflict", text("account.not_done"), escape(f"{error}"))
    word = notice_word(request)
    return Notice("done", text(f"channels.{word}")) if word in _DONE else None
