"""How somebody comes in, as their page shows it."""

from datetime import datetime
from typing import NamedTuple

from markupsafe import Markup

from api.console.text import Catalogue
from api.console.views.times import Clock
from api.identity.access import OpenSession, Token
from api.identity.passkeys import Passkey
from api.identity.people import Member

_ZONE = "UTC"  # whoever works for a centre may sit anywhere


class PasskeyRow(NamedTuple):
    """One passkey."""

    id: int
    name: str
    added: Markup
    used: Markup
    where: Markup


class SessionRow(NamedTuple):
    """One session; `this` is the one that looks."""

    id: int
    by: Markup
    begun: Markup
    ends: Markup
    used: Markup
    this: bool


class TokenRow(NamedTuple):
    """One token; `over` says why it opens nothing more, and is empty where it does."""

    id: int
    name: str
    scopes: str
    ends: Markup
    used: Markup
    over: Markup | None


class AccountPage(NamedTuple):
    """All of it."""

    passkeys: list[PasskeyRow]
    sessions: list[SessionRow]
    tokens: list[TokenRow]


def account_page(
    passkeys: list[Passkey],
    sessions: list[OpenSession],
    tokens: list[Token],
    *,
    me: Member,
    now: datetime,
    text: Catalogue,
) -> AccountPage:
    """What `me` comes in by, at `now`."""
    clock = Clock(now, _ZONE, text)
    return AccountPage(
        [_passkey(one, clock) for one in passkeys],
        [_session(one, me, clock) for one in sessions],
        [_token(one, clock) for one in tokens],
    )


def _used(at: datetime | None, clock: Clock) -> Markup:
    return clock.stamp(at) if at else clock.text("account.never")


def _passkey(one: Passkey, clock: Clock) -> PasskeyRow:
    where = clock.text("account.synced") if one.synced else clock.text("account.one_device")
    return PasskeyRow(
        one.id, one.name, clock.stamp(one.added_at), _used(one.last_used_at, clock), where
    )


def _session(one: OpenSession, me: Member, clock: Clock) -> SessionRow:
    return SessionRow(
        one.id,
        clock.text(f"account.by_{one.signed_in_by}"),
        clock.stamp(one.created_at),
        clock.stamp(one.expires_at),
        _used(one.last_used_at, clock),
        one.id == me.session,
    )


def _token(one: Token, clock: Clock) -> TokenRow:
    over = None
    if one.revoked_at:
        over = clock.text("account.revoked", time=clock.stamp(one.revoked_at))
    elif one.expires_at <= clock.now:
        over = clock.text("account.expired")
    return TokenRow(
        one.id, one.name, ", ".join(one.scopes), clock.stamp(one.expires_at),
        _used(one.last_used_at, clock), over,
    )  # fmt: skip
