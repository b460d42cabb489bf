"""E-mail by SMTP, to one address."""

from api.channels.email.deliver import EmailSettings, check, deliver
from api.channels.protocol import Channel

CHANNEL = Channel(
    "email", EmailSettings, frozenset({"password"}), deliver, check,
    leads=frozenset({"host", "port", "security"}), at_machine=frozenset({"ca_file"}),
)  # fmt: skip
