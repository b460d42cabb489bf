"""Commissioners pay and staff are judged by these figures: each is reckoned twice, two ways."""

from collections import Counter
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from random import Random
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
from contract import Outcome
from tests.api.conftest import QUICK
from tests.api.support import SettableClock

LONDON = ZoneInfo("Europe/London")
MADE = datetime(2026, 5, 20, 12, tzinfo=UTC)
SINCE, UNTIL = date(2026, 3, 1), date(2026, 4, 30)  # British summer time begins within
BEGINS = datetime(2026, 3, 1, tzinfo=UTC)
ENDS = datetime(2026, 4, 30, 23, tzinfo=UTC)
CONDITIONS = (
    ("possible_fall", "urgent"), ("uti_risk", "advisory"), ("sensor_silent", "technical"),
    ("test_alert", "urgent"),
)  # fmt: skip
OPERATOR, SUPERVISOR = 1, 2
SENSORS = ("kettle", "hall")


@dataclass
class Step:
    at: datetime
    staff: int | None
    action: str


@dataclass
class Alert:
    home: str
    zone: str
    condition: str
    severity: str
    received: datetime
    cleared: datetime | None
    steps: list[Step]
    outcome: str | None
    withdrawn: bool
    subject: str


@dataclass
class Hub:
    home: str
    zone: str
    claimed: datetime
    silences: list[tuple[datetime, datetime | None]] = field(default_factory=list)


@dataclass
class World:
    """What the database holds, as plain lists."""

    hubs: list[Hub]
    alerts: list[Alert]


def world(random: Random) -> World:
    """A made-up half year of a few homes, with everything that a report must not stumble on."""
    begin = datetime(2026, 1, 15, tzinfo=UTC)

    def moment() -> datetime:
        return begin + timedelta(seconds=random.randrange(125 * 86_400))

    hubs = []
    for number in range(random.randrange(1, 9)):
        hub = Hub(f"h{number}", random.choice(["Europe/London", "Asia/Tokyo"]), moment())
        at = hub.claimed
        for _ in range(random.randrange(4)):
            at += timedelta(hours=random.randrange(1, 900))
            over = at + timedelta(hours=random.randrange(1, 300))
            hub.silences.append((at, over if random.random() < 0.8 else None))
            at = over
            if hub.silences[-1][1] is None:
                break
        hubs.append(hub)
    alerts = [_alert(random, random.choice(hubs), moment()) for _ in range(random.randrange(60))]
    return World(hubs, alerts)


def _alert(random: Random, hub: Hub, received: datetime) -> Alert:
    condition, severity = random.choice(CONDITIONS)
    steps, at = [], received
    for _ in range(random.randrange(4)):
        at += timedelta(seconds=random.choice([5, 55, 100, 300, 40_000, 200_000]))
        staff = random.choice([None, OPERATOR, SUPERVISOR, 3, 4, 5])
        acts = ["claim", "note", "takeover"] if staff else ["escalate", "assign", "shelve"]
        steps.append(Step(at, staff, random.choice(acts)))
    outcome, withdrawn = None, False
    end = random.random()
    at += timedelta(seconds=random.randrange(1, 9000))
    if end < 0.6:
        outcome = random.choice([*Outcome])
        steps.append(Step(at, random.choice([OPERATOR, SUPERVISOR, 5]), "resolve"))
    elif end < 0.7:
        withdrawn = True
        steps.append(Step(at, None, "withdraw"))
    cleared = received + timedelta(hours=random.randrange(1, 400))
    return Alert(
        hub.home, hub.zone, condition, severity, received,
        cleared if random.random() < 0.7 else None, steps, outcome, withdrawn,
        random.choice(SENSORS),
    )  # fmt: skip


# The slow reckoning: loops over whole seconds and lists, in the words of docs/reports.md. ---------


def within(at: datetime) -> bool:
    return BEGINS <= at < ENDS


def counted(world: World) -> list[Alert]:
    return [
        one for one in world.alerts
        if within(one.received) and one.condition != "test_alert" and one.outcome != "test"
    ]  # fmt: skip


def first(alert: Alert, fits: Callable[[Step], bool]) -> datetime | None:
    for step in sorted(alert.steps, key=lambda step: step.at):
        if fits(step):
            return step.at
    return None


def up(alert: Alert, duty: str) -> datetime:
    """When its time is up, found by walking on from when it came."""
    if duty in {"60", "180"}:
        return alert.received + timedelta(seconds=int(duty))
    day = alert.received.astimezone(ZoneInfo(alert.zone)).date()
    if duty == "working":
        day += timedelta(days=1)
        while day.strftime("%a") in {"Sat", "Sun"}:
            day += timedelta(days=1)
    end = day + timedelta(days=1)
    return datetime(end.year, end.month, end.day, tzinfo=ZoneInfo(alert.zone))


def slow_times(world: World, severity: str, duty: str) -> tuple[int, int, int, int]:
    """In time, late, waiting, taken back."""
    found = {"in_time": 0, "late": 0, "waiting": 0, "aside": 0}
    for alert in counted(world):
        if alert.severity != severity:
            continue
        looked = first(alert, lambda step: bool(step.staff) and step.action != "note"
                       and step.action in {"claim", "takeover"})  # fmt: skip
        aside = first(alert, lambda step: not step.staff and step.action in {"shelve", "withdraw"})
        end = up(alert, duty)
        if aside is not None and (looked is None or aside < looked):
            found["aside"] += 1
        elif looked is not None:
            found["in_time" if looked <= end else "late"] += 1
        else:
            found["late" if end <= MADE else "waiting"] += 1
    return found["in_time"], found["late"], found["waiting"], found["aside"]


def overlap(begin: datetime, end: datetime) -> float:
    return max(0.0, (min(end, ENDS) - max(begin, BEGINS)).total_seconds())


def slow_watched(world: World) -> tuple[float, float]:
    """Seconds of hubs within the period, and those of them in which none was silent."""
    placed = sum(overlap(hub.claimed, ENDS) for hub in world.hubs)
    silent = sum(
        overlap(max(begin, hub.claimed), end or ENDS)
        for hub in world.hubs
        for begin, end in hub.silences
    )
    return placed, placed - silent


def slow_conditions(world: World) -> dict[str, tuple[int, ...]]:
    """Alerts, homes, confirmed, not confirmed, unknown, open, taken back, by condition."""
    found: dict[str, tuple[int, ...]] = {}
    for condition, severity in CONDITIONS:
        mine = [one for one in counted(world) if one.condition == condition]
        if not mine:
            continue
        right = {"true_concern", "equipment"} if severity == "technical" else {"true_concern"}
        wrong = {"false_alarm", "known_reason", "equipment"} - right
        found[condition] = (
            len(mine), len({one.home for one in mine}),
            sum(one.outcome in right for one in mine), sum(one.outcome in wrong for one in mine),
            sum(one.outcome == "no_contact" for one in mine),
            sum(one.outcome is None and not one.withdrawn for one in mine),
            sum(one.withdrawn for one in mine),
        )  # fmt: skip
    return found


def slow_sensors(world: World) -> float | None:
    """The share of their time in which no sensor was told to be silent, alert by alert."""
    silent = placed = 0.0
    for hub in world.hubs:
        for sensor in SENSORS:
            placed += overlap(hub.claimed, ENDS)
            upto = hub.claimed
            mine = [one for one in world.alerts if (one.home, one.subject, one.condition)
                    == (hub.home, sensor, "sensor_silent")]  # fmt: skip
            for one in sorted(mine, key=lambda one: one.received):
                begin, end = max(one.received, upto), one.cleared or ENDS
                if end > begin:
                    silent += overlap(begin, end)
                    upto = end
    return 1 - silent / placed if placed else None


# -------------------------------------------------------------------------------------------------


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
            "insert into hub (hub, home, claim_hash, claim_expires_at, public_key, claimed_at)"
            " values ($1, $2, $3, $4, '\\x00', $4)",
            name, hub.home, name.encode(), hub.claimed,
        )  # fmt: skip
        await connection.executemany(
            "insert into silence (hub, heard_at, found_at, over_at) values ($1, $2, $2, $3)",
            [(name, *silence) for silence in hub.silences],
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
    assert report.person_months == pytest.approx(watched / (30.4375 * 86_400), abs=1e-9)
    assert report.uptime.hub_share == (pytest.approx(watched / placed) if placed else None)
    up = slow_sensors(made)
    assert report.uptime.sensor_share == (pytest.approx(up) if up is not None else None)
    assert {(one.priority, one.outcome): one.alerts for one in report.outcomes} == Counter(
        (one.severity, one.outcome) for one in counted(made) if one.outcome
    )
    assert report.homes <= sum(hub.claimed < ENDS for hub in made.hubs)
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
