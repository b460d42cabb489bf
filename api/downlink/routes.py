"""The downlink over HTTP: what hubs ask, and what staff set, command and read."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from api.downlink.asking import LONGEST_WAIT
from api.downlink.commands import IssueRequest
from api.downlink.views import CommandDetail, CommandLine, ConfigurationDetail
from api.identity.people import Member
from api.identity.permissions import Permission
from api.identity.web import acting, reading
from api.services import Services, services
from api.web.answers import Json
from api.web.bodies import MAX_JSON_BYTES, read_body, read_json
from api.web.openapi import answers, body
from api.web.parameters import Name
from contract import Downlink, HomeSettings, encode

router = APIRouter(prefix="/v1", tags=["downlink"])
MESSAGES = (CommandDetail, CommandLine, ConfigurationDetail, IssueRequest)
At = Annotated[Services, Depends(services)]
Reader = Annotated[Member, reading(Permission.READ_CONFIGURATION)]
Putter = Annotated[Member, acting(Permission.PUT_CONFIGURATION)]
CommandsReader = Annotated[Member, reading(Permission.READ_COMMANDS)]
Sender = Annotated[Member, acting(Permission.SEND_COMMANDS)]
Number = Annotated[int, Query(ge=0, le=2**31 - 1)]


@dataclass(frozen=True)
class Has:
    """How far a hub has come: the newest version and the highest number that it has taken."""

    configuration: Number = 0
    commands: Number = 0


@router.get("/hubs/{hub}/downlink", responses=answers(Downlink, "What is new for the hub."))
async def downlink(
    hub: Name,
    request: Request,
    at: At,
    has: Annotated[Has, Depends()],
    wait: Annotated[float, Query(ge=0, le=LONGEST_WAIT)] = 0,
) -> Response:
    """What is beyond the `configuration` and the number of `commands` that the hub has.

    For hubs, with their token. Where there is nothing, the answer comes after `wait` seconds.
    """
    home = await at.door.home_of(hub, request.headers.get("authorization", ""))
    found = await at.asking.answer(
        hub, home, configuration=has.configuration, commands=has.commands, wait=wait
    )
    return Response(encode(found), media_type="application/json")


@router.get(
    "/homes/{home}/configuration",
    responses=answers(ConfigurationDetail, "The configuration, and what hubs made of it."),
)
async def configuration(home: Name, at: At, user: Reader) -> Json:
    """A home's configuration, and which version each of its hubs runs with."""
    return Json(await at.configurations.of(user.reach, home))


@router.put(
    "/homes/{home}/configuration",
    openapi_extra=body(HomeSettings),
    responses=answers(ConfigurationDetail, "The configuration as it now is."),
)
async def put_configuration(
    home: Name, request: Request, at: At, user: Putter, seen: Number
) -> Json:
    """Sets what the centre wants of a home's hubs, as a whole.

    `seen` is the `edition` that was looked at, 0 for the first; 409 where staff have put another
    since. For supervisors and administrators. What alerts turned out to be is added by the centre.
    """
    sent = await read_body(request, MAX_JSON_BYTES)
    return Json(await at.configurations.put(home, sent, user, seen=seen))


@router.get(
    "/hubs/{hub}/commands", responses=answers(None, "The hub's commands, the newest first.")
)
async def commands(
    hub: Name, at: At, user: CommandsReader, limit: Annotated[int, Query(ge=1, le=500)] = 50
) -> Json:
    """A hub's commands and what became of them."""
    return Json(await at.commands.of_hub(user.reach, hub, limit=limit))


@router.post(
    "/hubs/{hub}/commands",
    status_code=HTTPStatus.CREATED,
    openapi_extra=body(IssueRequest),
    responses=answers(CommandLine, "The command as it stands.", 201),
)
async def issue(hub: Name, request: Request, at: At, user: Sender) -> Json:
    """Has a hub told to do something. The same `id` with the same body is the same command."""
    asked = await read_json(request, IssueRequest)
    return Json(await at.commands.issue(hub, asked, user), status_code=HTTPStatus.CREATED)


@router.get(
    "/hubs/{hub}/commands/{command}",
    responses=answers(CommandDetail, "The command, with the activations of a walk test."),
)
async def one_command(hub: Name, command: Name, at: At, user: CommandsReader) -> Json:
    """One command and what became of it."""
    return Json(await at.commands.one(user.reach, hub, command))
