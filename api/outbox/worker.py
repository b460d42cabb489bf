"""Delivers what waits in the outbox; one in every replica, as many at once as there are places.

A message is claimed with a lease that is renewed while it is delivered, so no other worker touches
it while this one lives. One that dies lets its leases run out, and what it was delivering goes out
again, under the same key. Whether a message may still go (consent, who is nudged) is asked here, by
the claim of each try: the one place that every message passes, whoever wrote it and whenever.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import msgspec

from api.channels.protocol import BadSettings, Channel, GiveUp, Gone, Message, Told, TryLater
from api.clock import Clock
from api.operation import story
from api.outbox.patience import Patience
from api.outbox.sql import SQL
from api.refusals import DatabaseAway
from api.store.database import Database
from api.store.reach import CENTRE
from api.store.sealed import Seal, Unsealable
from api.store.stored import Unreadable, read_stored

log = logging.getLogger(__name__)

LOOK_SECONDS = 1.0
DELIVERY_SECONDS = 40.0
"""One delivery at most; then it is called off and tried again."""
LEASE = timedelta(seconds=12)
"""What a worker holds is its own for so long; it renews that while it delivers."""
PLACES = 64
"""Messages that one worker delivers at a time."""
PLACES_EACH = 4
"""Of these, to one destination, from all workers; one, where the last try failed: those that hang
must not hold up the others."""
AWAY = timedelta(seconds=5)
"""Far less than a lease. Where nothing could be claimed for so long, the database was away."""
WARY = timedelta(seconds=15)
"""For so long after that, no lease counts as a dead worker's."""
KEEP_SENT = timedelta(days=7)
KEEP_DEAD = timedelta(days=90)


_LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


def place_of_message(attempt: int) -> str:
    """What a message to one person is sealed to: whom it is for, and what it says."""
    return f"prompt/{attempt}"


def place(organisation: int, name: str, channel: str) -> str:
    """What a destination's secrets are sealed to."""
    return f"destination/{organisation}/{channel}/{name}"


def place_of_subscription(endpoint: bytes) -> str:
    """What a browser's subscription is sealed to: the SHA-256 of its address."""
    return f"push/{endpoint.hex()}"


@dataclass(frozen=True)
class _Claimed:
    id: int
    key: str
    subject: str
    action: str
    lease: UUID
    tries: int
    first_at: datetime
    body: str
    destination: int
    organisation: int
    name: str
    channel: str
    settings: str
    secrets: bytes | None
    attempt: int | None
    secret: bytes | None
    until: datetime | None
    subscription: int | None
    endpoint: bytes | None
    subscribed: bytes | None
    failing: bool
    goes: bool

    def late(self, at: datetime) -> bool:
        """Whether it is not to be tried at `at` any more."""
        return self.until is not None and at > self.until


class Worker:
    """Delivers messages.

    Args:
        database: Where they wait.
        clock: The centre's.
        channels: By name.
        seal: Opens the destinations' secrets; None where the centre has no key.
        random: For the waits between tries; from 0 to 1.
        patience: How long to try; left out, urgent messages are tried oftener than others.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        channels: Mapping[str, Channel[Any]],
        *,
        seal: Seal | None,
        random: Callable[[], float],
        patience: Patience | None = None,
    ) -> None:
        self._database = database
        self._clock = clock
        self._channels = channels
        self._seal = seal
        self._random = random
        self._patience = patience or Patience()
        self._urgent = patience or Patience.for_urgent()
        self._busy: dict[int, asyncio.Task[None]] = {}
        self._held: dict[int, UUID] = {}
        # Leases that may have been stored, and that nobody delivers under.
        self._unheard: deque[UUID] = deque(maxlen=100)
        self._looked_at: datetime | None = None
        self._wary_until = _LONG_AGO

    async def look(self) -> int:
        """Claims what is due and begins to deliver it; how many were begun."""
        free = PLACES - len(self._busy)
        now, lease = self._clock(), uuid4()
        unheard = list(self._unheard)
        self._unheard.append(lease)
        async with self._database.transaction(CENTRE) as connection:
            await connection.execute(SQL.unclaim, unheard)
            held = list(self._held)
            await connection.execute(
                SQL.renew, now + LEASE, now + LEASE / 2, held, [self._held[one] for one in held]
            )
            await connection.execute(SQL.beat, now)
            rows = await connection.fetch(
                SQL.claim, now, now + LEASE, PLACES_EACH, free, self._ran_out(now),
                list(self._busy), lease, now + 2 * timedelta(seconds=self._patience.longest),
            )  # fmt: skip
        self._unheard.clear()
        for row in sorted(rows, key=lambda row: row["id"]):
            claimed = _Claimed(**row)
            self._held[claimed.id] = claimed.lease
            self._busy[claimed.id] = asyncio.create_task(self._try(claimed))
        self._looked_at = now
        return len(rows)

    def _ran_out(self, now: datetime) -> datetime:
        """Leases that ended before this are those of the dead.

        Where the database was away, leases may have run out of workers that live and could not say
        what they had delivered. They are given a little time to do so first.
        """
        if self._looked_at is None or now - self._looked_at > AWAY:
            self._wary_until = now + WARY
        return _LONG_AGO if now < self._wary_until <= now + WARY else now

    async def turn(self) -> None:
        """Claims and delivers for as long as there is more that is due and a place for it."""
        while await self.look():
            await asyncio.wait(
                self._busy.values(), timeout=LOOK_SECONDS, return_when=asyncio.FIRST_COMPLETED
            )

    async def settle(self) -> None:
        """Waits for what was begun."""
        while self._busy:
            await asyncio.gather(*self._busy.values(), return_exceptions=True)

    async def run_dry(self) -> None:
        """Looks until nothing more is due."""
        while await self.look():
            await self.settle()

    async def close(self, seconds: float = 5.0) -> None:
        """Gives what was begun a little time, then calls it off; its lease runs out by itself."""
        if self._busy:
            _, late = await asyncio.wait(self._busy.values(), timeout=seconds)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def forget(self) -> None:
        """Lets go of what was delivered, and later of what was given up."""
        now = self._clock()
        async with self._database.transaction(CENTRE) as connection:
            await connection.execute(SQL.forget, now - KEEP_SENT, now - KEEP_DEAD)

    async def _try(self, claimed: _Claimed) -> None:
        try:
            await self._once(claimed)
        finally:
            del self._busy[claimed.id], self._held[claimed.id]

    async def _once(self, claimed: _Claimed) -> None:
        if not claimed.goes:
            await self._end(SQL.left_out, claimed, self._clock())
            return
        if claimed.late(self._clock()):
            await self._end_dead(claimed, "its time was over before it could be delivered")
            return
        try:
            async with asyncio.timeout(DELIVERY_SECONDS):
                await self._deliver(claimed)
        except TimeoutError:
            await self._later(claimed, "there was no answer in time", None)
        except TryLater as error:
            await self._later(claimed, str(error), error.after)
        except Gone as error:
            await self._forget_address(claimed, str(error))
        except GiveUp as error:
            await self._give_up(claimed, str(error))
        except Exception as error:  # noqa: BLE001 - one message must not end the others
            # Its words may name somebody, so the log gets its kind alone.
            kind = type(error).__name__
            log.error("message %s: %s failed: %s", claimed.id, claimed.channel, kind)  # noqa: TRY400 - it may name a person
            await self._later(claimed, f"a fault of the centre's own: {kind}", None)
        else:
            await self._end(SQL.sent, claimed, self._clock())
            story.delivered(claimed.subject, claimed.action, claimed.destination, claimed.tries)

    async def _deliver(self, claimed: _Claimed) -> None:
        channel = self._channels.get(claimed.channel)
        if channel is None:
            raise TryLater(f"this version of the centre has no channel {claimed.channel}")
        try:
            told = read_stored(claimed.body, Told).known
        except Unreadable as error:
            raise TryLater("this version of the centre cannot read the message") from error
        try:
            given, body = self._settings(claimed), claimed.body.encode()
            if claimed.secret is not None and claimed.attempt is not None:
                # What it says, and of one to a person to whom.
                where = place_of_message(claimed.attempt)
                hidden = self._open(claimed.secret, where, "the message does")
                if "to" in hidden:
                    given[channel.addressee] = hidden.pop("to")
                told = msgspec.structs.replace(told, **hidden)
                body = msgspec.json.encode({**msgspec.json.decode(body), **hidden})
            settings = channel.read(given)
        except (BadSettings, msgspec.ValidationError) as error:
            raise GiveUp(f"the destination's settings will not do: {error}") from error
        message = Message(key=claimed.key, tried_at=self._clock(), body=body, told=told)
        await channel.deliver(message, settings)

    def _settings(self, claimed: _Claimed) -> dict[str, Any]:
        given: dict[str, Any] = msgspec.json.decode(claimed.settings)
        if claimed.secrets is not None:
            where = place(claimed.organisation, claimed.name, claimed.channel)
            given |= self._open(claimed.secrets, where, "the destination's secrets do")
        if claimed.subscribed is not None and claimed.endpoint is not None:
            where = place_of_subscription(claimed.endpoint)
            given |= self._open(claimed.subscribed, where, "the subscription does")
        return given

    def _open(self, sealed: bytes, where: str, what: str) -> dict[str, Any]:
        """What is sealed; `what` of it does, or do, not open, for whoever reads why."""
        if self._seal is None:
            raise TryLater("this replica has no secret key, so it cannot open what is sealed")
        try:
            opened = self._seal.open(sealed, where)
        except Unsealable as error:
            raise TryLater(f"{what} not open with this centre's key") from error
        return msgspec.json.decode(opened, type=dict[str, Any])

    async def _later(self, claimed: _Claimed, reason: str, after: float | None) -> None:
        now = self._clock()
        if claimed.failing:  # it must not keep places from those that take theirs
            await self._give_up(claimed, reason)
            return
        patience = self._urgent if _is_urgent(claimed.body) else self._patience
        if patience.over(claimed.tries, claimed.first_at, now):
            await self._give_up(claimed, f"given up after {claimed.tries} tries: {reason}")
            return
        wait = patience.wait(claimed.tries, after, self._random)
        if claimed.late(now + timedelta(seconds=wait)):
            await self._give_up(claimed, f"given up after {claimed.tries} tries, in time: {reason}")
            return
        await self._end(SQL.later, claimed, now + timedelta(seconds=wait), reason)

    async def _give_up(self, claimed: _Claimed, reason: str) -> None:
        if claimed.subscription is None:
            await self._end_dead(claimed, reason)
            return
        log.info("subscription %s took no nudge", claimed.subscription)
        await self._end(SQL.missed, claimed, self._clock(), reason)

    async def _end_dead(self, claimed: _Claimed, reason: str) -> None:
        log.error(
            "message %s to destination %s by %s is a dead letter after %s tries",
            claimed.id, claimed.destination, claimed.channel, claimed.tries,
        )  # fmt: skip
        await self._end(SQL.dead, claimed, self._clock(), reason)

    async def _forget_address(self, claimed: _Claimed, reason: str) -> None:
        """Ends the subscription of a browser that has left; no other address is ours to remove."""
        if claimed.subscription is None:
            await self._give_up(claimed, reason)
            return
        log.info("subscription %s has left its push service", claimed.subscription)
        await self._end(SQL.unsubscribe, claimed)

    async def _end(self, sql: str, claimed: _Claimed, *rest: Any) -> None:
        """Writes down what became of it; while the database is away, again and again."""
        wait = 0.2
        while True:
            try:
                async with self._database.transaction(CENTRE) as connection:
                    done = await connection.fetchval(sql, claimed.id, claimed.lease, *rest)
            except DatabaseAway:
                await asyncio.sleep(wait)
                wait = min(wait * 2, 5.0)
                continue
            if done is None:  # also where a commit was stored whose answer was lost
                log.warning("message %s had no lease of ours any more", claimed.id)
            return


def _is_urgent(body: str) -> bool:
    lane = msgspec.json.decode(body, type=dict[str, Any]).get("lane")
    return lane == "urgent"
