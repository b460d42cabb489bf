"""The hubs of one home: what they are set to, and what staff have them do."""

import secrets
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from markupsafe import escape

from api.console.pages import Blank, Notice, go_to, notice_word, page, texts
from api.console.views.hub import Told, WrongError, body_of, hub_page
from api.downlink.commands import IssueRequest
from api.identity.people import Member, Session
from api.identity.permissions import Permission
from api.identity.web import acting, visiting
from api.refusals import Conflict, Forbidden, Invalid, NotFound
from api.services import Services, services
from api.store.reach import Reach
from api.web.forms import read_form
from api.web.parameters import VERSION, Name, number
from contract import CommandKind, HomeSettings, encode

router = APIRouter(prefix="/hub")

At = Annotated[Services, Depends(services)]
Visit = Annotated[Session, visiting(Permission.READ_COMMANDS)]
Sender = Annotated[Member, acting(Permission.SEND_COMMANDS)]

_AGAIN = "again"
"""What the form asks for that has the newest configuration tried once more."""
MOST_COMMANDS = 20
"""Commands of a hub that its page shows, the newest ones."""


@router.get("/{home:path}")
async def show(request: Request, home: Name, session: Visit, at: At) -> Response:
    """The page of a home's hubs, or its live part."""
    return await _show(request, home, session, at)


@router.post("/{home:path}")
async def command(request: Request, home: Name, user: Sender, session: Visit, at: At) -> Response:
    """Has a hub of the home do something, or says why not."""
    typed = Blank(await read_form(request))
    detail = await at.homes.one(user.reach, home, alerts=False)
    if typed["hub"] not in {hub.hub for hub in detail.hubs}:
        raise NotFound(f"Home {home} has no hub {typed['hub']}.")
    try:
        if typed["kind"] == _AGAIN:
            await _put_again(at, home, user, typed["seen"])
        else:
            body = body_of(typed, detail.time_zone, at.clock())
            asked = IssueRequest(kind=typed["kind"], body=body, id=typed["id"] or None)
            await at.commands.issue(typed["hub"], asked, user)
    except Conflict:  # the button was pressed twice, or somebody else was quicker: see what holds
        return go_to(request, f"/hub/{home}")
    except WrongError as error:
        return await _show(request, home, session, at, wrong=texts(request)(f"hub.wrong_{error}"))
    except (Invalid, Forbidden) as error:
        return await _show(request, home, session, at, wrong=f"{error}")
    return go_to(request, f"/hub/{home}", notice="sent")


async def _show(
    request: Request, home: str, session: Session, at: Services, *, wrong: str = ""
) -> Response:
    text, reach = texts(request), session.user.reach
    detail = await at.homes.one(reach, home, alerts=False)
    told = {hub.hub: await _told(at, reach, hub.hub) for hub in detail.hubs}
    notice = None
    if wrong:
        notice = Notice("conflict", text("hub.not_sent"), escape(wrong))
    elif notice_word(request) == "sent":
        notice = Notice("done", text("hub.sent"))
    return page(
        request,
        "hub",
        session=session,
        status=HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK,
        notice=notice,
        section="homes",
        here=f"/hub/{home}",
        page=hub_page(
            detail,
            await at.configurations.of(reach, home),
            told,
            me=session.user,
            now=at.clock(),
            text=text,
        ),
        once=lambda: secrets.token_hex(16),
    )


async def _put_again(at: Services, home: str, by: Member, seen: str) -> None:
    """Has a configuration that a hub could not run with tried once more."""
    put = (await at.configurations.of(by.reach, home)).settings or HomeSettings()
    edition = number(seen, VERSION) or 0
    await at.configurations.put(home, encode(put), by, seen=edition)


async def _told(at: Services, reach: Reach, hub: str) -> Told:
    commands = await at.commands.of_hub(reach, hub, limit=MOST_COMMANDS)
    walks = [one.id for one in commands if one.kind == CommandKind.WALK_TEST]
    steps = (await at.commands.one(reach, hub, walks[0])).steps if walks else None
    return Told(commands, await at.commands.not_over(reach, hub), steps)
