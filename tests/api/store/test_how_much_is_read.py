"""What is asked for often reads what it shows, not all that was ever kept.

A query that reads everything is quick in a trial and too slow to be used after a year of work.
"""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import asyncpg
import pytest

from api.exports import rows
from api.reports.service import SQL as REPORTS
from api.store.reach import within
from tests.api.support import NOON

pytestmark = pytest.mark.network

_HOMES = """
insert into home (home, label, organisation)
select 'h' || n, '', 1 from generate_series(1, 200) n
"""
_COUNTS = """
insert into series.daily_counts (home, day, place, kind, n, total)
select 'h' || h, $1::timestamptz - make_interval(days => d), 'kitchen', 'motion', 5, 5
from generate_series(1, 200) h cross join generate_series(1, 60) d
"""
_ALERTS = """
insert into alert (home, received_at, ref, condition, subject, severity, score, text, prompt,
    raised_at, reported_at, report_version, body)
select 'h' || h, at, 'r' || n, 'help_button', '', 'urgent', 1, '', '', at, at, 1, '{}'
from generate_series(1, 200) h cross join generate_series(1, 60) n
cross join lateral (select $1::timestamptz - make_interval(days => n) as at) t
"""


async def most_read(connection: asyncpg.Connection, query: str, *arguments: Any) -> int:
    """Rows that passed through the busiest part of a query, as an organisation's staff ask it."""
    async with connection.transaction():
        reach = within([1])
        await connection.execute(reach.sql, *reach.arguments)
        plan = await connection.fetchval(f"explain (analyze, format json) {query}", *arguments)
    return max(
        int(n["Actual Rows"] * n["Actual Loops"]) for n in _nodes(json.loads(f"{plan}")[0]["Plan"])
    )


def _nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for each in node.get("Plans", ()):
        yield from _nodes(each)


async def test_a_page_of_counts_reads_no_other_home_s_counts(
    connection: asyncpg.Connection,
) -> None:
    await connection.execute(_HOMES)
    await connection.execute(_COUNTS, NOON)
    await connection.execute("analyze")
    homes = [f"h{n}" for n in range(1, 201)]
    asked = rows.Asked(homes=homes, changed_until=NOON)
    after = ("h150", NOON - timedelta(days=30), "kitchen", "motion")
    assert await most_read(connection, rows.COUNTS.query, *asked, 100, *after) < 1000


async def test_a_report_of_a_day_does_not_look_through_all_alerts_of_years(
    connection: asyncpg.Connection,
) -> None:
    await connection.execute(_HOMES)
    await connection.execute(_ALERTS, NOON)
    await connection.execute("analyze")
    a_day = NOON - timedelta(days=3), NOON - timedelta(days=2)
    assert await most_read(connection, REPORTS.alerts, 1, *a_day) <= 400
