"""Whether others took what they were told of an alert, for whoever asks, also years later."""

from datetime import datetime
from enum import StrEnum

import msgspec

from api.channels.registry import reference
from api.outbox.sql import SQL
from api.store.database import Connection

MOST = 500
"""Messages that are shown of one alert."""


class Reached(StrEnum):
    """What came of one message."""

    WAITING = "waiting"  # not taken yet
    TAKEN = "taken"  # the other side said so
    GIVEN_UP = "given_up"
    LEFT_OUT = "left_out"  # not sent, for want of consent


_STATES = {
    "waiting": Reached.WAITING, "sent": Reached.TAKEN, "dead": Reached.GIVEN_UP,
    "left_out": Reached.LEFT_OUT,
}  # fmt: skip


class Telling(msgspec.Struct, frozen=True, kw_only=True):
    """That a destination was to be told of one step of an alert, and what came of it.

    Attributes:
        destination, channel: Its name, and its way out.
        action: What it was told: `raise`, `report`, `clear` or a step of the alert's history.
        version: The alert's, once that was so.
        written_at: When the message was written, with the step itself.
        taken_at: When it said that it took it; None where it has not.
        given_up_at: When it was given up, where it was.
        tries: How many there were.
        key: By what it knows the message, such as the `ref` of SCAIP; empty where it goes to many.
        reason: Why it was not taken, or not at the last try. Names nobody.
        browsers: How many took it, where it goes to the browsers of staff.
    """

    destination: str
    channel: str
    action: str
    version: int
    written_at: datetime
    state: Reached
    taken_at: datetime | None
    given_up_at: datetime | None
    tries: int
    key: str
    reason: str
    browsers: int | None


async def tellings(connection: Connection, alert: int) -> list[Telling]:
    """Of one alert, the oldest first; of more than `MOST` the newest, and steps before reports."""
    rows = await connection.fetch(SQL.told, alert, MOST)
    found = []
    for row in rows:
        state, key = _STATES[row["state"]], row["key"]
        known = reference(row["channel"], key) if key else ""
        reason = "" if state is Reached.TAKEN else row["reason"] or ""
        found.append(Telling(**{**row, "state": state, "key": known, "reason": reason}))
    return sorted(found, key=lambda one: (one.written_at, one.version))
