"""People as staff see them: what the JSON API sends and the console draws."""

from datetime import date, datetime
from typing import Any

import msgspec

from api.people.identity import Identity
from api.people.risk import RiskRecord


class RiskVersion(msgspec.Struct, frozen=True, kw_only=True):
    """One version of what is on record of a person's health.

    Attributes:
        unread: What of it a newer version of the centre has put there and this one cannot read.
    """

    version: int
    record: RiskRecord
    unread: list[str] = []
    put_at: datetime
    by: str


class ConsentVersion(msgspec.Struct, frozen=True, kw_only=True):
    """One version of a consent: given, withdrawn, or found expired by the centre (`by` empty)."""

    version: int
    state: str
    conditions: list[str]
    sensors: list[str]
    purposes: list[str]
    given_by: str
    given_on: date
    expires_on: date | None
    who: str
    note: str
    put_at: datetime
    by: str


class Resident(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who lives in a home.

    Attributes:
        resident: A pseudonym; the audit log names it.
        version: Rises with each change of the identity.
        identity: None where it cannot be opened with the centre's keys.
        age: The band that hubs are told, from the date of birth.
        risk: Every version of the risk profile, the newest first.
        consents: Every version, the newest first.
    """

    resident: str
    version: int
    identity: Identity | None
    age: str | None
    added_at: datetime
    changed_at: datetime
    risk: list[RiskVersion]
    consents: list[ConsentVersion]


class HubTold(msgspec.Struct, frozen=True, kw_only=True):
    """What one hub made of a pause or an absence; `lost` where it should have answered by now."""

    hub: str
    kind: str
    state: str
    lost: bool


class Spell(msgspec.Struct, frozen=True, kw_only=True):
    """A pause or an absence.

    Attributes:
        standing: `planned`, `told`, `in_force`, `lost`, `no_hub`, `over` or `over_lost`.
        ended_by: Who ended it; empty where its time was over.
    """

    spell: int
    kind: str
    wish: str
    starts_at: datetime
    until: datetime
    set_at: datetime
    set_by: str
    begun_at: datetime | None
    ended_at: datetime | None
    ended_by: str
    standing: str
    hubs: list[HubTold]


class HubRuns(msgspec.Struct, frozen=True, kw_only=True):
    """What a hub really watches with.

    Attributes:
        newest: Whether it runs with the newest configuration.
        ignored: Parts that it did not understand: a hub that ignores `off` watches on.
    """

    hub: str
    newest: bool
    ignored: list[str]


class HomePeople(msgspec.Struct, frozen=True, kw_only=True):
    """Who lives in a home and all that is on record of them.

    Attributes:
        off: Conditions that the hubs are told not to watch for.
        not_agreed: Kinds of sensors that are fitted and that somebody did not agree to.
        sharing: For what its data may be shared today.
        risk: As the hubs are told it.
    """

    home: str
    residents: list[Resident]
    off: list[str]
    not_agreed: list[str]
    sharing: list[str]
    risk: RiskRecord
    hubs: list[HubRuns]


class Name(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody is called, and how to speak to them."""

    called: str
    address_as: str


class Wanting(msgspec.Struct, frozen=True, kw_only=True):
    """Something about a home's people that wants doing.

    Attributes:
        what: `nobody`, `no_consent`, `withdrawn`, `expired`, `expires` or `lost`.
        due: By when, where there is a day.
    """

    home: str
    label: str
    what: str
    due: date | None = None


class Words(msgspec.Struct, frozen=True, kw_only=True):
    """What one row holds sealed, opened by the room that keeps it.

    Attributes:
        table, number: Which row.
        words: What it says. Of a key safe only where it is: its code opens a door.
    """

    table: str
    number: int
    words: Any
