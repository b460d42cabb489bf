"""Every column in which the centre seals something, and how a row of it is sealed anew."""

from collections.abc import Callable, Mapping
from typing import NamedTuple

import asyncpg

from api.alerts.rows import place_of_alert
from api.cohorts.service import place_of_calls
from api.identity.second_factor import place_of_factor
from api.outbox.worker import place, place_of_message, place_of_subscription
from api.people.sealing import place_of, place_of_said
from api.push.service import PLACE_OF_KEY
from api.response.checklist import place_of_note
from api.response.contacts import place_of_contacts
from api.response.follow_ups import place_of_tasks
from api.response.key_safe import place_of_looks, place_of_safe
from api.response.plans import place_of_plans
from api.store.cover import kept_in
from api.store.database import Connection

UNCHANGING: Mapping[str, str] = {
    "consent": "select reseal_consent($1, $2, $3, $4)",
    "alert_history": "select reseal_history($1, $2, $3)",
}
"""Of these the centre may change nothing else, by these functions, and so may not lock them."""


class Kept(NamedTuple):
    """A column in which something is sealed.

    Attributes:
        key: The columns by which a row is found.
        needed: Those that its place is made of, beside the key.
        place: What a row's value is sealed to.
        plain: Where earlier versions wrote the same as plain text, which is sealed as well.
    """

    table: str
    column: str
    key: tuple[str, ...]
    needed: tuple[str, ...]
    place: Callable[[asyncpg.Record], str]
    plain: str = ""

    @property
    def name(self) -> str:
        """As the audit log names it."""
        return f"{self.table}.{self.column}"

    @property
    def columns(self) -> str:
        """What is read of a row: all that finds and opens it."""
        plain = self.plain or "''"
        values = f"{self.column} as sealed_value, {plain} as plain_value"
        return ", ".join((*self.key, *self.needed, values))


KEPT: tuple[Kept, ...] = (
    Kept("second_factor", "secret", ("staff",), (), lambda row: place_of_factor(row["staff"])),
    Kept(
        "destination", "secrets", ("destination",), ("organisation", "name", "channel"),
        lambda row: place(row["organisation"], row["name"], row["channel"]),
    ),
    Kept("outbox", "secret", ("id",), ("attempt",), lambda row: place_of_message(row["attempt"])),
    Kept("push_key", "sealed", ("one",), (), lambda _: PLACE_OF_KEY),
    Kept(
        "push_subscription", "sealed", ("subscription",), ("endpoint",),
        lambda row: place_of_subscription(row["endpoint"]),
    ),
    Kept("resident", "sealed", ("resident",), (), lambda row: place_of(f"{row['resident']}")),
    Kept(
        "consent", "sealed", ("resident", "version"), (),
        lambda row: place_of_said(f"{row['resident']}", row["version"]),
    ),
    Kept(
        "response_plan", "steps", ("plan",), ("home", "organisation"),
        lambda row: place_of_plans(row["home"], row["organisation"]),
    ),
    Kept("contact", "body", ("contact",), ("home",), lambda row: place_of_contacts(row["home"])),
    Kept(
        "response_attempt", "note", ("attempt",), ("alert",),
        lambda row: place_of_note(row["alert"]),
    ),
    Kept("key_safe", "body", ("home",), (), lambda row: place_of_safe(row["home"])),
    Kept("key_safe_look", "reason", ("look",), ("home",), lambda row: place_of_looks(row["home"])),
    Kept("follow_up", "what", ("follow_up",), ("home",), lambda row: place_of_tasks(row["home"])),
    Kept("follow_up", "note", ("follow_up",), ("home",), lambda row: place_of_tasks(row["home"])),
    # In the order in which ingest and steps lock a home's alerts, so that nobody waits in a ring.
    Kept(
        "alert", "words", ("raised_at", "ref", "id"), (), lambda row: place_of_alert(row["id"]),
        "reason",
    ),
    Kept(
        "alert_history", "words", ("id",), ("alert",), lambda row: place_of_alert(row["alert"]),
        "note",
    ),
    Kept(
        "cohort_contact", "words", ("id",), ("home",), lambda row: place_of_calls(row["home"]),
        "note",
    ),
)  # fmt: skip
"""Every column in which the centre seals something; a test looks for others."""


def kept_of(row: asyncpg.Record) -> bytes:
    """What a row of :attr:`Kept.columns` keeps."""
    return kept_in(row["plain_value"], row["sealed_value"]) or b""


async def put(connection: Connection, kept: Kept, row: asyncpg.Record, sealed: bytes) -> bool:
    """Puts `sealed` in the place of what was read; whether that still stood there."""
    was, key = kept_of(row), [row[name] for name in kept.key]
    if by_function := UNCHANGING.get(kept.table):
        return bool(await connection.fetchval(by_function, *key, was, sealed))
    return bool(await connection.fetchval(_update(kept), sealed, was, *key))


def _update(kept: Kept) -> str:
    found = " and ".join(f"{name} = ${at}" for at, name in enumerate(kept.key, 3))
    emptied = f", {kept.plain} = ''" if kept.plain else ""
    plainly = f" or {kept.plain} <> ''" if kept.plain else ""
    return (
        f"update {kept.table} set {kept.column} = $1{emptied} "  # noqa: S608 - names of ours
        f"where {found} and ({kept.column} = $2{plainly}) returning true"
    )
