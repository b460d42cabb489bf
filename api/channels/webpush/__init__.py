"""Nudges to the browsers of staff, by the push services that their makers run."""

from api.channels.protocol import Channel
from api.channels.webpush.deliver import WebPushSettings, check, deliver

CHANNEL = Channel(
    "webpush", WebPushSettings, frozenset({"endpoint", "auth", "key"}), deliver, check,
    subscribed=True, at_machine=frozenset({"allow_private"}),
)  # fmt: skip
