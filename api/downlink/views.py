"""Configurations and commands as staff and programs see them."""

from datetime import datetime

import msgspec

from contract import HomeSettings


class HubStanding(msgspec.Struct, frozen=True, kw_only=True):
    """How one hub of the home stands with the configuration.

    Attributes:
        applied: The version it runs with; None where it has told of none.
        told: The newest version it has told of.
        state: What it made of that: `applied`, `refused` or `reverted`.
        reason: Why not.
        ignored: What it did not know and left out.
        ahead_at: When it was seen to know more than the centre ever told it, as after a restored
            backup; None where it never was.
        ahead: What it knew then, and what was done about it.
    """

    hub: str
    applied: int | None = None
    told: int | None = None
    state: str = ""
    reason: str = ""
    ignored: list[str] = []
    reported_at: datetime | None = None
    ahead_at: datetime | None = None
    ahead: str = ""


class ConfigurationDetail(msgspec.Struct, frozen=True, kw_only=True):
    """A home's configuration.

    Attributes:
        settings: What staff put.
        edition: How often they have; whoever puts names the one that they looked at.
        version: The newest that its hubs are told; 0 where there is none.
        content: What it says: `settings`, and what the centre composed into it.
        hubs: What became of it.
    """

    home: str
    settings: HomeSettings | None = None
    edition: int = 0
    version: int = 0
    digest: str = ""
    content: msgspec.Raw | None = None
    made_at: datetime | None = None
    hubs: list[HubStanding] = []


class CommandLine(msgspec.Struct, frozen=True, kw_only=True):
    """A command and what became of it.

    Attributes:
        sent_at: When it was first put into an answer to the hub.
        told_at: When the hub, by its next question or its word, first showed that it has it.
        state: `waiting`, `under_way`, `done`, `refused`, `expired`, `unanswered` or `cut_short`.
        said: What the hub said of it, in a sentence.
        alert: The hub's name for the alert that a test raised.
    """

    id: str
    hub: str
    number: int
    kind: str
    body: msgspec.Raw
    issued_at: datetime
    expires_at: datetime
    sent_at: datetime | None
    told_at: datetime | None
    state: str
    said: str
    alert: str
    answered_at: datetime | None


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """One activation of a sensor in a walk test."""

    at: datetime
    sensor: str
    kind: str
    place: str
    value: float


class CommandDetail(msgspec.Struct, frozen=True, kw_only=True):
    """A command with the activations of its walk test, the first ones first."""

    command: CommandLine
    steps: list[Step] = []
