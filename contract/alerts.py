"""An alert as the hub tells it: opened once, updated while it lasts, cleared once."""

from enum import StrEnum
from typing import Annotated

import msgspec

from contract.assessments import Evidence
from contract.base import Instant, Message, Name, Share


class Phase(StrEnum):
    """Whether what was observed still holds. What staff do about it is the centre's affair."""

    OPEN = "open"
    CLEARED = "cleared"


class Alert(Message, frozen=True, kw_only=True):
    """One version of one alert.

    Attributes:
        id: The same for every version of the alert, and for the same journal replayed.
        version: 1 when opened, one more at each change.
        severity: One of :class:`contract.vocabulary.Severity`, or a newer word.
        raised_at: When it was opened, in event time; the same in every version.
        updated_at: When this version was made, in event time.
        phase: One of :class:`Phase`, or a newer word.
        home, condition, subject, score, evidence, excluded, text, prompt: As in the last raised
            :class:`contract.assessments.Assessment`.
    """

    id: Name
    home: Name
    condition: Name
    severity: str
    raised_at: Instant
    updated_at: Instant
    version: Annotated[int, msgspec.Meta(ge=1)] = msgspec.field(default_factory=lambda: 1)
    phase: str = msgspec.field(default_factory=lambda: Phase.OPEN)
    subject: str = ""
    score: Share = msgspec.field(default_factory=float)
    evidence: list[Evidence] = []
    excluded: list[str] = []
    text: str
    prompt: str = ""
