"""Sessions and tokens for programs: listed, made and taken back; all but the lists in a session."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request, Response

from api.identity.access import NewToken, OpenSession, Token, TokenRequest
from api.identity.people import Member
from api.identity.permissions import Permission
from api.identity.web import InPerson, SignedInUser, reading
from api.services import Services, services
from api.web.answers import Json
from api.web.bodies import read_json
from api.web.openapi import answers, body

router = APIRouter(prefix="/v1", tags=["access"])
MESSAGES = (NewToken, OpenSession, Token, TokenRequest)
At = Annotated[Services, Depends(services)]
Manager = Annotated[Member, reading(Permission.MANAGE_SESSIONS)]
Number = Annotated[int, Path(ge=1, le=2**63 - 1)]


@router.get("/sessions", responses=answers(list[OpenSession], "One's own sessions."))
async def sessions(at: At, user: SignedInUser) -> Json:
    """One's own sessions, the newest first."""
    return Json(await at.access.sessions(user))


@router.delete(
    "/sessions/{session}", status_code=HTTPStatus.NO_CONTENT, responses=answers(None, "Ended.", 204)
)
async def end_session(session: Number, at: At, user: InPerson) -> Response:
    """Ends a session: one's own, or for administrators of anybody in their organisations."""
    await at.access.end(session, user)
    return Response(status_code=HTTPStatus.NO_CONTENT)


@router.get("/staff/sessions", responses=answers(list[OpenSession], "Everybody's sessions."))
async def all_sessions(at: At, user: Manager) -> Json:
    """The sessions of everybody within one's organisations, the newest first."""
    return Json(await at.access.sessions(user, of_all=True))


@router.get("/tokens", responses=answers(list[Token], "One's own tokens."))
async def tokens(at: At, user: SignedInUser) -> Json:
    """One's own tokens, those taken back too, the newest first."""
    return Json(await at.access.tokens(user))


@router.post(
    "/tokens",
    status_code=HTTPStatus.CREATED,
    openapi_extra=body(TokenRequest),
    responses=answers(NewToken, "The token; its secret is shown this once.", 201),
)
async def add_token(request: Request, at: At, user: InPerson) -> Json:
    """Makes a token for a program, which sends it as `Authorization: Bearer`."""
    asked = await read_json(request, TokenRequest)
    return Json(await at.access.add_token(asked, user), status_code=HTTPStatus.CREATED)


@router.delete(
    "/tokens/{token}", status_code=HTTPStatus.NO_CONTENT, responses=answers(None, "Revoked.", 204)
)
async def revoke_token(token: Number, at: At, user: InPerson) -> Response:
    """Takes a token back at once: one's own, or as :func:`end_session`."""
    await at.access.revoke(token, user)
    return Response(status_code=HTTPStatus.NO_CONTENT)


@router.get("/staff/tokens", responses=answers(list[Token], "Everybody's tokens."))
async def all_tokens(at: At, user: Manager) -> Json:
    """The tokens of everybody within one's organisations, the newest first."""
    return Json(await at.access.tokens(user, of_all=True))
