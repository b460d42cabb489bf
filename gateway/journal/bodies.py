"""What the records of a journal hold, by kind."""

from contract import (
    Alert,
    Assessment,
    CommandResult,
    ConfigurationReport,
    HubHealth,
    RecordKind,
    SensorEvent,
    Severity,
    WalkStep,
    encode,
)
from contract.base import Message
from gateway.journal.sums import record_sum

KINDS: dict[type[Message], RecordKind] = {
    SensorEvent: RecordKind.EVENT,
    Assessment: RecordKind.ASSESSMENT,
    Alert: RecordKind.ALERT,
    HubHealth: RecordKind.HEALTH,
    ConfigurationReport: RecordKind.CONFIGURATION,
    CommandResult: RecordKind.COMMAND_RESULT,
    WalkStep: RecordKind.WALK_STEP,
}
BODIES: dict[str, type[Message]] = {str(kind): body for body, kind in KINDS.items()}

_WAITED_FOR = (ConfigurationReport, CommandResult, WalkStep)
"""Somebody at the centre looks for them; they are few, and go ahead as urgent alerts do."""


def row_of(seq: int, message: Message, now: float) -> tuple[int, str, int, float, bytes, int]:
    """A message as the record of this number that is written `now` (epoch seconds)."""
    kind, body, urgent = KINDS[type(message)], encode(message), int(_urgent(message))
    return (seq, kind, urgent, now, body, record_sum(seq, kind, urgent, body, now))


def _urgent(message: Message) -> bool:
    urgent = isinstance(message, Alert) and message.severity == Severity.URGENT
    return urgent or isinstance(message, _WAITED_FOR)
