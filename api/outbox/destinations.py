"""Who else is told, as administrators set it: added, changed, switched off, tried now.

A secret is taken in, and never shown again. Where messages are sent elsewhere it is asked for anew,
so that nobody has one that others typed sent to a place of their own.
"""

import asyncio
from collections.abc import Callable, Collection, Mapping
from hashlib import sha256
from typing import Any
from uuid import uuid4

import msgspec

from api.audit.note import ORGANISATION, note
from api.channels.protocol import TEST, BadSettings, Channel, GiveUp, Message, Told, TryLater
from api.clock import Clock
from api.identity.fresh import check_fresh
from api.identity.people import Member
from api.identity.permissions import Permission
from api.identity.wide import everywhere
from api.outbox.service import Wanted, parts
from api.outbox.sql import SQL
from api.outbox.worker import place
from api.refusals import Conflict, Invalid, NotAllowed, NotFound
from api.store.database import Connection, Database
from api.store.reach import for_all
from api.store.sealed import Seal, Unsealable

MOST_SECONDS = 20.0
"""For a try that somebody waits for."""
SAYS = "This is a test of the monitoring centre. Nobody needs help."


class DestinationDetail(msgspec.Struct, frozen=True, kw_only=True):
    """A destination with its settings, but for what is secret.

    Attributes:
        settings: Its channel's.
        kept: Which secrets it has.
        version: Another one for other settings; whoever changes them says which they looked at.
    """

    destination: int
    organisation: int
    of_organisation: str
    name: str
    channel: str
    lanes: list[str]
    conditions: list[str]
    actions: list[str]
    heartbeat_s: int | None
    enabled: bool
    purpose: str | None
    settings: dict[str, Any]
    kept: list[str]
    version: str


class Answer(msgspec.Struct, frozen=True):
    """What the other side made of a test; `reason` where it did not take it."""

    taken: bool
    reason: str = ""


class Destinations:
    """The destinations of organisations, for their administrators.

    Adding and changing one is for whoever looks after every organisation, and signed in a moment
    ago: it decides who hears of whom, and has the centre call where they say.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        channels: Mapping[str, Channel[Any]],
        seal: Seal | None,
        key: Callable[[], object] = uuid4,
    ) -> None:
        self._database = database
        self._clock = clock
        self._channels = channels
        self._seal = seal
        self._key = key

    @property
    def channels(self) -> Mapping[str, Channel[Any]]:
        """Those that there are, by name."""
        return self._channels

    async def may_set(self, by: Member) -> bool:
        """Whether somebody may add and change destinations."""
        if not by.may(Permission.MANAGE_OUTBOX):
            return False
        async with self._database.transaction(for_all()) as connection:
            return await everywhere(connection, by)

    async def one(self, by: Member, destination: int) -> DestinationDetail:
        """One of them.

        Raises:
            NotAllowed: It is not for this role.
            NotFound: There is none of that number within reach.
        """
        by.demand(Permission.MANAGE_OUTBOX)
        async with self._database.transaction(for_all()) as connection:
            found, secrets = await self._found(connection, by, destination)
            await self._note(connection, by, "destination.read", found)
        return msgspec.structs.replace(found, kept=sorted(secrets))

    async def add(self, by: Member, organisation: int, wanted: Wanted) -> int:
        """Adds one; its number.

        Raises:
            NotAllowed: It is not for this role, or they look after some organisations alone.
            NotFound: They do not look after it.
            Invalid: It will not do; the sentence says what is allowed.
            Conflict: There is one of that name, or they signed in too long ago.
        """
        by.demand(Permission.MANAGE_OUTBOX)
        if organisation not in by.organisations:
            raise NotFound(f"There is no organisation {organisation}.")
        plain, sealed = parts(self._channels, self._seal, organisation, wanted)
        self._check_inside(wanted.channel, {}, wanted.settings)
        async with self._database.transaction(for_all()) as connection:
            await self._check_wide(connection, by)
            number = await connection.fetchval(
                SQL.add_new, organisation, wanted.name, wanted.channel, wanted.lanes,
                wanted.conditions, wanted.actions, wanted.heartbeat_s, plain, sealed,
                wanted.purpose,
            )  # fmt: skip
            if number is None:
                raise Conflict(f"There is already a destination {wanted.name}.")
            found, _ = await self._found(connection, by, number)
            await self._note(connection, by, "destination.set", found)
        return int(found.destination)

    async def change(
        self, by: Member, destination: int, wanted: Wanted, *, keep: Collection[str], version: str
    ) -> None:
        """Sets one anew; its name and channel stay.

        Args:
            by: Who does.
            destination: Which.
            wanted: What it is to be; its name and channel are passed over.
            keep: Secrets that stay as they are.
            version: Of what was looked at.

        Raises:
            NotAllowed, NotFound: As :meth:`one`, or they look after some organisations alone.
            Invalid: It will not do, or a secret must be typed anew.
            Conflict: Somebody has changed it meanwhile, or they signed in too long ago.
        """
        by.demand(Permission.MANAGE_OUTBOX)
        async with self._database.transaction(for_all()) as connection:
            await connection.execute(SQL.hold, destination)
            found, secrets = await self._found(connection, by, destination)
            await self._check_wide(connection, by)
            if found.version != version:
                raise Conflict("Somebody has changed it meanwhile. Look at it again.")
            kept = {name: value for name, value in secrets.items() if name in keep}
            self._check_inside(found.channel, found.settings, wanted.settings)
            if kept and self._elsewhere(found.channel, found.settings, wanted.settings):
                raise Invalid(
                    "It would go elsewhere from now on: type its secrets anew, or leave them out."
                )
            wanted = msgspec.structs.replace(
                wanted, name=found.name, channel=found.channel, settings=wanted.settings | kept
            )
            plain, sealed = parts(self._channels, self._seal, found.organisation, wanted)
            await connection.execute(
                SQL.change, destination, wanted.lanes, wanted.conditions, wanted.actions,
                wanted.heartbeat_s, plain, sealed, wanted.purpose,
            )  # fmt: skip
            await self._note(connection, by, "destination.set", found)

    async def switch(self, by: Member, destination: int, *, on: bool) -> None:
        """Turns one on or off. While off nothing is written for it, or sent to it.

        Raises:
            NotAllowed, NotFound: As :meth:`one`.
        """
        by.demand(Permission.MANAGE_OUTBOX)
        async with self._database.transaction(for_all()) as connection:
            found, _ = await self._found(connection, by, destination)
            await connection.execute(SQL.switch, destination, on)
            await self._note(connection, by, f"destination.{'on' if on else 'off'}", found)

    async def try_now(self, by: Member, destination: int) -> Answer:
        """Sends one a test that names nobody, at once and beside the outbox; what it answered.

        Raises:
            NotAllowed, NotFound: As :meth:`one`.
            Conflict: It cannot be tried so.
        """
        by.demand(Permission.MANAGE_OUTBOX)
        async with self._database.transaction(for_all()) as connection:
            found, secrets = await self._found(connection, by, destination)
            await self._note(connection, by, "destination.try", found)
        channel, settings = self._channel(found.channel), found.settings | secrets
        if channel.subscribed:
            raise Conflict("It goes to the browsers of staff: each tries their own.")
        if channel.addressee and not settings.get(channel.addressee):
            raise Conflict("It sends to one person at a time, and has no number of its own.")
        now = self._clock()
        told = Told(
            action=TEST, at=now, organisation=found.of_organisation, condition="test_alert",
            text=SAYS,
        )  # fmt: skip
        body = msgspec.json.encode({"v": 1, **msgspec.to_builtins(told)})
        message = Message(key=f"{self._key()}", tried_at=now, body=body, told=told)
        return await _tried(channel, message, settings)

    async def _found(
        self, connection: Connection, by: Member, destination: int
    ) -> tuple[DestinationDetail, dict[str, Any]]:
        """One of them, and its secrets."""
        row = await connection.fetchrow(SQL.one, destination, list(by.organisations))
        if row is None:
            raise NotFound(f"There is no destination {destination}.")
        said = dict(row)
        sealed, plain = said.pop("secrets"), msgspec.json.decode(said.pop("settings"))
        version = sha256(msgspec.json.encode([said, plain]) + (sealed or b"")).hexdigest()[:16]
        detail = DestinationDetail(**said, settings=plain, kept=[], version=version)
        return detail, self._opened(detail, sealed)

    def _opened(self, found: DestinationDetail, sealed: bytes | None) -> dict[str, Any]:
        if sealed is None:
            return {}
        if self._seal is None:
            raise Conflict("This replica has no secret key: set secret_key_file first.")
        where = place(found.organisation, found.name, found.channel)
        try:
            opened = self._seal.open(sealed, where)
        except Unsealable as error:
            raise Conflict("Its secrets do not open with this centre's key.") from error
        return msgspec.json.decode(opened, type=dict[str, Any])

    async def _check_wide(self, connection: Connection, by: Member) -> None:
        if not await everywhere(connection, by):
            raise NotAllowed(
                "Only who looks after every organisation may say whom the centre tells."
            )
        await check_fresh(connection, by, self._clock())

    def _check_inside(self, channel: str, was: dict[str, Any], wanted: dict[str, Any]) -> None:
        """What reaches into the centre's machine or network is set there, and stays as it was."""
        inside = self._channel(channel).at_machine
        if any((wanted.get(one) or None) != (was.get(one) or None) for one in inside):
            named = " and ".join(sorted(inside))
            raise Invalid(f"{named} is set at the centre's own machine: telecare-api outbox --set.")
        if any(was.get(one) for one in inside) and self._elsewhere(channel, was, wanted):
            raise Invalid(
                "It may reach into the centre's own network: where it goes is changed at the "
                "centre's own machine, by telecare-api outbox --set."
            )

    def _elsewhere(self, channel: str, was: dict[str, Any], wanted: dict[str, Any]) -> bool:
        known = self._channel(channel)
        usual = {one.name: one.default for one in msgspec.structs.fields(known.settings)}
        return any(was.get(one, usual[one]) != wanted.get(one, usual[one]) for one in known.leads)

    def _channel(self, name: str) -> Channel[Any]:
        channel = self._channels.get(name)
        if channel is None:
            raise Conflict(f"This version of the centre has no channel {name}.")
        return channel

    async def _note(
        self, connection: Connection, by: Member, action: str, found: DestinationDetail
    ) -> None:
        await note(
            connection, self._clock(), action, ORGANISATION, found.organisation,
            detail=f"destination {found.destination}", actor=by.actor,
        )  # fmt: skip


async def _tried(channel: Channel[Any], message: Message, settings: dict[str, Any]) -> Answer:
    try:
        async with asyncio.timeout(MOST_SECONDS):
            await channel.deliver(message, channel.read(settings))
    except TimeoutError:
        return Answer(taken=False, reason="there was no answer in time")
    except BadSettings as error:
        return Answer(taken=False, reason=f"its settings will not do: {error}")
    except (TryLater, GiveUp) as error:
        return Answer(taken=False, reason=f"{error}")
    return Answer(taken=True)
