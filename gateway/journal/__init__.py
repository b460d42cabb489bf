"""What the hub has heard and said, durable in one SQLite file, numbered without gaps."""

from gateway.journal.database import JournalError
from gateway.journal.intake import Delivery, Intake, Quarantined
from gateway.journal.journal import Journal
from gateway.journal.retention import Keep

__all__ = ["Delivery", "Intake", "Journal", "JournalError", "Keep", "Quarantined"]
