"""Keeps what hubs say about configurations and commands, in the transaction of their batch."""

from collections.abc import Sequence
from datetime import datetime

from api.downlink.dry_runs import wrong
from api.downlink.sql import SQL
from api.store.database import Connection
from contract import CommandResult, ConfigurationReport, Progress, WalkStep, encode

_CUT_SHORT = "It was under way, and the hub, told of it anew, did not go on with it: "


async def keep(
    connection: Connection,
    hub: str,
    now: datetime,
    *,
    reports: Sequence[ConfigurationReport],
    results: Sequence[tuple[int, CommandResult]],
) -> dict[int, str]:
    """Keeps the newest word on each, in the order in which the hub wrote them.

    Args:
        connection: Within the batch's transaction.
        hub: Who says it.
        now: The centre's clock.
        reports: On configurations.
        results: On commands, numbered.

    Returns:
        Why a numbered result is refused; its command is told so.
    """
    refused: dict[int, str] = {}
    for one in reports:
        await connection.execute(
            SQL.add_reports, hub, one.version, one.digest, one.state, one.reason, one.ignored,
            one.at,
        )  # fmt: skip
    for seq, each in results:
        state, said, answer = each.state, each.text, None
        if each.answer is not None:
            asked = await connection.fetchrow(SQL.asked, each.command, hub)
            answer = encode(each.answer).decode()
            if reason := wrong(each, asked, now):
                refused[seq], state, said, answer = reason, str(Progress.REFUSED), reason, None
            else:
                said = ""  # it counts alerts, and is read by who may not know of any
        await connection.execute(
            SQL.answer, each.command, hub, state, said, each.alert, each.at, now, _CUT_SHORT,
            answer,
        )  # fmt: skip
    if reports or results:
        await connection.execute(SQL.tell_staff, hub)
    return refused


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
