"""What the home hub and the centre agree on: typed messages and their JSON form."""

from contract.alerts import Alert, Phase
from contract.assessments import Assessment, Day, Evidence
from contract.base import VERSION, Message, utc
from contract.batches import MAX_RECORDS, Batch, Gap, Receipt, Record, RecordKind, Refusal
from contract.codec import ContractError, decode, encode
from contract.events import SensorEvent
from contract.health import HubHealth, MachineHealth, SensorHealth
from contract.vocabulary import SEVERITY, Condition, Kind, Outcome, Quality, Severity, State

__all__ = [
    "MAX_RECORDS",
    "SEVERITY",
    "VERSION",
    "Alert",
    "Assessment",
    "Batch",
    "Condition",
    "ContractError",
    "Day",
    "Evidence",
    "Gap",
    "HubHealth",
    "Kind",
    "MachineHealth",
    "Message",
    "Outcome",
    "Phase",
    "Quality",
    "Receipt",
    "Record",
    "RecordKind",
    "Refusal",
    "SensorEvent",
    "SensorHealth",
    "Severity",
    "State",
    "decode",
    "encode",
    "utc",
]
