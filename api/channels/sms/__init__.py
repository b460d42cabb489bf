"""Text messages by any gateway that takes them over HTTP."""

from api.channels.protocol import Channel
from api.channels.sms.deliver import SmsSettings, check, deliver

CHANNEL = Channel(
    "sms", SmsSettings, frozenset({"secret"}), deliver, check, "to",
    leads=frozenset({"url", "format", "fields", "headers"}),
    at_machine=frozenset({"allow_private"}),
)  # fmt: skip
