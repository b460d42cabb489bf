"""What the home hub and the centre agree on: typed messages and their JSON form."""

from contract.alerts import Alert, Phase
from contract.assessments import Assessment, Day, Evidence
from contract.base import VERSION, Message, utc
from contract.batches import (
    MAX_EPOCHS,
    MAX_RECORDS,
    Batch,
    Gap,
    Receipt,
    Record,
    RecordKind,
    Refusal,
)
from contract.codec import ContractError, decode, encode
from contract.downlink import (
    Applied,
    Command,
    CommandKind,
    CommandResult,
    Configuration,
    ConfigurationReport,
    Downlink,
    HomeSettings,
    Progress,
    WalkStep,
)
from contract.events import SensorEvent
from contract.health import HubHealth, MachineHealth, SensorHealth
from contract.vocabulary import SEVERITY, Condition, Kind, Outcome, Quality, Severity, State

__all__ = [
    "MAX_EPOCHS",
    "MAX_RECORDS",
    "SEVERITY",
    "VERSION",
    "Alert",
    "Applied",
    "Assessment",
    "Batch",
    "Command",
    "CommandKind",
    "CommandResult",
    "Condition",
    "Configuration",
    "ConfigurationReport",
    "ContractError",
    "Day",
    "Downlink",
    "Evidence",
    "Gap",
    "HomeSettings",
    "HubHealth",
    "Kind",
    "MachineHealth",
    "Message",
    "Outcome",
    "Phase",
    "Progress",
    "Quality",
    "Receipt",
    "Record",
    "RecordKind",
    "Refusal",
    "SensorEvent",
    "SensorHealth",
    "Severity",
    "State",
    "WalkStep",
    "decode",
    "encode",
    "utc",
]
