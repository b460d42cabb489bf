"""The hubs of one home as their page shows them: what they are set to, and what they were told."""

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

from markupsafe import Markup

from api.console.text import Catalogue
from api.console.views import words
from api.console.views.home import kind_name
from api.console.views.times import Clock, abbreviation, zone_of
from api.console.views.unwatched import asked_for, unwatched
from api.downlink.views import CommandLine, ConfigurationDetail, HubStanding, Step
from api.homes.views import HomeDetail, Hub
from api.identity.people import Member
from api.identity.permissions import Permission
from contract import CommandKind, Condition
from contract.downlink import Away, Pause, Relearn, WalkTest

HOURS = (1, 2, 4, 8, 24)
LONG_HOURS = (*HOURS, 48, 168)
MINUTES = (15, 30, 60, 120)
LEARNED = (
    Condition.DEHYDRATION_RISK, Condition.UTI_RISK, Condition.FALL_RISK, Condition.POSSIBLE_FALL,
    Condition.NO_MOVEMENT, Condition.NIGHT_WANDERING, Condition.UNUSUAL_DAY,
    Condition.SENSOR_SILENT,
)  # fmt: skip
"""What may be learned anew; a hub that does not watch for it says so."""
_SIGNS = {
    "done": "good", "under_way": "technical", "refused": "advisory", "expired": "advisory",
    "unanswered": "advisory", "cut_short": "advisory",
}  # fmt: skip
_GAVE_BACK = frozenset({"refused", "reverted"})
_ICONS = {"good": "good", "technical": "wait", "advisory": "advisory", "soft": "wait"}


class CommandRow(NamedTuple):
    """One command: what was asked, when, where it stands, and what the hub said."""

    what: Markup
    when: Markup
    sign: str
    icon: str
    state: Markup
    said: str


class Walked(NamedTuple):
    """A sensor that was set off in a walk test."""

    place: str
    kind: str
    sensor: str
    times: int
    last: Markup


class HubPanel(NamedTuple):
    """One hub.

    Attributes:
        unwatched: What stops it from watching, and until when, as far as is known.
        standing: How it stands with the configuration; `reason` is its own sentence.
        fine: Whether it runs with the newest.
        gave_back: Whether it could not run with the newest, which then may be tried again.
        walked: What the newest walk test set off; None where there was none.
    """

    name: str
    heard: Markup | None
    unwatched: list[Markup]
    standing: Markup
    fine: bool
    gave_back: bool
    reason: str
    ahead: Markup | None
    commands: list[CommandRow]
    walked: list[Walked] | None


class Told(NamedTuple):
    """What one hub was told.

    Attributes:
        commands: The newest.
        going_on: Those that are not over, however old.
        steps: What the newest walk test set off; None where there was none.
    """

    commands: list[CommandLine]
    going_on: list[CommandLine]
    steps: list[Step] | None


class HubPage(NamedTuple):
    """Everything the page of a home's hubs shows.

    Attributes:
        long: Whether whoever looks may leave the home unwatched for long, and have it learn anew.
        today: The home's day, before which nobody can be away.
    """

    id: str
    name: str
    zone: str
    version: int
    edition: int
    made: Markup | None
    hubs: list[HubPanel]
    long: bool
    today: str
    hours: tuple[int, ...]
    minutes: tuple[int, ...]
    conditions: list[tuple[str, str]]


def hub_page(
    home: HomeDetail,
    configuration: ConfigurationDetail,
    told: dict[str, Told],
    *,
    me: Member,
    now: datetime,
    text: Catalogue,
) -> HubPage:
    """The hubs of one home as `me` sees them at `now`."""
    clock = Clock(now, home.time_zone, text)
    standing = {one.hub: one for one in configuration.hubs}
    long = me.may(Permission.SEND_LONG)
    return HubPage(
        id=home.home,
        name=words.home(home.label, home.home),
        zone=abbreviation(clock.local(now)),
        version=configuration.version,
        edition=configuration.edition,
        made=clock.stamp(configuration.made_at) if configuration.made_at else None,
        hubs=[
            _panel(hub, standing[hub.hub], configuration.version, told[hub.hub], clock)
            for hub in home.at_work
            if hub.hub in standing
        ],
        long=long,
        today=f"{clock.local(now).date()}",
        hours=LONG_HOURS if long else HOURS,
        minutes=MINUTES,
        conditions=[(one, words.condition(one, text).title) for one in LEARNED],
    )


def _panel(hub: Hub, standing: HubStanding, version: int, told: Told, clock: Clock) -> HubPanel:
    return HubPanel(
        name=hub.hub,
        heard=clock.stamp(hub.last_seen_at) if hub.last_seen_at else None,
        unwatched=unwatched(told.going_on, clock),
        standing=standing_line(standing, version, clock.text),
        fine=standing.applied == version or not version,
        reason=standing.reason if standing.state != "applied" else "",
        ahead=_ahead(standing, clock),
        gave_back=standing.told == version and standing.state in _GAVE_BACK,
        commands=[_row(one, clock) for one in told.commands],
        walked=None if told.steps is None else _walked(told.steps, clock),
    )


def _walked(steps: list[Step], clock: Clock) -> list[Walked]:
    """By sensor, the one that was set off last first."""
    last = {(one.place, one.kind, one.sensor): one.at for one in steps}
    times = Counter((one.place, one.kind, one.sensor) for one in steps)
    return [
        Walked(
            words.place(key[0]), kind_name(key[1], clock.text), key[2], times[key], clock.stamp(at)
        )
        for key, at in sorted(last.items(), key=lambda one: one[1], reverse=True)
    ]


def _ahead(one: HubStanding, clock: Clock) -> Markup | None:
    if one.ahead_at is None:
        return None
    return clock.text("hub.ahead", time=clock.stamp(one.ahead_at), said=one.ahead)


def standing_line(one: HubStanding, version: int, text: Catalogue) -> Markup:
    """How a hub stands with the newest version, in a sentence."""
    if not version:
        return text("hub.own_file")
    if one.told == version and one.state in _GAVE_BACK:
        return text(f"hub.{one.state}", n=version)
    if one.applied == version:
        return text("hub.newest", n=version)
    if one.applied is None:
        return text("hub.not_yet", n=version)
    return text("hub.older", n=version, has=one.applied)


def _row(one: CommandLine, clock: Clock) -> CommandRow:
    sign = _SIGNS.get(one.state, "soft")
    state = f"told_{one.state}" if one.state == "waiting" and one.told_at else one.state
    known = clock.text.has(f"hub.state.{state}")
    return CommandRow(
        what=_what(one, clock),
        when=clock.stamp(one.issued_at),
        sign=sign,
        icon=_ICONS[sign],
        state=clock.text(f"hub.state.{state}") if known else Markup.escape(one.state),
        said=one.said,
    )


def _what(one: CommandLine, clock: Clock) -> Markup:
    text, body = clock.text, asked_for(one)
    match body:
        case Pause(until=until):
            return text("hub.what.pause", time=clock.stamp(until))
        case Away(until=until):
            return text("hub.what.away", day=clock.day(clock.local(until)))
        case WalkTest(minutes=minutes):
            return text("hub.what.walk_test", n=minutes)
        case Relearn(conditions=conditions):
            named = ", ".join(words.condition(each, text).title for each in conditions)
            return text("hub.what.relearn", what=named)
        case _:
            known = text.has(f"hub.what.{one.kind}")
            return text(f"hub.what.{one.kind}") if known else Markup.escape(one.kind)


class WrongError(ValueError):
    """A field of a form that will not do; its name."""


def body_of(typed: Mapping[str, str], zone: str, now: datetime) -> dict[str, Any]:
    """The body of the command that a form asks for, in the home's own time.

    Raises:
        WrongError: One of its fields will not do.
    """
    make = _BODIES.get(typed.get("kind", ""))
    return make(typed, zone, now) if make else {}


def _pause(typed: Mapping[str, str], _: str, now: datetime) -> dict[str, Any]:
    hours = _number(typed, "hours", LONG_HOURS)
    # To the minute, so that a button pressed twice asks for the same.
    return {"until": (now.replace(second=0, microsecond=0) + timedelta(hours=hours)).isoformat()}


def _away(typed: Mapping[str, str], zone: str, _: datetime) -> dict[str, Any]:
    try:
        day = date.fromisoformat(typed.get("until", ""))
    except ValueError:
        raise WrongError("until") from None
    return {"until": datetime.combine(day, time(23, 59, 59), zone_of(zone)).isoformat()}


def _walk_test(typed: Mapping[str, str], _: str, __: datetime) -> dict[str, Any]:
    return {"minutes": _number(typed, "minutes", MINUTES)}


def _relearn(typed: Mapping[str, str], _: str, __: datetime) -> dict[str, Any]:
    return {"conditions": [typed.get("condition", "")]}


def _number(typed: Mapping[str, str], field: str, allowed: tuple[int, ...]) -> int:
    for one in allowed:
        if typed.get(field) == f"{one}":
            return one
    raise WrongError(field)


_BODIES: dict[str, Callable[[Mapping[str, str], str, datetime], dict[str, Any]]] = {
    CommandKind.PAUSE: _pause,
    CommandKind.AWAY: _away,
    CommandKind.WALK_TEST: _walk_test,
    CommandKind.RELEARN: _relearn,
}
