"""SCAIP (SS 91100, CLC/TS 50134-9): alarms to a receiving centre, as SIP messages."""

from api.channels.protocol import Channel
from api.channels.scaip.deliver import ScaipSettings, check, deliver

CHANNEL = Channel("scaip", ScaipSettings, frozenset({"password"}), deliver, check)
