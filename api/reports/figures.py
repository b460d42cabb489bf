"""Reckons a report's figures from rows; pure. What was raised on purpose is in none of them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from math import ceil
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from api.alerts.duties import Duty, Promised, due
from api.alerts.reading import LANES
from api.reports.intervals import poisson, wilson
from api.reports.views import (
    AnswerTimes,
    ConditionFigures,
    Load,
    OutcomeFigures,
    RoleLoad,
    Uptime,
)
from contract import Outcome

MONTH_S = 30.4375 * 86_400
"""Seconds of a person-month: a twelfth of 365.25 days."""
SHIFTS = (("early", 7, 15), ("late", 15, 23), ("night", 23, 7))
"""Shifts with the local hours that they begin and end with."""

Row = Mapping[str, Any]

_P90 = 0.9


def answers(
    alerts: Sequence[Row], promised: Sequence[Promised], now: datetime
) -> list[AnswerTimes]:
    """How soon somebody looked, beside each duty that held when the alert came in."""
    found = []
    for since, until, duties in promised:
        then = [
            row
            for row in alerts
            if (since is None or row["received_at"] >= since)
            and (until is None or row["received_at"] < until)
        ]
        found += [
            msgspec.structs.replace(answer_times(then, duty, now), since=since, until=until)
            for duty in duties
        ]
    return found


def answer_times(alerts: Sequence[Row], duty: Duty, now: datetime) -> AnswerTimes:
    """How soon somebody looked at the alerts of a duty's priority.

    Args:
        alerts: With `lane`, `time_zone`, `received_at`, `looked_at` and `aside_at`.
        duty: What was promised.
        now: Who was not looked at by then is late once the time is up.
    """
    in_time = late = waiting = aside = 0
    seconds = []
    for row in alerts:
        if LANES[row["lane"]] != duty.priority:
            continue
        ends, looked = due(duty, row["received_at"], row["time_zone"]), row["looked_at"]
        if row["aside_at"] and (looked is None or row["aside_at"] < looked):
            aside += 1
        elif looked is None and ends > now:
            waiting += 1
        elif looked is None or looked > ends:
            late += 1
        else:
            in_time += 1
        if looked is not None:
            seconds.append((looked - row["received_at"]).total_seconds())
    share = wilson(in_time, in_time + late)
    return AnswerTimes(
        priority=duty.priority,
        level=duty.level,
        kind=duty.kind,
        within_s=duty.within_s,
        target=duty.share,
        alerts=in_time + late + waiting,
        in_time=in_time,
        late=late,
        waiting=waiting,
        taken_back=aside,
        share=share,
        kept=None if share is None else share.value >= duty.share,
        median_s=_quantile(seconds, 0.5),
        p90_s=_quantile(seconds, _P90),
    )


def hours(alerts: Sequence[Row], steps: Sequence[Row], zone: ZoneInfo) -> list[Load]:
    """Work in each hour of the local day, from 00 to 23."""
    came = [0] * 24
    taken = [0] * 24
    for row in alerts:
        came[row["received_at"].astimezone(zone).hour] += 1
    for row in steps:
        taken[row["hour"]] += row["steps"]
    return [Load(name=f"{hour:02}", alerts=came[hour], steps=taken[hour]) for hour in range(24)]


def shifts(by_hour: Sequence[Load]) -> list[Load]:
    """Work in each of :data:`SHIFTS`, summed from hours."""
    found = []
    for name, begins, ends in SHIFTS:
        within = [
            by_hour[hour % 24] for hour in range(begins, ends if ends > begins else ends + 24)
        ]
        found.append(
            Load(
                name=name,
                alerts=sum(one.alerts for one in within),
                steps=sum(one.steps for one in within),
            )
        )
    return found


def roles(steps: Sequence[Row]) -> list[RoleLoad]:
    """Work by role, by the role's name; how many people stand behind each."""
    people: dict[str, set[int]] = defaultdict(set)
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for row in steps:
        people[row["role"]].add(row["staff"])
        sums[row["role"]][0] += row["steps"]
        sums[row["role"]][1] += row["resolved"]
    return [
        RoleLoad(role=role, people=len(people[role]), steps=sums[role][0], resolved=sums[role][1])
        for role in sorted(people)
    ]


def conditions(alerts: Sequence[Row], person_months: float) -> list[ConditionFigures]:
    """What came of each condition's alerts, the urgent first, then by name."""
    groups: dict[tuple[int, str], list[Row]] = defaultdict(list)
    for row in alerts:
        groups[row["lane"], row["condition"]].append(row)
    return [_condition(*key, groups[key], person_months) for key in sorted(groups)]


def _condition(
    lane: int, condition: str, alerts: Sequence[Row], person_months: float
) -> ConditionFigures:
    priority = LANES[lane]
    told = [confirmed(row["outcome"], priority) for row in alerts if row["outcome"] is not None]
    right, wrong = told.count(True), told.count(False)
    taken_back = sum(row["state"] == "withdrawn" for row in alerts)
    return ConditionFigures(
        condition=condition,
        priority=priority,
        alerts=len(alerts),
        homes=_homes(alerts),
        confirmed=right,
        not_confirmed=wrong,
        unknown=told.count(None),
        open=len(alerts) - len(told) - taken_back,
        taken_back=taken_back,
        further=sum(row["further"] for row in alerts),
        predictive_value=wilson(right, right + wrong),
        false_per_month=poisson(wrong, person_months),
    )


def confirmed(outcome: str, priority: str) -> bool | None:
    """Whether what an alert told was so; None where its outcome cannot tell."""
    if outcome == Outcome.TRUE_CONCERN:
        return True
    if outcome == Outcome.EQUIPMENT:
        return priority == "technical"
    return False if outcome in {Outcome.FALSE_ALARM, Outcome.KNOWN_REASON} else None


def outcomes(alerts: Sequence[Row]) -> list[OutcomeFigures]:
    """How often alerts of each priority turned out to be what."""
    groups: dict[tuple[int, str], list[Row]] = defaultdict(list)
    for row in alerts:
        if row["outcome"] is not None:
            groups[row["lane"], row["outcome"]].append(row)
    return [
        OutcomeFigures(
            priority=LANES[lane],
            outcome=outcome,
            alerts=len(groups[lane, outcome]),
            homes=_homes(groups[lane, outcome]),
        )
        for lane, outcome in sorted(groups)
    ]


def uptime(watched: Sequence[Row], sensors: Sequence[Row]) -> Uptime:
    """How much of the time hubs and sensors were heard."""
    placed = {row["home"]: row["placed_s"] for row in watched}
    hub_s = sum(row["hub_s"] for row in watched)
    sensor_s = sum(row["sensors"] * placed.get(row["home"], 0.0) for row in sensors)
    silent_s = sum(row["silent_s"] for row in sensors)
    return Uptime(
        hubs=sum(row["hubs"] for row in watched),
        hub_share=sum(row["hub_heard_s"] for row in watched) / hub_s if hub_s else None,
        hub_silences=sum(row["silences"] for row in watched),
        sensors=sum(row["sensors"] for row in sensors),
        sensor_share=1 - silent_s / sensor_s if sensor_s else None,
    )


def _homes(alerts: Sequence[Row]) -> int:
    return len({row["home"] for row in alerts if row["home"] is not None})


def _quantile(values: Sequence[float], share: float) -> float | None:
    """The smallest value that at least `share` of them do not exceed."""
    return sorted(values)[ceil(share * len(values)) - 1] if values else None
