"""SCAIP (SS 91100, CLC/TS 50134-9): alarms to a receiving centre, as SIP messages."""

from api.channels.protocol import Channel
from api.channels.scaip.deliver import ScaipSettings, check, deliver
from api.channels.scaip.mapping import reference

CHANNEL = Channel(
    "scaip", ScaipSettings, frozenset({"password"}), deliver, check, reference=reference,
    leads=frozenset({"host", "port", "transport"}), at_machine=frozenset({"ca_file"}),
)  # fmt: skip
