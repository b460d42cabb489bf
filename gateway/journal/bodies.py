"""What the records of a journal hold, by kind."""

from contract import (
    Alert,
    Assessment,
    CommandResult,
    ConfigurationReport,
    HubHealth,
    RecordKind,
    SensorEvent,
    WalkStep,
)
from contract.base import Message

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
