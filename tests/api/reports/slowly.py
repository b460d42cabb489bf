"""The figures by a slow reckoning: loops over whole lists, in the words of docs/reports.md."""

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from tests.api.reports.worlds import BEGINS, CONDITIONS, ENDS, MADE, SENSORS, Alert, Step, World


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
    placed = sum(overlap(hub.claimed, hub.gone or ENDS) for hub in world.hubs)
    silent = sum(
        overlap(max(begin, hub.claimed), min(end or ENDS, hub.gone or ENDS))
        for hub in world.hubs
        for begin, end in hub.silences
    )
    return placed, placed - silent


def slow_person(world: World) -> float:
    """Seconds of homes that were heard with somebody there to be watched, from edge to edge."""
    found = 0.0
    for hub in world.hubs:
        there = [(hub.claimed, hub.gone or ENDS)]
        silent = [(begin, end or ENDS) for begin, end in hub.silences]
        away = [(one.starts, min(one.until, one.ended or ENDS)) for one in hub.absences]
        edges = sorted({BEGINS, ENDS, *(at for span in (*there, *silent, *away) for at in span)})
        for begin, end in pairwise(edges):
            if inside(begin, there) and not inside(begin, silent) and not inside(begin, away):
                found += overlap(begin, end)
    return found


def inside(at: datetime, spans: list[tuple[datetime, datetime]]) -> bool:
    return any(begin <= at < end for begin, end in spans)


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
            placed += overlap(hub.claimed, hub.gone or ENDS)
            upto = hub.claimed
            mine = [one for one in world.alerts if (one.home, one.subject, one.condition)
                    == (hub.home, sensor, "sensor_silent")]  # fmt: skip
            for one in sorted(mine, key=lambda one: one.received):
                begin = max(one.received, upto)
                end = min(one.cleared or ENDS, hub.gone or ENDS)
                if end > begin:
                    silent += overlap(begin, end)
                    upto = end
    return 1 - silent / placed if placed else None
