"""Judges, of what hub and centre know, how far the fitting of a home has come. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from api.downlink.views import CommandLine
from api.fitting.views import Fault, FittedSensor, Walk
from api.homes.views import LOW_BATTERY, SILENT
from contract import ContractError, HomeSettings, HubHealth, Kind, SensorHealth, decode
from contract.downlink import WalkTest

WEAK_LINK = 40.0
"""Of 255: a hint, for what it is worth differs from one radio chip to the next."""
QUIET = timedelta(minutes=15)
"""A hub that beats every five minutes is heard within this, unless set otherwise."""
_MEASURES = frozenset({Kind.TEMPERATURE, Kind.HUMIDITY})
"""That a detector tells how warm it is does not show that it sees anybody."""


def choose(
    hubs: Sequence[Mapping[str, Any]], wanted: str, now: datetime
) -> Mapping[str, Any] | None:
    """The hub that is meant: by name, or the one whose code is good, or the one claimed last."""
    if wanted:
        return next((one for one in hubs if one["hub"] == wanted), None)

    def order(one: Mapping[str, Any]) -> tuple[int, datetime]:
        if one["claimed_at"] is not None:
            return 1, one["claimed_at"]
        return (2 if one["code_expires_at"] > now else 0), one["code_expires_at"]

    return max(hubs, key=order, default=None)


def fitted(
    told: Iterable[SensorHealth] | None,
    heard: Mapping[str, Mapping[str, Any]],
    steps: Sequence[Mapping[str, Any]],
    now: datetime,
) -> list[FittedSensor] | None:
    """Each sensor that the hub listens to, with what walk tests set off of it.

    Args:
        told: What the hub says of them; None where it has said nothing yet.
        heard: What the centre knows of each by name: the `kinds` that it has told, when it last
            told one (`last_at`), and its `battery`.
        steps: Activations by `sensor` and `kind`: how many `times`, and `last_at`.
        now: The centre's clock.
    """
    if told is None:
        return None
    made = [_fitted(one, heard.get(one.sensor, {}), steps, now) for one in told]
    return sorted(made, key=lambda one: (one.place, one.sensor))


def _fitted(
    one: SensorHealth, known: Mapping[str, Any], steps: Sequence[Mapping[str, Any]], now: datetime
) -> FittedSensor:
    kinds = {one.kind, *one.unlike, *known.get("kinds", ())} - {Kind.LINK}
    counts = (kinds - _MEASURES) or kinds
    own = [step for step in steps if step["sensor"] == one.sensor and step["kind"] in counts]
    last_at = max((at for at in (one.last_seen, known.get("last_at")) if at), default=None)
    battery = known.get("battery") if one.battery is None else one.battery
    pressed = Kind.BUTTON in known.get("kinds", ())  # the heartbeat that says so is yet to come
    faults = {
        Fault.NEVER: last_at is None,
        Fault.SILENT: last_at is not None and now - last_at >= SILENT,
        Fault.AWAY: one.online is False,
        Fault.BATTERY: battery is not None and battery <= LOW_BATTERY,
        Fault.LINK: one.link_quality is not None and one.link_quality < WEAK_LINK,
        Fault.STUCK: one.stuck,
        Fault.UNLIKE: bool(one.unlike),
        Fault.UNTRIED: one.untried and not pressed,
    }
    return FittedSensor(
        sensor=one.sensor,
        kind=one.kind,
        place=one.place,
        last_at=last_at,
        battery=battery,
        link=one.link_quality,
        faults=[fault for fault, so in faults.items() if so],
        walks=bool(kinds),
        walked_at=max((step["last_at"] for step in own), default=None),
        walked=sum(step["times"] for step in own),
    )


def list_of(
    settings: HomeSettings, hubs: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]] | None:
    """The list of sensors that the centre may set, as it is; None where it is the hubs' own.

    A hub does not tell all that its file says of a sensor, such as its device or its thresholds: a
    list that was made of what it tells could leave one unheard. So only one that has none begins.
    """
    if settings.sensors is not None:
        return settings.sensors
    told = [read_health(one["health"]) for one in hubs if one["claimed_at"] is not None]
    empty = told and all(one is not None and not one.sensors for one in told)
    return [] if empty else None


def is_quiet(last_seen_at: datetime | None, health: HubHealth | None, now: datetime) -> bool:
    """Whether a hub that was heard has told nothing for longer than three of its heartbeats."""
    every_s = health.every_s if health and health.every_s else 0.0
    most = max(3 * timedelta(seconds=every_s), QUIET)
    return last_seen_at is not None and now - last_seen_at > most


def read_health(told: str | None) -> HubHealth | None:
    """The hub's newest heartbeat; None where there is none that can be read."""
    if told is None:
        return None
    try:
        return decode(told, HubHealth)
    except ContractError:
        return None


def walk_of(asked: CommandLine) -> Walk:
    """A walk test with when it ends, where the hub has begun it."""
    try:
        minutes = decode(bytes(asked.body), WalkTest).minutes
    except ContractError:
        minutes = WalkTest().minutes
    begun = asked.answered_at if asked.state == "under_way" else None
    ends = None if begun is None else begun + timedelta(minutes=minutes)
    return Walk(command=asked, minutes=minutes, ends_at=ends)
