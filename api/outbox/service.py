"""Destinations and what became of the messages to them, for those who look after them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal

import msgspec

from api.alerts.lifecycle import Action
from api.alerts.own import OWN
from api.audit.note import ORGANISATION, note
from api.channels.protocol import HEARTBEAT, PROMPT, BadSettings, Channel
from api.clock import Clock
from api.outbox.sql import SQL
from api.outbox.worker import place
from api.refusals import Invalid, NotFound
from api.store.database import Connection, Database
from api.store.reach import CENTRE, Reach
from api.store.sealed import Seal
from contract import Condition

USUAL = ("raise", "escalate", "resolve", "withdraw", "clear")
"""What a destination is told where it names no actions."""
KNOWN = {
    "lane": ("urgent", "advisory", "technical"),
    "condition": (*Condition, *sorted(OWN - set(Condition))),
    "action": ("raise", "report", "clear", *Action, HEARTBEAT, "request", PROMPT),
}
"""What a destination may name. By a word that nobody says it would be told nothing, for ever."""
_MANY = 2**62


class DestinationLine(msgspec.Struct, frozen=True, kw_only=True):
    """A destination and how it fares; nothing of its settings.

    Attributes:
        waiting_since: When the oldest message that waits was written.
        dead: Messages that were given up and that nobody has had tried again.
        purpose: For what it is told, where a home's consent is asked.
        left_out: Homes of which it was not told something in the last week, for want of consent.
    """

    destination: int
    organisation: int
    name: str
    channel: str
    lanes: list[str]
    conditions: list[str]
    actions: list[str]
    heartbeat_s: int | None
    enabled: bool
    delivered: int
    retried: int
    gave_up: int
    waiting: int
    waiting_since: datetime | None
    dead: int
    purpose: str | None
    left_out: int


class DeadLetter(msgspec.Struct, frozen=True, kw_only=True):
    """A message that was given up, and why. Not what it said."""

    id: int
    destination: str
    subject: str
    action: str
    home: str | None
    written_at: datetime
    tries: int
    ended_at: datetime
    reason: str | None


class OutboxView(msgspec.Struct, frozen=True, kw_only=True):
    """The destinations within reach and the newest dead letters."""

    destinations: list[DestinationLine]
    dead_letters: list[DeadLetter]


class Wanted(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A destination as somebody writes it down.

    Attributes:
        lanes, conditions: Of which alerts it is told; all where none is named.
        actions: Of which steps; the usual where left out, all where the list is empty.
        heartbeat_s: How often it is told that the centre is alive, in seconds.
        purpose: `care_team` or `family`, where it is told for that: then only of homes that have
            agreed to it. None where it is the centre's own, or answers its calls.
        settings: Its channel's, secrets among them.
    """

    name: str
    channel: str
    lanes: list[str] = []
    conditions: list[str] = []
    actions: list[str] = msgspec.field(default_factory=lambda: list(USUAL))
    heartbeat_s: int | None = None
    purpose: Literal["care_team", "family"] | None = None
    settings: dict[str, Any]


class Outbox:
    """What is seen of the outbox, and set at the centre's own machine: noted as of `command`.

    What staff set of it stands in :mod:`api.outbox.destinations`.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        channels: Mapping[str, Channel[Any]],
        seal: Seal | None,
    ) -> None:
        self._database = database
        self._clock = clock
        self._channels = channels
        self._seal = seal

    async def set(self, organisation: int, wanted: Wanted) -> int:
        """Adds a destination, or sets the one of that name anew; its number.

        Raises:
            Invalid: It will not do; the sentence says what is allowed.
        """
        plain, sealed = parts(self._channels, self._seal, organisation, wanted)
        async with self._database.transaction(CENTRE) as connection:
            number: int = await connection.fetchval(
                SQL.add, organisation, wanted.name, wanted.channel, wanted.lanes,
                wanted.conditions, wanted.actions, wanted.heartbeat_s,
                plain, sealed, wanted.purpose,
            )  # fmt: skip
            await self._noted(connection, organisation, "destination.set", number)
        return number

    async def enable(self, organisation: int, name: str, *, on: bool) -> None:
        """Turns a destination on or off. While off nothing is written for it, or sent to it.

        Raises:
            NotFound: There is none of that name.
        """
        async with self._database.transaction(CENTRE) as connection:
            number = await connection.fetchval(SQL.enable, organisation, name, on)
            if number is None:
                raise NotFound(f"There is no destination {name}.")
            action = "destination.on" if on else "destination.off"
            await self._noted(connection, organisation, action, number)

    async def view(self, reach: Reach, *, limit: int = 200, before: int = _MANY) -> OutboxView:
        """The destinations within reach, and the newest dead letters before number `before`."""
        async with self._database.transaction(reach) as connection:
            destinations = await connection.fetch(SQL.destinations)
            dead = await connection.fetch(SQL.dead_letters, limit, before)
        return OutboxView(
            destinations=[DestinationLine(**row) for row in destinations],
            dead_letters=[DeadLetter(**row) for row in dead],
        )

    async def again(self, reach: Reach, message: int) -> None:
        """Has a dead letter tried again, from the first try.

        Raises:
            NotFound: There is no dead letter of that number.
        """
        async with self._database.transaction(reach) as connection:
            organisation = await connection.fetchval(SQL.again, message)
            if organisation is None:
                raise NotFound(f"There is no dead letter {message}.")
            said, now = f"message {message}", self._clock()
            await note(connection, now, "outbox.again", ORGANISATION, organisation, detail=said)

    async def _noted(
        self, connection: Connection, organisation: int, action: str, number: int
    ) -> None:
        await note(
            connection, self._clock(), action, ORGANISATION, organisation,
            detail=f"destination {number}", actor="command",
        )  # fmt: skip


def parts(
    channels: Mapping[str, Channel[Any]], seal: Seal | None, organisation: int, wanted: Wanted
) -> tuple[str, bytes | None]:
    """The settings of a destination as they are stored: what is no secret, and the rest sealed.

    Raises:
        Invalid: It will not do; the sentence says what is allowed.
    """
    channel = _check(channels, wanted)
    plain = {k: v for k, v in wanted.settings.items() if k not in channel.secrets}
    secret = {k: v for k, v in wanted.settings.items() if k in channel.secrets}
    sealed = None
    if secret:
        if seal is None:
            raise Invalid("Set secret_key_file first: these settings hold secrets.")
        where = place(organisation, wanted.name, wanted.channel)
        sealed = seal.close(msgspec.json.encode(secret), where)
    return msgspec.json.encode(plain).decode(), sealed


def _check(channels: Mapping[str, Channel[Any]], wanted: Wanted) -> Channel[Any]:
    channel = channels.get(wanted.channel)
    if channel is None:
        there = _names(channels)
        raise Invalid(f"There is no channel {wanted.channel}; there are {there}.")
    named = {"lane": wanted.lanes, "condition": wanted.conditions, "action": wanted.actions}
    for what, words in named.items():
        if odd := set(words) - set(KNOWN[what]):
            there = ", ".join(KNOWN[what])
            raise Invalid(f"There is no {what} {_names(odd)}; there are {there}.")
    if not wanted.name.strip():
        raise Invalid("A destination needs a name.")
    if wanted.heartbeat_s is not None and wanted.heartbeat_s < 1:
        raise Invalid("heartbeat_s is a number of seconds, from 1.")
    if wanted.heartbeat_s is not None and channel.subscribed:
        raise Invalid(f"{wanted.channel} goes to people: leave heartbeat_s out.")
    if PROMPT in wanted.actions and not channel.addressee:
        raise Invalid(f"{wanted.channel} cannot send a message to one person.")
    to = channel.addressee
    if to and not wanted.settings.get(to) and wanted.actions != [PROMPT]:
        raise Invalid(f"The settings will not do: {wanted.channel} needs {to}.")
    try:
        channel.read(wanted.settings)
    except BadSettings as error:
        raise Invalid(f"The settings will not do: {error}.") from error
    return channel


def _names(names: Mapping[str, Any] | Sequence[str] | set[str]) -> str:
    return ", ".join(sorted(names))
