"""What is asked for often reads what it shows, not all that was ever kept.

A query that reads everything is quick in a trial and too slow to be used after a year of work.
"""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import asyncpg
import pytest

from api.alerts.sql import SQL as ALERTS
from api.cohorts.service import SQL as COHORTS
from api.exports import rows
from api.floor.service import SQL as FLOOR
from api.outbox.sql import SQL as OUTBOX
from api.reports.service import SQL as REPORTS
from api.services import Services
from api.store.reach import within
from tests.api.support import NOON, add_user

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
_WEEK = """
insert into series.event (home, at, sensor, kind, place, value, quality, journal, seq, body)
select 'h' || h, $1::timestamptz - make_interval(mins => n * 50), 's', 'motion',
    case when h % 10 = 0 or n % 7 = 0 then 'bathroom' else 'kitchen' end, 1, 'ok', h, n, '{}'
from generate_series(1, 200) h cross join generate_series(1, 200) n
"""
_OUTBOX = """
with d as (
    insert into destination (organisation, name, channel, settings)
    values (1, 'desk', 'webhook', '{}') returning destination
)
insert into outbox (organisation, destination, subject, action, version, body, state, ended_at)
select 1, destination, 'alert/' || a, 'report', v, '{}', 'sent', now()
from d cross join generate_series(1, 500) a cross join generate_series(1, 20) v
"""
_ALERTS = """
insert into alert (home, received_at, ref, condition, subject, severity, score, text, prompt,
    raised_at, reported_at, report_version, body)
select 'h' || h, at, 'r' || n, 'help_button', '', 'urgent', 1, '', '', at, at, 1, '{}'
from generate_series(1, 200) h cross join generate_series(1, 60) n
cross join lateral (select $1::timestamptz - make_interval(days => n) as at) t
"""

_ENDED = """
update alert
set state = 'resolved', resolved_by = $1, resolved_at = received_at, outcome = 'test', version = 2
where ref <> 'r1'
"""
_SUPERSEDED = "select indexname from pg_indexes where indexname = any ($1)"


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


async def test_who_is_up_at_night_is_found_without_reading_all_events_of_the_week(
    connection: asyncpg.Connection,
) -> None:
    """Of 40,000 events those of the nights of who may be up so often; of one home its own alone."""
    await connection.execute(_HOMES)
    await connection.execute("select series.add_months($1, $1)", NOON)
    await connection.execute(_WEEK, NOON)
    await connection.execute("analyze")
    homes = [f"h{n}" for n in range(1, 201)]
    week = NOON - timedelta(days=7), NOON
    assert await most_read(connection, COHORTS.nights, homes, *week, 3, 2) < 5000
    assert await most_read(connection, COHORTS.nights, ["h10"], *week, 3, 2) <= 200


async def test_an_open_alert_reads_no_other_alert_s_messages(
    connection: asyncpg.Connection,
) -> None:
    """Its page looks again after each try, also while thousands wait for a receiver."""
    await connection.execute(_OUTBOX)
    await connection.execute("analyze")
    assert await most_read(connection, OUTBOX.told, 17, 500) <= 20


async def test_a_report_of_a_day_does_not_look_through_all_alerts_of_years(
    connection: asyncpg.Connection,
) -> None:
    await connection.execute(_HOMES)
    await connection.execute(_ALERTS, NOON)
    await connection.execute("analyze")
    a_day = NOON - timedelta(days=3), NOON - timedelta(days=2)
    assert await most_read(connection, REPORTS.alerts, 1, *a_day) <= 400


async def test_what_is_counted_of_open_alerts_is_not_sought_among_those_that_ended(
    connection: asyncpg.Connection, services: Services
) -> None:
    await connection.execute(_HOMES)
    await connection.execute(_ALERTS, NOON)
    await connection.execute(_ENDED, (await add_user(services)).id)
    await connection.execute("vacuum analyze alert")  # what they were when they were open
    for query in (ALERTS.totals, FLOOR.open):
        assert await most_read(connection, query) <= 400
    # Each step of an alert and each message writes every index there is.
    gone = ["alert_queue", "alert_organisation_queue", "outbox_next"]
    assert await connection.fetch(_SUPERSEDED, gone) == []
