"""Commissioners pay and staff are judged by these figures: each is reckoned twice, two ways."""

from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import asyncpg
import pytest
from fastapi import FastAPI
from hypothesis import given, settings
from hypothesis import strategies as st

from api.app import create_services
from api.identity.people import Member
from api.identity.permissions import Role
from api.reports.views import Report
from api.reports.withhold import too_few
from api.services import Services
from api.settings import Settings
from tests.api.conftest import QUICK
from tests.api.reports.slowly import (
    counted,
    slow_conditions,
    slow_person,
    slow_sensors,
    slow_times,
    slow_watched,
    within,
)
from tests.api.reports.worlds import (
    BEGINS,
    ENDS,
    MADE,
    OPERATOR,
    SENSORS,
    SINCE,
    SUPERVISOR,
    UNTIL,
    World,
    world,
)
from tests.api.support import SettableClock

LONDON = ZoneInfo("Europe/London")


@dataclass
class Bench:
    """A database that is filled anew with each world."""

    services: Services
    url: str
    boss: Member


@pytest.fixture
async def bench(app: FastAPI, migrated_url: str) -> AsyncIterator[Bench]:
    del app
    services = create_services(Settings(database_url=migrated_url), SettableClock(MADE), QUICK)
    boss = None
    for number, role in enumerate(
        ("operator", "supervisor", "operator", "operator", "administrator"), start=1
    ):
        boss = await services.staff.add(
            f"s{number}", "correct horse battery staple", role=Role(role)
        )
        assert boss.id == number
    assert boss is not None
    yield Bench(services, migrated_url, boss)
    await services.database.close()


async def fill(bench: Bench, made: World) -> None:
    connection = await asyncpg.connect(bench.url)
    await connection.execute("set session_replication_role = replica")  # the history only grows
    await connection.execute("truncate home, hub, sensor, alert, alert_history, silence cascade")
    await connection.execute("set session_replication_role = default")
    for hub in made.hubs:
        await connection.execute(
            "insert into home (home, time_zone, organisation) values ($1, $2, 1)",
            hub.home,
            hub.zone,
        )
        name = f"hub-{hub.home}"
        await connection.execute(
            "insert into hub (hub, home, claim_hash, claim_expires_at, public_key, claimed_at,"
            " revoked_at, revoked_why)"
            " values ($1, $2, $3, $4, '\\x00', $4, $5, case when $5::timestamptz is null"
            " then null else 'revoked' end)",
            name, hub.home, name.encode(), hub.claimed, hub.gone,
        )  # fmt: skip
        await connection.executemany(
            "insert into silence (hub, heard_at, found_at, over_at) values ($1, $2, $2, $3)",
            [(name, *silence) for silence in hub.silences],
        )
        await connection.executemany(
            "insert into spell (home, kind, wish, starts_at, until, set_at, set_by, ended_at)"
            " values ($1, $2, 'resident', $3, $4, $3, 1, $5)",
            [(hub.home, one.kind, one.starts, one.until, one.ended) for one in hub.absences],
        )
        await connection.executemany(
            "insert into sensor (home, sensor, kind, place, last_at)"
            " values ($1, $2, 'motion', '', now())",
            [(hub.home, sensor) for sensor in SENSORS],
        )
    for number, alert in enumerate(made.alerts):
        state = "resolved" if alert.outcome else "withdrawn" if alert.withdrawn else "raised"
        which = await connection.fetchval(
            "insert into alert (home, ref, condition, subject, severity, score, text, prompt,"
            " raised_at, reported_at, report_version, body, received_at, cleared_at, state,"
            " outcome)"
            " values ($1, $2, $3, $9, $4, 0, '', '', $5, $5, 1, '{}', $5, $6, $7, $8) returning id",
            alert.home, f"{number}", alert.condition, alert.severity, alert.received, alert.cleared,
            state, alert.outcome, alert.subject,
        )  # fmt: skip
        await connection.executemany(
            "insert into alert_history (alert, version, at, staff, action, before, after)"
            " values ($1, 1, $2, $3, $4, '', '')",
            [(which, step.at, step.staff, step.action) for step in alert.steps],
        )
    await connection.close()


def worlds() -> list[World]:
    """Drawn first: hypothesis runs synchronous code alone."""
    drawn: list[World] = []

    @settings(max_examples=15, deadline=None, database=None, derandomize=True)
    @given(st.builds(world, st.randoms(use_true_random=True)))
    def draw(one: World) -> None:
        drawn.append(one)

    draw()
    return drawn


async def test_every_figure_is_what_a_slow_reckoning_of_the_same_lists_gives(bench: Bench) -> None:
    made = worlds()
    assert sum(len(one.alerts) for one in made) > 100
    for one in made:
        await _holds(bench, one)


async def _holds(bench: Bench, made: World) -> None:
    await fill(bench, made)
    report = await bench.services.reports.of(
        bench.boss, 1, since=SINCE, until=UNTIL, small_numbers=True
    )
    duties = {("urgent", 1): "60", ("urgent", 2): "180", ("advisory", 1): "day",
              ("technical", 1): "working"}  # fmt: skip
    assert {
        (one.priority, one.level): (one.in_time, one.late, one.waiting, one.taken_back)
        for one in report.answer_times
    } == {key: slow_times(made, key[0], duty) for key, duty in duties.items()}
    assert {
        one.condition: (one.alerts, one.homes, one.confirmed, one.not_confirmed, one.unknown,
                        one.open, one.taken_back)
        for one in report.conditions
    } == slow_conditions(made)  # fmt: skip
    placed, watched = slow_watched(made)
    person = slow_person(made)
    assert report.person_months == pytest.approx(person / (30.4375 * 86_400), abs=1e-9)
    assert report.uptime.hub_share == (pytest.approx(watched / placed) if placed else None)
    up = slow_sensors(made)
    assert report.uptime.sensor_share == (pytest.approx(up) if up is not None else None)
    assert {(one.priority, one.outcome): one.alerts for one in report.outcomes} == Counter(
        (one.severity, one.outcome) for one in counted(made) if one.outcome
    )
    assert report.homes <= sum(
        hub.claimed < ENDS and hub.claimed < (hub.gone or ENDS) > BEGINS for hub in made.hubs
    )
    _workload(report, made)


def _workload(report: Report, made: World) -> None:
    at_hour = [0] * 24
    for alert in made.alerts:
        for step in alert.steps:
            if step.staff and within(step.at):
                at_hour[step.at.astimezone(LONDON).hour] += 1
    assert [one.steps for one in report.hours] == at_hour
    assert sum(one.alerts for one in report.hours) == len(counted(made))
    assert {one.name: one.steps for one in report.shifts} == {
        "early": sum(at_hour[7:15]),
        "late": sum(at_hour[15:23]),
        "night": at_hour[23] + sum(at_hour[:7]),
    }
    people = {OPERATOR: "operator", 3: "operator", 4: "operator", SUPERVISOR: "supervisor",
              5: "administrator"}  # fmt: skip
    acted: dict[str, set[int]] = {}
    for alert in made.alerts:
        for step in alert.steps:
            if step.staff and within(step.at):
                acted.setdefault(people[step.staff], set()).add(step.staff)
    assert {one.role for one in report.roles} == set(acted)
    assert all(one.people is None or one.people >= 3 for one in report.roles)


@given(st.lists(st.integers(0, 12), max_size=12))
def test_what_is_withheld_cannot_be_had_from_the_total(homes: list[int]) -> None:
    hidden = too_few(homes, lambda one: one, 5)
    assert all(gone for one, gone in zip(homes, hidden, strict=True) if one < 5)
    assert sum(hidden) != 1 or len(homes) == 1
    if all(one >= 5 for one in homes):
        assert not any(hidden)
