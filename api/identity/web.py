"""Sessions over HTTP: the cookie, who is asking, and whether a change was really asked for here."""

from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import urlsplit

from fastapi import Depends, Request, Response

from api.identity.people import Member, Session
from api.identity.permissions import Permission
from api.identity.service import SignedIn
from api.identity.tokens import same
from api.refusals import Forbidden, NotAllowed, NotSignedIn
from api.services import Services, services
from api.web.forms import read_form

CSRF_HEADER = "x-csrf-token"
CSRF_FIELD = "csrf_token"


def _cookie(request: Request) -> str:
    """Under TLS the name's prefix makes browsers hold it to this host, this path and TLS."""
    return "__Host-telecare" if request.url.scheme == "https" else "telecare"


def session_token(request: Request) -> str | None:
    """The token in the request's cookie, if it has one."""
    return request.cookies.get(_cookie(request))


def keep(request: Request, response: Response, signed_in: SignedIn) -> None:
    """Has the browser keep a new session."""
    left = signed_in.session.expires_at - services(request).clock()
    response.set_cookie(
        _cookie(request),
        signed_in.token,
        max_age=int(left.total_seconds()),
        path="/",
        httponly=True,
        secure=request.url.scheme == "https",
        samesite="lax",
    )


def drop(request: Request, response: Response) -> None:
    """Has the browser forget its session."""
    response.delete_cookie(
        _cookie(request),
        path="/",
        httponly=True,
        secure=request.url.scheme == "https",
        samesite="lax",
    )


async def find_session(request: Request, at: Services) -> Session | None:
    """The session, or what a program's token stands for; None where there is neither."""
    scheme, _, secret = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return await at.access.by_token(secret.strip())
    token = session_token(request)
    return await at.staff.session(token) if token else None


async def current_session(request: Request, at: Annotated[Services, Depends(services)]) -> Session:
    """The session of whoever asks.

    Raises:
        NotSignedIn: There is none, or it has ended.
        TooMany: They have asked too often.
    """
    session = await find_session(request, at)
    if session is None:
        raise NotSignedIn("Sign in first.")
    at.rate.count(f"{session.user.actor} {session.user.session}")
    return session


async def current_user(session: Annotated[Session, Depends(current_session)]) -> Member:
    """Whoever asks, for reading.

    Raises:
        NotSignedIn: Nobody we know.
    """
    return session.user


async def acting_user(
    request: Request, session: Annotated[Session, Depends(current_session)]
) -> Member:
    """Whoever asks, for changing something: the session's CSRF token must have come along.

    Raises:
        NotSignedIn: Nobody we know.
        Forbidden: The CSRF token is missing or not this session's.
    """
    if session.user.token:  # no browser sends a token by itself
        return session.user
    sent = request.headers.get(CSRF_HEADER)
    if sent is None:
        sent = (await read_form(request)).get(CSRF_FIELD, "")
    if not same(sent, session.csrf):
        raise Forbidden("This form is no longer valid. Load the page again and retry.")
    return session.user


async def in_person(user: Annotated[Member, Depends(acting_user)]) -> Member:
    """Whoever asks, signed in: a token can neither make another nor sign anybody out.

    Raises:
        NotAllowed: It is a program.
    """
    if user.token:
        raise NotAllowed("Only who is signed in may do that, not a program with a token.")
    return user


def same_origin(request: Request) -> None:
    """For the sign-in itself, which has no session yet: refuses what another site sent.

    Raises:
        Forbidden: The browser says that the request comes from another site.
    """
    site = request.headers.get("sec-fetch-site")
    if site is None:  # an older browser, or no TLS: then the origin tells
        origin = request.headers.get("origin")
        fine = origin is None or urlsplit(origin).netloc == request.url.netloc
    else:
        fine = site in {"same-origin", "none"}
    if not fine:
        raise Forbidden("Sign in from the centre's own page.")


@dataclass(frozen=True)
class Guard:
    """Lets through who has a permission. Routes name theirs, and the tests go through all."""

    permission: Permission

    def check(self, member: Member) -> Member:
        """The member, where they may.

        Raises:
            NotAllowed: They may not; says who may.
        """
        member.demand(self.permission)
        return member


class _Reading(Guard):
    async def __call__(self, user: Annotated[Member, Depends(current_user)]) -> Member:
        return self.check(user)


class _Acting(Guard):
    async def __call__(self, user: Annotated[Member, Depends(acting_user)]) -> Member:
        return self.check(user)


class _Visiting(Guard):
    async def __call__(self, session: Annotated[Session, Depends(current_session)]) -> Session:
        self.check(session.user)
        return session


def reading(permission: Permission) -> Any:
    """For `Annotated[Member, ...]`: whoever asks, where they may read this."""
    return Depends(_Reading(permission))


def acting(permission: Permission) -> Any:
    """For `Annotated[Member, ...]`: whoever asks, where they may change this and mean to."""
    return Depends(_Acting(permission))


def visiting(permission: Permission) -> Any:
    """For `Annotated[Session, ...]`: the session of whoever may see this page."""
    return Depends(_Visiting(permission))


SignedInUser = Annotated[Member, Depends(current_user)]
InPerson = Annotated[Member, Depends(in_person)]
ActingUser = Annotated[Member, Depends(acting_user)]
CurrentSession = Annotated[Session, Depends(current_session)]
