"""How records travel from a hub to the centre: numbered, in batches, each stored once."""

from enum import StrEnum
from typing import Annotated

import msgspec

from contract.base import Instant, Message, Name, Part

MAX_RECORDS = 1000
"""Records in one batch at most."""

MAX_EPOCHS = 1000
"""Earlier epochs that a batch names at most, the newest of them."""

Seq = Annotated[int, msgspec.Meta(ge=1)]


class RecordKind(StrEnum):
    """What a record's body is."""

    EVENT = "event"  # contract.events.SensorEvent
    ASSESSMENT = "assessment"  # contract.assessments.Assessment
    ALERT = "alert"  # contract.alerts.Alert
    HEALTH = "health"  # contract.health.HubHealth
    CONFIGURATION = "configuration"  # contract.downlink.ConfigurationReport
    COMMAND_RESULT = "command_result"  # contract.downlink.CommandResult
    WALK_STEP = "walk_step"  # contract.downlink.WalkStep


class Record(Part, frozen=True, kw_only=True):
    """One numbered line of a hub's journal.

    Attributes:
        seq: Counts up by one from 1 within the epoch, over all kinds of record.
        kind: One of :class:`RecordKind`, or a newer word.
        body: The message itself, as written; kept raw so that no reader can lose a field.
    """

    seq: Seq
    kind: Name
    body: msgspec.Raw


class Batch(Message, frozen=True, kw_only=True):
    """What a hub posts to `/v1/hubs/{hub}/batches`.

    Attributes:
        hub: Who sends.
        epoch: Names the journal the numbers belong to; a new card in the hub is a new epoch.
        records: At most `MAX_RECORDS`, rising by `seq`. Gaps are allowed: urgent alerts may be sent
            ahead of their turn and come again in it.
        before: Epochs with alerts that began before this one, the oldest first. What goes ahead of
            its turn may be of an epoch that began later than some whose records are still to come;
            by this the centre knows their order. Empty once the centre has had it, and of a hub
            that does not tell: there an epoch begins when its first record comes.
        first: Whether the hub remembers nothing of before this epoch. Where the centre has earlier
            ones of the hub, that has forgotten them. Told as long as `before` is.
    """

    hub: Name
    epoch: Name
    records: Annotated[list[Record], msgspec.Meta(max_length=MAX_RECORDS)]
    before: Annotated[list[Name], msgspec.Meta(max_length=MAX_EPOCHS)] = []
    first: bool = False


class Gap(Part, frozen=True, kw_only=True):
    """Numbers the centre has not seen though it has seen a later one. Both ends inclusive."""

    first: Seq
    last: Seq


class Refusal(Part, frozen=True, kw_only=True):
    """A record the centre could not read. It is kept aside and counts as received."""

    seq: Seq
    reason: str


class Receipt(Message, frozen=True, kw_only=True):
    """The centre's durable answer to a batch.

    Attributes:
        contiguous: Every record up to and including this number is stored; 0 when none is.
        stored: How many of the batch were new.
        gaps: What is missing below the highest number seen, the lowest first.
        refused: Records kept aside, with reasons.
        at: The centre's clock as it answered; None from a centre that does not tell.
    """

    hub: Name
    epoch: Name
    contiguous: Annotated[int, msgspec.Meta(ge=0)]
    stored: Annotated[int, msgspec.Meta(ge=0)] = msgspec.field(default_factory=int)
    gaps: list[Gap] = []
    refused: list[Refusal] = []
    at: Instant | None = None
