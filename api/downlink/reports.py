"""Keeps what hubs say about configurations and commands, in the transaction of their batch."""

from collections.abc import Sequence
from datetime import datetime

from api.downlink.sql import SQL
from api.store.database import Connection
from contract import CommandResult, ConfigurationReport, WalkStep

_CUT_SHORT = "It was under way, and the hub, told of it anew, did not go on with it: "


async def keep(
    connection: Connection,
    hub: str,
    now: datetime,
    *,
    reports: Sequence[ConfigurationReport],
    results: Sequence[CommandResult],
) -> None:
    """Keeps the newest word on each, in the order in which the hub wrote them."""
    for one in reports:
        await connection.execute(
            SQL.add_reports, hub, one.version, one.digest, one.state, one.reason, one.ignored,
            one.at,
        )  # fmt: skip
    for each in results:
        await connection.execute(
            SQL.answer, each.command, hub, each.state, each.text, each.alert, each.at, now,
            _CUT_SHORT,
        )  # fmt: skip
    if reports or results:
        await connection.execute(SQL.tell_staff, hub)


async def keep_steps(
    connection: Connection, hub: str, journal: int, steps: Sequence[tuple[int, WalkStep]]
) -> None:
    """Keeps activations of a walk test, numbered."""
    if not steps:
        return
    rows = [
        (seq, one.command, e.at, e.sensor, e.kind, e.place, e.value)
        for seq, one in steps
        for e in (one.event,)
    ]
    columns = (list(column) for column in zip(*rows, strict=True))
    await connection.execute(SQL.add_steps, hub, journal, *columns)
    await connection.execute(SQL.tell_staff, hub)
