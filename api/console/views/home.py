"""One home as its page shows it: hub, open alerts, days, daily counts, sensors, earlier alerts."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from markupsafe import Markup

from api.alerts.lifecycle import OVER
from api.console.text import Catalogue
from api.console.views import words
from api.console.views.alert import Past, past
from api.console.views.measures import day_label, number
from api.console.views.ribbon import Ribbon, ribbons
from api.console.views.times import Clock, abbreviation
from api.console.views.unwatched import unwatched
from api.downlink.views import CommandLine
from api.homes.views import LOW_BATTERY, SILENT, Activity, Days, HomeDetail, HomeLine, Hub, Sensor
from contract import ContractError, SensorHealth

_UNBROKEN = "\N{NO-BREAK SPACE}"

_MEASURES = frozenset({"temperature", "humidity", "gait_speed"})
"""Kinds whose readings say nothing by their number: their mean is shown."""

_LEFT_OUT = frozenset({"link"})
"""Kinds that tell of the device and not of the person."""


class HomeRow(NamedTuple):
    """One line of the list of homes."""

    id: str
    name: str
    waiting: int
    heard: Markup | None


class HubLine(NamedTuple):
    """One hub: when it was last heard, if ever."""

    name: str
    heard: Markup | None


class SensorLine(NamedTuple):
    """One sensor.

    `heard` is none where it never was, `silent` is how long it has said nothing, where that is
    long, and `doubts` are what its hub does not believe of it.
    """

    name: str
    place: str
    kind: str
    heard: Markup | None
    silent: str | None
    battery: str | None
    battery_low: bool
    doubts: list[str]


class CountRow(NamedTuple):
    """One thing counted: a text for each day, the oldest first, and the mean of full days."""

    label: str
    days: list[str]
    mean: str


class HomePage(NamedTuple):
    """Everything the page of one home shows.

    Attributes:
        unwatched: What keeps its hubs from watching, or may.
    """

    id: str
    name: str
    zone: str
    hubs: list[HubLine]
    unwatched: list[Markup]
    open: list[Past]
    earlier: list[Past]
    days: list[str]
    counts: list[CountRow]
    ribbons: list[tuple[str, Ribbon]]
    any_heard: bool
    sensors: list[SensorLine]


def home_rows(homes: list[HomeLine], now: datetime, text: Catalogue) -> list[HomeRow]:
    """The list of homes, each with times in its own zone."""
    return [
        HomeRow(
            line.home,
            words.home(line.label, line.home),
            line.waiting,
            Clock(now, line.time_zone, text).stamp(line.last_seen_at)
            if line.last_seen_at
            else None,
        )
        for line in homes
    ]


def _head(iso: str, text: Catalogue) -> str:
    """A day that may stand on two lines, its date on one of them."""
    weekday, _, day = day_label(iso, text).partition(" ")
    return f"{weekday} {day.replace(' ', _UNBROKEN)}"


def home_page(
    home: HomeDetail,
    counted: Days,
    activity: list[Activity],
    now: datetime,
    text: Catalogue,
    *,
    commands: Sequence[CommandLine] = (),
) -> HomePage:
    """One home at `now`.

    `counted` and `activity` cover the same last days, `commands` are what its hubs were
    told and is not over.
    """
    clock = Clock(now, home.time_zone, text)
    heard = max((sensor.last_at for sensor in home.sensors), default=None)
    return HomePage(
        id=home.home,
        name=words.home(home.label, home.home),
        zone=abbreviation(clock.local(now)),
        hubs=[
            HubLine(hub.hub, clock.stamp(hub.last_seen_at) if hub.last_seen_at else None)
            for hub in home.at_work
        ],
        unwatched=unwatched(commands, clock),
        open=[past(alert, clock) for alert in home.alerts if alert.state not in OVER],
        earlier=[past(alert, clock) for alert in home.alerts if alert.state in OVER],
        days=[_head(day.day, text) for day in counted.days],
        counts=count_rows(counted, clock.local(now).date(), text),
        ribbons=[
            (clock.day(datetime.combine(ribbon.day, datetime.min.time())), ribbon)
            for ribbon in ribbons(activity, heard, clock, len(counted.days))
        ],
        any_heard=bool(activity),
        sensors=_sensors(home, clock),
    )


def count_rows(counted: Days, today: date, text: Catalogue) -> list[CountRow]:
    """Daily counts, a row for each place and kind. A day on which nothing was heard has none."""
    by_day = [
        {(count.place, count.kind): count for count in day.counts if count.kind not in _LEFT_OUT}
        for day in counted.days
    ]
    full = [
        bool(found) and day.day < f"{today}"
        for day, found in zip(counted.days, by_day, strict=True)
    ]
    rows = []
    for place, kind in sorted({key for found in by_day for key in found}):
        values: list[float | None] = []
        for found in by_day:
            count = found.get((place, kind))
            if count is None:
                values.append(0.0 if found and kind not in _MEASURES else None)
            else:
                values.append(
                    count.total / count.count if kind in _MEASURES else float(count.count)
                )
        rows.append(_row(place, kind, values, full, text))
    return rows


def _row(
    place: str, kind: str, values: list[float | None], full: list[bool], text: Catalogue
) -> CountRow:
    known = [v for v, whole in zip(values, full, strict=True) if whole and v is not None]
    return CountRow(
        label=f"{words.place(place)}: {kind_name(kind, text)}",
        days=[text("home.nothing") if v is None else number(v, text) for v in values],
        mean=number(sum(known) / len(known), text) if known else text("home.nothing"),
    )


def kind_name(kind: str, text: Catalogue) -> str:
    """A kind of sensor; a newer one by its own word."""
    return text(f"kind.{kind}") if text.has(f"kind.{kind}") else kind.replace("_", " ")


def _sensors(home: HomeDetail, clock: Clock) -> list[SensorLine]:
    """Each sensor that was heard, and each that a hub listens to and never heard."""
    fares = {one.sensor: one for hub in home.at_work for one in _told(hub, clock.now)}
    known = {sensor.sensor for sensor in home.sensors}
    heard = [_sensor(sensor, fares.get(sensor.sensor), clock) for sensor in home.sensors]
    return heard + [
        SensorLine(
            name=one.sensor,
            place=words.place(one.place),
            kind=kind_name(one.kind, clock.text),
            heard=None,
            silent=None,
            battery=None,
            battery_low=False,
            doubts=_doubts(one, clock.text),
        )
        for name, one in fares.items()
        if name not in known
    ]


def _told(hub: Hub, now: datetime) -> list[SensorHealth]:
    """What a hub last said of its sensors, unless that is long ago or of a form not known here."""
    if hub.health_at is None or now - hub.health_at >= SILENT:
        return []
    try:
        return hub.reported.sensors if hub.reported is not None else []
    except ContractError:
        return []


def _sensor(sensor: Sensor, fares: SensorHealth | None, clock: Clock) -> SensorLine:
    quiet = clock.now - sensor.last_at
    low = sensor.battery is not None and sensor.battery <= LOW_BATTERY
    return SensorLine(
        name=sensor.sensor,
        place=words.place(sensor.place),
        kind=kind_name(sensor.kind, clock.text),
        heard=clock.stamp(sensor.last_at),
        silent=clock.age(sensor.last_at) if quiet >= SILENT else None,
        battery=None if sensor.battery is None else f"{sensor.battery:.0f} %",
        battery_low=low,
        doubts=[] if fares is None else _doubts(fares, clock.text),
    )


def _doubts(fares: SensorHealth, text: Catalogue) -> list[str]:
    """What its hub says of it, as it last did."""
    kinds = ", ".join(kind_name(kind, text) for kind in fares.unlike)
    found = {
        text("home.sensor_away"): fares.online is False,
        text("home.sensor_stuck"): fares.stuck,
        text("home.sensor_unlike", kinds=kinds): fares.unlike,
        text("home.sensor_untried"): fares.untried,
    }
    return [said for said, so in found.items() if so]
