"""The channels there are. A new one is one folder and one line here."""

from typing import Any

from api.channels import email, scaip, sms, webhook
from api.channels.protocol import Channel

_ALL: tuple[Channel[Any], ...] = (webhook.CHANNEL, email.CHANNEL, sms.CHANNEL, scaip.CHANNEL)
CHANNELS: dict[str, Channel[Any]] = {channel.name: channel for channel in _ALL}
"""By name."""
