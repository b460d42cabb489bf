"""What hubs of made-up homes send: a week of a person's days, and alerts with their evidence.

Everything follows from the seed and the moment it is built for.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from contract import SEVERITY, Alert, Condition, Day, Evidence, Phase, SensorEvent, Severity

ROOMS = ("bathroom", "bedroom", "kitchen", "lounge", "hallway")
_DAYS = 28

# How likely a room's sensor is set off in a quarter of an hour, by the hour of the day.
_HABITS: dict[str, dict[int, float]] = {
    "bedroom": {0: 0.05, 3: 0.06, 6: 0.5, 7: 0.7, 8: 0.2, 14: 0.25, 21: 0.4, 22: 0.6, 23: 0.15},
    "bathroom": {0: 0.04, 2: 0.15, 4: 0.1, 7: 0.55, 9: 0.2, 12: 0.25, 16: 0.2, 19: 0.2, 22: 0.4},
    "kitchen": {7: 0.3, 8: 0.8, 9: 0.4, 12: 0.75, 13: 0.5, 15: 0.3, 17: 0.7, 18: 0.5, 20: 0.2},
    "lounge": {9: 0.3, 10: 0.6, 11: 0.5, 13: 0.3, 14: 0.6, 16: 0.5, 18: 0.6, 19: 0.8, 20: 0.8},
    "hallway": {2: 0.1, 7: 0.5, 8: 0.4, 12: 0.4, 17: 0.4, 22: 0.4},
}


def week(
    home: str,
    now: datetime,
    *,
    seed: int,
    zone: str = "Europe/London",
    poorly: bool = False,
    days: int = 7,
) -> list[SensorEvent]:
    """Local days up to `now`; `poorly` brings more bathroom visits in the last two nights."""
    random = Random(f"{home}{seed}")  # noqa: S311 - no secret
    today = now.astimezone(ZoneInfo(zone)).date()
    events = [
        event
        for back in range(days - 1, -1, -1)
        for event in _day(home, today - timedelta(days=back), zone, random, poorly and back < 2)
    ]
    return sorted((e for e in events if e.at <= now), key=lambda event: event.at)


def _day(home: str, day: date, zone: str, random: Random, poorly: bool) -> Iterator[SensorEvent]:
    midnight = datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)
    for room, habits in _HABITS.items():
        for quarter in range(96):
            chance = habits.get(quarter // 4, 0.02 if room != "hallway" else 0.1)
            if poorly and room == "bathroom" and quarter < 24:
                chance += 0.3
            for _ in range(3):
                if random.random() < chance:
                    at = midnight + timedelta(seconds=quarter * 900 + random.randrange(900))
                    yield _event(home, f"{room}-pir", "motion", room, at)
    for hour in (7, 8, 10, 13, 15, 17, 20):
        if random.random() < 0.75:
            at = midnight + timedelta(hours=hour, minutes=random.randrange(60))
            yield _event(
                home, "kettle-plug", "appliance", "kettle", at, value=95.0 + random.randrange(40)
            )
    for hour in (10, 11, 16):
        if random.random() < 0.6:
            at = midnight + timedelta(hours=hour, minutes=random.randrange(50))
            yield _event(home, "front-door-contact", "opening", "front_door", at)
            back = at + timedelta(seconds=20)
            yield _event(home, "front-door-contact", "opening", "front_door", back, value=0.0)


def _event(
    home: str, sensor: str, kind: str, place: str, at: datetime, *, value: float = 1.0
) -> SensorEvent:
    battery = {"hallway-pir": 11.0, "bathroom-pir": 84.0, "bedroom-pir": 67.0}.get(sensor)
    return SensorEvent(
        home=home, sensor=sensor, kind=kind, place=place, at=at, value=value, battery=battery
    )


def alert(home: str, condition: Condition, raised_at: datetime, **changed: object) -> Alert:
    """An alert of that condition as a hub would raise it; `changed` fields take other values."""
    text, prompt, excluded = _STORIES[condition]
    fields: dict[str, object] = {
        "id": f"{home}:{condition}:{raised_at.isoformat()}",
        "home": home,
        "condition": condition,
        "severity": SEVERITY[condition],
        "raised_at": raised_at,
        "updated_at": raised_at,
        "score": 0.82,
        "text": text,
        "prompt": prompt,
        "excluded": list(excluded),
        "evidence": list(_evidence(condition, raised_at.date())),
    }
    return Alert(**{**fields, **changed})  # type: ignore[arg-type]  # the fields of an Alert by name


def cleared(open_alert: Alert, at: datetime) -> Alert:
    """The alert's next version: what was observed is over."""
    return Alert(
        **{
            name: getattr(open_alert, name)
            for name in open_alert.__struct_fields__
            if name not in {"phase", "version", "updated_at"}
        },
        phase=Phase.CLEARED,
        version=open_alert.version + 1,
        updated_at=at,
    )


def storm(now: datetime, count: int) -> list[Alert]:
    """Alerts of as many homes, urgent ones first, for a very bad night."""
    kinds = (
        Condition.POSSIBLE_FALL, Condition.NO_MOVEMENT, Condition.UTI_RISK,
        Condition.SENSOR_SILENT, Condition.DEHYDRATION_RISK, Condition.HELP_BUTTON,
        Condition.NIGHT_WANDERING, Condition.BATTERY_LOW, Condition.FALL_RISK,
    )  # fmt: skip
    ages = {Severity.URGENT: 0.4, Severity.ADVISORY: 22.0, Severity.TECHNICAL: 97.0}
    return [
        alert(
            f"home-{number:03}",
            kinds[number % len(kinds)],
            now - timedelta(minutes=1 + ages[SEVERITY[kinds[number % len(kinds)]]] * number),
        )
        for number in range(count)
    ]


def _evidence(condition: Condition, last: date) -> Iterator[Evidence]:
    random = Random(condition)  # noqa: S311 - no secret
    for measure, label, unit, usual, spread, now in _MEASURES.get(condition, ()):
        values = [max(0.0, random.gauss(usual, spread / 2)) for _ in range(_DAYS)]
        values[-2:] = [(usual + now) / 2, now]
        whole = unit != "m/s"
        days = [
            Day(
                day=(last - timedelta(days=_DAYS - 1 - index)).isoformat(),
                value=None if index in {11, 12} else round(value, 0 if whole else 2),
                usual=usual,
                low=round(max(0.0, usual - spread), 2),
                high=round(usual + spread, 2),
            )
            for index, value in enumerate(values)
        ]
        side = "more" if now > usual else "less"
        yield Evidence(
            measure=measure, label=label, unit=unit, value=float(now), usual=usual,
            low=max(0.0, usual - spread), high=usual + spread, share=0.5, days=days,
            text=f"{now:g} {unit} on the last day, {side} than the usual {usual:g}.",
        )  # fmt: skip


_MEASURES: dict[Condition, tuple[tuple[str, str, str, float, float, float], ...]] = {
    Condition.UTI_RISK: (
        ("bathroom_visits_night", "Bathroom visits at night (00 to 06)", "visits", 1.5, 1.0, 6),
        ("bathroom_visits_day", "Bathroom visits by day (06 to 24)", "visits", 8.0, 3.0, 13),
    ),
    Condition.DEHYDRATION_RISK: (
        ("kettle_uses", "Kettle uses", "uses", 5.0, 2.0, 1),
        ("kitchen_visits", "Kitchen visits", "visits", 14.0, 5.0, 6),
    ),
    Condition.FALL_RISK: (
        ("transit_speed", "Walking speed in the hallway", "m/s", 0.81, 0.08, 0.62),
    ),
}

_STORIES: dict[Condition, tuple[str, str, tuple[str, ...]]] = {
    Condition.UTI_RISK: (
        "6 bathroom visits last night and 13 yesterday. Usually 1 to 3 a night and 5 to 11 a day.",
        "Ring and ask how they are sleeping and whether anything hurts. Consider a UTI check.",
        (
            "The bathroom sensor has worked without a gap for 28 days.",
            "No sign of visitors: the front door opened as often as usual.",
        ),
    ),
    Condition.DEHYDRATION_RISK: (
        "The kettle was used once yesterday. Usually it is used 3 to 7 times a day.",
        "Ring and suggest a drink. Ask whether they feel well.",
        ("The person was at home: motion was seen in four rooms.",),
    ),
    Condition.FALL_RISK: (
        "Walking through the hallway has become slower for two weeks.",
        "Suggest a walk, and consider a falls check.",
        (),
    ),
    Condition.POSSIBLE_FALL: (
        "Movement in the bathroom at 02:14, then nothing anywhere for 38 minutes.",
        "Ring now. If there is no answer, send somebody.",
        ("Not in bed: the bed sensor says that the bed is empty.",),
    ),
    Condition.NO_MOVEMENT: (
        "No movement anywhere since 07:50. At this time there usually is some within 40 minutes.",
        "Ring now. If there is no answer, send somebody.",
        ("Not out: the front door has not been opened.",),
    ),
    Condition.NIGHT_WANDERING: (
        "The front door was opened at 03:05 and movement goes on in the hallway.",
        "Ring now and ask whether all is well.",
        (),
    ),
    Condition.HELP_BUTTON: ("The help button in the bathroom was pressed.", "Ring now.", ()),
    Condition.SENSOR_SILENT: (
        "The kettle plug has not been heard for 26 hours. Usually it is heard every hour.",
        "Ask whether the plug has been switched off. The person may be perfectly well.",
        (),
    ),
    Condition.BATTERY_LOW: (
        "The battery of the hallway sensor is at 11 %.",
        "Plan a battery change.",
        (),
    ),
}
