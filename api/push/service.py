"""Whose browsers are nudged, and the key by which push services know the centre."""

import hashlib
from datetime import UTC, datetime

import httpx
import msgspec

from api.audit.note import STAFF, note
from api.channels.http import check_url
from api.channels.protocol import TEST, BadSettings
from api.channels.webpush import vapid
from api.channels.webpush.deliver import check_keys
from api.clock import Clock
from api.identity.people import Member
from api.outbox.worker import place_of_subscription
from api.push.sql import SQL
from api.refusals import Conflict, Invalid, NotFound
from api.store.database import Database
from api.store.reach import CENTRE, for_all
from api.store.sealed import Seal, Unsealable

MOST = 10
"""Browsers that one member of staff may have nudged."""
MAX_NAME = 80
LONGEST = 2000
"""Characters of a browser's address."""
PLACE_OF_KEY = "push/key"
_BEYOND = datetime(2200, 1, 1, tzinfo=UTC).timestamp() * 1000


class PushKey(msgspec.Struct, frozen=True, kw_only=True):
    """What a page gives its browser as `applicationServerKey`, in base64url."""

    key: str


class BrowserKeys(msgspec.Struct, frozen=True, kw_only=True):
    """A browser's public key and secret, in base64url."""

    p256dh: str
    auth: str


class Subscribe(msgspec.Struct, frozen=True, kw_only=True):
    """A subscription as a browser writes it (`PushSubscription.toJSON()`), with a name for it.

    Attributes:
        endpoint: The browser's address at its push service.
        keys: By which it alone reads what is sent.
        expiration_time: Until when it is good, in milliseconds since 1970; null for no end.
        name: What its user calls the browser, such as "Desk 3".
    """

    endpoint: str
    keys: BrowserKeys
    expiration_time: float | None = msgspec.field(name="expirationTime", default=None)
    name: str = ""


class Subscribed(msgspec.Struct, frozen=True, kw_only=True):
    """The number of a subscription, by which it is ended."""

    id: int


class Subscription(msgspec.Struct, frozen=True, kw_only=True):
    """A browser that is nudged.

    Attributes:
        address: The SHA-256 of the browser's address, in hex: by it a page knows its own browser.
        service: The host that takes the messages for it.
        heard_at: When that last took one; null for never.
        failing_since: When one was given up, and none was taken after it; null while all is well.
        failing_why: Why the last one was given up.
    """

    id: int
    address: str
    name: str
    service: str
    added_at: datetime
    expires_at: datetime | None = None
    heard_at: datetime | None = None
    failing_since: datetime | None = None
    failing_why: str = ""


class Push:
    """Subscriptions of staff."""

    def __init__(self, database: Database, clock: Clock, seal: Seal | None) -> None:
        self._database = database
        self._clock = clock
        self._seal = seal

    async def key(self) -> PushKey:
        """The centre's public key; its own half is made when it is first asked for.

        Raises:
            Conflict: There is nothing to seal it with, or it does not open.
        """
        return PushKey(key=vapid.public(vapid.read_key(await self._private_key())))

    async def subscribe(self, asked: Subscribe, by: Member) -> Subscribed:
        """Has a browser nudged for `by`; the same browser again is no second one.

        Raises:
            Invalid: It is no subscription.
            Conflict: They have as many as one may, or the centre has no key.
        """
        url, until = _check(asked)
        private = await self._private_key()
        endpoint, now = hashlib.sha256(asked.endpoint.encode()).digest(), self._clock()
        # With the key that the browser was given: another one later is for those who come later.
        held = {
            "endpoint": asked.endpoint, "p256dh": asked.keys.p256dh,
            "auth": asked.keys.auth, "key": private,
        }  # fmt: skip
        sealed = self._sealing().close(msgspec.json.encode(held), place_of_subscription(endpoint))
        async with self._database.transaction(for_all()) as connection:
            if await connection.fetchval(SQL.count, by.id, endpoint) >= MOST:
                raise Conflict(f"You have {MOST} browsers that are nudged. Take one away first.")
            number = await connection.fetchval(
                SQL.subscribe, by.id, endpoint, asked.name.strip(), url.host, sealed, now, until
            )
            await note(connection, now, "push.subscribe", STAFF, by.id, actor=by.actor)
        return Subscribed(id=number)

    async def of(self, by: Member) -> list[Subscription]:
        """One's own, the newest first."""
        async with self._database.transaction(CENTRE) as connection:
            rows = await connection.fetch(SQL.subscriptions, by.id)
        return [Subscription(**row) for row in rows]

    async def unsubscribe(self, number: int, by: Member) -> None:
        """Ends one of one's own; what waits for that browser goes with it.

        Raises:
            NotFound: They have none of that number.
        """
        async with self._database.transaction(for_all()) as connection:
            if await connection.fetchval(SQL.unsubscribe, number, by.id) is None:
                raise NotFound(f"You have no subscription {number}.")
            await note(connection, self._clock(), "push.unsubscribe", STAFF, by.id, actor=by.actor)

    async def wired(self, by: Member) -> bool:
        """Whether anything is sent to browsers of staff who look after what `by` does."""
        async with self._database.transaction(CENTRE) as connection:
            return await connection.fetchval(SQL.outlet, by.organisations) is not None

    async def test(self, number: int, by: Member) -> None:
        """Sends one of one's own a nudge that says it is a test, the way that all of them go.

        Raises:
            NotFound: They have none of that number.
            Conflict: No destination sends anything to them.
        """
        async with self._database.transaction(for_all()) as connection:
            if await connection.fetchval(SQL.owned, number, by.id) is None:
                raise NotFound(f"You have no subscription {number}.")
            outlet = await connection.fetchval(SQL.outlet, by.organisations)
            if outlet is None:
                raise Conflict(
                    "Nothing is sent to browsers for your organisations: the operator must set a "
                    "destination of the channel webpush."
                )
            now = self._clock()
            await connection.execute(SQL.try_out, number, outlet, TEST, now)
            await note(connection, now, "push.test", STAFF, by.id, actor=by.actor)

    async def forget(self) -> None:
        """Lets go of those whose own time is over."""
        async with self._database.transaction(CENTRE) as connection:
            await connection.execute(SQL.forget, self._clock())

    async def _private_key(self) -> str:
        seal = self._sealing()
        async with self._database.transaction(CENTRE) as connection:
            sealed = await connection.fetchval(SQL.key)
            if sealed is None:
                fresh = seal.close(vapid.new_key().encode(), PLACE_OF_KEY)
                await connection.execute(SQL.add_key, fresh)
                sealed = await connection.fetchval(SQL.key)  # another replica's, where it was first
        try:
            return seal.open(sealed, PLACE_OF_KEY).decode()
        except Unsealable as error:
            raise Conflict(
                "The key for nudges does not open: the operator must check secret_key_file."
            ) from error

    def _sealing(self) -> Seal:
        if self._seal is None:
            raise Conflict("This centre has no key for it: its operator must set secret_key_file.")
        return self._seal


def _check(asked: Subscribe) -> tuple[httpx.URL, datetime | None]:
    if len(asked.name.strip()) > MAX_NAME or not asked.name.isprintable():
        raise Invalid(f"name must have at most {MAX_NAME} printable characters.")
    if len(asked.endpoint) > LONGEST or not asked.endpoint.isascii():
        raise Invalid(f"endpoint must have at most {LONGEST} characters of ASCII.")
    try:
        # Where it may lead is for the destination to say, when something is sent there.
        check_url(asked.endpoint, allow_private=True)
        check_keys(asked.keys.p256dh, asked.keys.auth)
    except BadSettings as error:
        raise Invalid(f"This is no subscription: {error}.") from error
    until = asked.expiration_time
    if until is not None and not 0 <= until < _BEYOND:
        raise Invalid("expirationTime must be milliseconds since 1970, or null.")
    ends = None if until is None else datetime.fromtimestamp(until / 1000, UTC)
    return httpx.URL(asked.endpoint), ends
