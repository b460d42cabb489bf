"""Hands one nudge to the push service of a browser, which alone can read it (RFC 8030, 8291)."""

import re

import http_ece
import httpx
import msgspec
from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    EllipticCurvePublicKey,
    generate_private_key,
)

from api.channels.http import Request, check_url, send
from api.channels.protocol import BadSettings, GiveUp, Message
from api.channels.webpush import vapid
from api.channels.words import headline

KEPT_SECONDS = 3600
"""A push service keeps a nudge for so long for a browser that is away."""
AUTH_BYTES = 16
_CONTACT = re.compile(r"(mailto:[^\s@]+@[^\s@]+|https://[^\s]+)")
_NOT_THERE = frozenset({404, 410})


class WebPushSettings(msgspec.Struct, frozen=True, kw_only=True):
    """Who sends, and to which browser; the latter comes from its subscription.

    Attributes:
        contact: Whom a push service can reach about us: `mailto:...` or `https://...`.
        endpoint: The browser's address at its push service.
        p256dh, auth: The browser's key and secret, in base64url.
        key: The private key with which it was told to expect us.
        allow_private: Whether addresses inside our own networks, and plain HTTP, will do.
    """

    contact: str
    endpoint: str = ""
    p256dh: str = ""
    auth: str = ""
    key: str = ""
    allow_private: bool = False


def check(settings: WebPushSettings) -> None:
    """Raises :class:`BadSettings` for a contact or a subscription that will not do."""
    if not _CONTACT.fullmatch(settings.contact):
        raise BadSettings("contact must be mailto:... or https://...")
    if settings.endpoint:
        check_url(settings.endpoint, allow_private=settings.allow_private)
        check_keys(settings.p256dh, settings.auth)


def check_keys(p256dh: str, auth: str) -> None:
    """Raises :class:`BadSettings` where these are not what a browser gives."""
    try:
        EllipticCurvePublicKey.from_encoded_point(SECP256R1(), vapid.decode(p256dh))
        secret = vapid.decode(auth)
    except ValueError as error:
        raise BadSettings("p256dh and auth must be a browser's, in base64url") from error
    if len(secret) != AUTH_BYTES:
        raise BadSettings(f"auth must hold {AUTH_BYTES} bytes")


def nudge(message: Message) -> bytes:
    """What the browser shows: that something waits, and nothing of whom. Pure."""
    told = message.told
    shown = {"v": 1, "key": message.key, "title": headline(told) + ".", "alert": told.alert}
    return msgspec.json.encode(shown)


async def deliver(message: Message, settings: WebPushSettings) -> None:
    """Sends the nudge; done once the push service has taken it over."""
    if not settings.endpoint:
        raise GiveUp("it is for the browsers of staff, and names none")
    url = httpx.URL(settings.endpoint)
    audience = f"{url.scheme}://{url.netloc.decode('ascii')}"
    key = vapid.read_key(settings.key)
    headers = {
        "authorization": vapid.authorization(key, audience, settings.contact, message.tried_at),
        "content-encoding": "aes128gcm",
        "content-type": "application/octet-stream",
        "ttl": str(KEPT_SECONDS),
        "urgency": "high" if message.told.lane == "urgent" else "normal",
        # Of one alert a browser that was away is told the newest alone.
        "topic": f"alert-{message.told.alert}",  # a test is of alert 0
    }
    sealed = http_ece.encrypt(
        nudge(message),
        private_key=generate_private_key(SECP256R1()),
        dh=vapid.decode(settings.p256dh),
        auth_secret=vapid.decode(settings.auth),
        version="aes128gcm",
    )
    await send(
        Request(
            settings.endpoint, sealed, headers,
            allow_private=settings.allow_private, not_there=_NOT_THERE,
        )
    )  # fmt: skip
