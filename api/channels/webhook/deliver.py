"""Posts one webhook."""

import msgspec

from api.channels.http import Request, check_url, send
from api.channels.protocol import Message
from api.channels.webhook.signing import key_of, sign


class WebhookSettings(msgspec.Struct, frozen=True, kw_only=True):
    """Where to.

    Attributes:
        url: `https://...`.
        secret: `whsec_` and base64; signs.
        old_secret: Signs as well, while the receiver changes from one to the other.
        allow_private: Whether addresses inside our own networks, and plain HTTP, will do.
    """

    url: str
    secret: str
    old_secret: str = ""
    allow_private: bool = False


def check(settings: WebhookSettings) -> None:
    """Raises :class:`BadSettings` for an address or a secret that will not do."""
    check_url(settings.url, allow_private=settings.allow_private)
    for secret in {settings.secret, *_secrets(settings)}:
        key_of(secret)


async def deliver(message: Message, settings: WebhookSettings) -> None:
    """Posts the message; any answer from 200 to 299 is a yes."""
    timestamp = int(message.tried_at.timestamp())
    signatures = [
        sign(secret, message.key, timestamp, message.body) for secret in _secrets(settings)
    ]
    headers = {
        "content-type": "application/json",
        "user-agent": "telecare",
        "webhook-id": message.key,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(signatures),
    }
    await send(Request(settings.url, message.body, headers, allow_private=settings.allow_private))


def _secrets(settings: WebhookSettings) -> list[str]:
    return [secret for secret in (settings.secret, settings.old_secret) if secret]
