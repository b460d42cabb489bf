"""The channels there are. A new one is one folder and one line here."""

from typing import Any

from api.channels import email, sms, webhook
from api.channels.protocol import Channel

CHANNELS: dict[str, Channel[Any]] = {
    channel.name: channel for channel in (webhook.CHANNEL, email.CHANNEL, sms.CHANNEL)
}
"""By name."""
