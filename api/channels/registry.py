"""The channels there are. A new one is one folder and one line here."""

from typing import Any

from api.channels import email, scaip, sms, webhook, webpush
from api.channels.protocol import Channel

_ALL: tuple[Channel[Any], ...] = (
    webhook.CHANNEL, email.CHANNEL, sms.CHANNEL, scaip.CHANNEL, webpush.CHANNEL,
)  # fmt: skip
CHANNELS: dict[str, Channel[Any]] = {channel.name: channel for channel in _ALL}
"""By name."""


def reference(channel: str, key: str) -> str:
    """By what the other side knows a message of this key."""
    known = CHANNELS.get(channel)
    return known.reference(key) if known else key
