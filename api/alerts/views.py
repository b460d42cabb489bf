"""Alerts as staff see them: what the JSON API sends and the console draws."""

from datetime import datetime

import msgspec

from api.alerts.lifecycle import AlertState, Outcome
from api.identity.people import User
from api.outbox.told import Telling
from contract import Alert, decode


class Claim(msgspec.Struct, frozen=True, kw_only=True):
    """Who has an alert, since when, and until when if they do nothing more.

    `until` in the past says that the claim ran out and anybody may claim the alert.

    Attributes:
        unseen: It came to them with another alert of the home, and they have not looked yet.
        offered: The colleague to whom they would hand it over.
        reason: What they wait for, of a suspended alert, which is theirs again at `until`.
    """

    by: User
    since: datetime
    until: datetime
    unseen: bool = False
    offered: User | None = None
    reason: str = ""


class Shelf(msgspec.Struct, frozen=True, kw_only=True):
    """Until when an alert is set aside as a nuisance, why, and by whom."""

    by: User | None
    until: datetime
    reason: str


class Escalation(msgspec.Struct, frozen=True, kw_only=True):
    """That somebody else was called: a supervisor (1) or who is on call above (2)."""

    level: int
    at: datetime
    reason: str


class Resolution(msgspec.Struct, frozen=True, kw_only=True):
    """What an alert turned out to be, and who says so."""

    by: User
    at: datetime
    outcome: Outcome


class Absent(msgspec.Struct, frozen=True, kw_only=True):
    """That nobody in the home is to be watched now, by what staff have on record.

    Attributes:
        kind: `hospital`, `holiday` or `respite`, or `pause` where they asked not to be watched.
        until: When the home is watched again by itself.
    """

    kind: str
    until: datetime


class AlertSummary(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the queue.

    Attributes:
        id: The centre's number for it.
        version: Rises with every change, by the hub or by staff.
        report_version: Rises when the hub says something new of it.
        home, label: Whose; `label` is what staff call the home, maybe empty. `home` is empty where
            the alert is about many.
        time_zone: The home's, as an IANA name; UTC where the alert is about many.
        severity: One of :class:`contract.Severity`, or a newer word, which counts as urgent.
        raised_at: When the hub opened it.
        reported_at: When the hub last had something new to say of it.
        received_at: When the centre first heard of it.
        cleared_at: When the observation ended; None while it holds. Apart from `state`.
        state: Where it stands with staff.
        claim: Who has it, while `state` is claimed or suspended.
        lapsed: The last claim, where it ran out and nobody has claimed since.
        resolution: What it was, once `state` is resolved.
        escalation: Who was called, while `state` is escalated.
        shelf: While `state` is shelved.
        again_at: When its hub last said something new of it after it was resolved, by which it was
            raised anew; None where that never was.
        absent: While those who live there are on record as away, or asked not to be watched.
    """

    id: int
    version: int
    report_version: int
    home: str
    label: str
    time_zone: str
    condition: str
    subject: str
    severity: str
    score: float
    text: str
    prompt: str
    raised_at: datetime
    reported_at: datetime
    received_at: datetime
    cleared_at: datetime | None
    state: AlertState
    claim: Claim | None
    lapsed: Claim | None
    resolution: Resolution | None
    escalation: Escalation | None = None
    shelf: Shelf | None = None
    again_at: datetime | None = None
    absent: Absent | None = None


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One line of an alert's history.

    Attributes:
        version: The alert's, once the step was made.
        by: None where the centre acted by the clock.
    """

    at: datetime
    by: User | None
    action: str
    before: AlertState
    after: AlertState
    outcome: Outcome | None
    note: str
    version: int = 0


class SilentHub(msgspec.Struct, frozen=True, kw_only=True):
    """One of the hubs that fell silent together.

    Attributes:
        heard_at: When it was last heard before.
        back_at: When it was heard again; None while it is silent.
    """

    hub: str
    home: str
    label: str
    time_zone: str
    heard_at: datetime
    back_at: datetime | None


class AlertDetail(msgspec.Struct, frozen=True, kw_only=True):
    """One alert with everything known of it.

    Attributes:
        report: The hub's newest :class:`contract.Alert`, with its evidence, as it was sent.
        history: What staff did, the oldest first.
        earlier: Other alerts of the home, the newest first.
        silent: Of an alert about many homes, first the hubs that are not heard, then the others.
        told: Which destinations were told of it and what came of that, the oldest first.
    """

    alert: AlertSummary
    report: msgspec.Raw
    history: list[Entry]
    earlier: list[AlertSummary]
    silent: list[SilentHub] = []
    told: list[Telling] = []

    @property
    def evidence(self) -> Alert:
        """The report, read: `evidence`, `excluded`, `text` and `prompt` are on it."""
        return decode(bytes(self.report), Alert)


class Queue(msgspec.Struct, frozen=True, kw_only=True):
    """What is not resolved, by lane; within a lane the longest waiting first.

    Attributes:
        total: How many there are in each lane, where a lane shows only its first.
        shelved: What is set aside as a nuisance, the soonest to come back first.
    """

    urgent: list[AlertSummary]
    advisory: list[AlertSummary]
    technical: list[AlertSummary]
    total: dict[str, int]
    shelved: list[AlertSummary] = []
