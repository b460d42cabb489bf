"""Webhooks: what happened, as signed JSON, posted to an address of the organisation's choice."""

from api.channels.protocol import Channel
from api.channels.webhook.deliver import WebhookSettings, check, deliver

CHANNEL = Channel(
    "webhook", WebhookSettings, frozenset({"secret", "old_secret"}), deliver, check,
    leads=frozenset({"url"}), at_machine=frozenset({"allow_private"}),
)  # fmt: skip
