"""Alerts that the centre raises itself, told and ended as a hub would."""

import msgspec

from api.alerts.sql import SQL
from api.store.database import Connection
from contract import Alert, Condition, Phase, encode

CHANNEL_DEAD = "channel_dead"
"""A channel out of the centre does not deliver; its subject is the channel. No hub knows of it."""
OWN = frozenset({Condition.HUB_SILENT, Condition.HUB_RESTARTS, Condition.HUB_FORGOT, CHANNEL_DEAD})
"""Conditions that no hub raises."""


async def raise_own(
    connection: Connection, told: Alert, home: str | None, organisation: int | None = None
) -> int:
    """Raises an alert about a home, or, without one, about an organisation; its number."""
    found: int = await connection.fetchval(
        SQL.raise_own, home, told.raised_at, told.id, told.condition, told.subject, told.severity,
        told.score, told.text, told.prompt, encode(told).decode(), organisation,
    )  # fmt: skip
    return found


async def report_own(connection: Connection, alert: int, told: Alert) -> None:
    """Makes what is told the alert's next version."""
    known = await connection.fetchrow(SQL.told_own, alert)
    told = msgspec.structs.replace(
        told, id=known["ref"], raised_at=known["raised_at"], version=known["report_version"] + 1
    )
    over = told.updated_at if told.phase == Phase.CLEARED else None
    body = encode(told).decode()
    await connection.execute(
        SQL.report_own, alert, told.text, told.prompt, body, told.updated_at, over
    )
