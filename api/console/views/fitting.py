"""The fitting of a home as its page shows it: steps in order, what is done, what to do now."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from markupsafe import Markup

from api.console.text import Catalogue
from api.console.views import words
from api.console.views.home import kind_name
from api.console.views.hub import standing_line
from api.console.views.times import Clock, abbreviation
from api.downlink.views import ConfigurationDetail
from api.fitting.listing import PLACES
from api.fitting.views import (
    RECENT,
    Answered,
    Call,
    FittedHub,
    FittedSensor,
    Fitting,
    Open,
    SignedLine,
    TriedAlert,
    Walk,
    Why,
)
from contract import Kind

STEPS = ("hub", "sensors", "walk", "test", "call", "sign")
"""In the order in which an installer goes through them."""
MINUTES = (5, 15, 30, 60)
END_MINUTES = 1
"""A hub ends a walk test for another: the shortest one is how it is ended early."""
_SIGNS = {"done": ("good", "good"), "now": ("advisory", "next"), "later": ("resting", "unseen")}


class StepHead(NamedTuple):
    """One step: `state` is `done`, `now` (the first that is not) or `later`."""

    name: str
    number: int
    title: Markup
    state: str
    sign: str
    icon: str
    word: Markup


class HubSaid(NamedTuple):
    """How the hub stands.

    Attributes:
        waiting: No device has claimed its place.
        said: In one sentence.
        more: What to do, or when it was last heard.
    """

    name: str
    waiting: bool
    said: Markup
    more: Markup


class SensorRow(NamedTuple):
    """A sensor: when it was heard, its battery and signal; what is wrong with it, and the cure."""

    what: str
    name: str
    facts: list[Markup]
    faults: list[Markup]


class Entry(NamedTuple):
    """An entry of the list of sensors, with what may be chosen for it."""

    number: int
    what: str
    name: str
    place: str
    kind: str
    kinds: list[tuple[str, str]]


class Tick(NamedTuple):
    """A sensor in the walk test; `said` is how it was heard, empty where it was not."""

    what: str
    name: str
    said: Markup | None


class WalkSaid(NamedTuple):
    """How the newest walk test stands.

    Attributes:
        open: It goes on, or may yet begin.
        ends: Whether there is something to end early.
        said: How it stands.
        hub: What the hub said of it when it was over.
    """

    open: bool
    ends: bool
    said: Markup
    hub: str


class SignedRow(NamedTuple):
    """A sign-off: its number, and who signed when."""

    number: int
    said: Markup


class FittingPage(NamedTuple):
    """Everything that the page shows.

    Attributes:
        heads: The steps by name.
        progress: How many are done, and which is next.
        ticks: Each sensor that can be walked past; None where the hub has named none.
        missed: A walk test is over, and not every sensor was set off.
        sensors: None where the hub has named none yet; `told` is when it did.
        entries: The list of sensors, where it is the centre's; None where it is the hub's own.
        standing: Where the hub runs with other settings, that; `refused` is its reason.
        test: How the newest test alert stands; `testing` while it may yet arrive.
        call: Who answered the newest test call; `answered` are the words to choose from.
        open: What is not passed, a sentence each.
        signed: Sign-offs, the newest first.
        whys: Why one may be signed off with something open: word and sentence.
    """

    id: str
    name: str
    zone: str
    heads: dict[str, StepHead]
    progress: Markup
    hub: HubSaid | None
    command: str
    others: list[str]
    sensors: list[SensorRow] | None
    told: Markup | None
    entries: list[Entry] | None
    edition: int
    kinds: list[tuple[str, str]]
    places: tuple[str, ...]
    standing: Markup | None
    refused: str
    ticks: list[Tick]
    walk: WalkSaid | None
    missed: bool
    test: Markup | None
    testing: bool
    call: Markup | None
    answered: list[tuple[str, Markup]]
    open: list[Markup]
    signed: list[SignedRow]
    whys: list[tuple[str, Markup]]
    minutes: tuple[int, ...]
    end_minutes: int


def fitting_page(
    found: Fitting, configuration: ConfigurationDetail, now: datetime, text: Catalogue
) -> FittingPage:
    """The fitting as it stands at `now`."""
    clock = Clock(now, found.time_zone, text)
    heads = _heads(found, now, text)
    name = found.hub.hub if found.hub else ""
    standing = next((one for one in configuration.hubs if one.hub == name), None)
    behind = standing is not None and standing.applied != configuration.version
    walk = None if found.walk is None else _walk(found.walk, clock)
    return FittingPage(
        id=found.home,
        name=words.home(found.label, found.home),
        zone=abbreviation(clock.local(now)),
        heads={one.name: one for one in heads},
        progress=_progress(heads, text),
        hub=None if found.hub is None else _hub(found.hub, clock),
        command=f"sudo telecare-gateway claim {text('fitting.code')}",
        others=found.others,
        sensors=None if found.sensors is None else [_sensor(one, clock) for one in found.sensors],
        told=clock.stamp(found.told_at) if found.told_at else None,
        entries=None
        if found.listed is None
        else [_entry(number, one, text) for number, one in enumerate(found.listed)],
        edition=found.edition,
        kinds=[(kind, kind_name(kind, text)) for kind in Kind],
        places=PLACES,
        standing=standing_line(standing, configuration.version, text)
        if standing and configuration.version and behind
        else None,
        refused=standing.reason if standing and behind else "",
        ticks=[_tick(one, clock) for one in found.sensors or () if one.walks],
        walk=walk,
        missed=bool(walk and not walk.open and found.unwalked),
        test=None if found.test is None else _test(found.test, clock),
        testing=found.test is not None and found.test.open,
        call=None if found.call is None else call_line(found.call, clock),
        answered=[(one, text(f"fitting.answered.{one}")) for one in Answered],
        open=[open_line(one, named(found.sensors or (), text), text) for one in found.open],
        signed=[_signed(one, clock) for one in found.signed],
        whys=[(why, text(f"fitting.why.{why}")) for why in Why],
        minutes=MINUTES,
        end_minutes=END_MINUTES,
    )


def _heads(found: Fitting, now: datetime, text: Catalogue) -> list[StepHead]:
    signed = found.signed[0].signed_at if found.signed else None
    done = {
        "hub": found.hub is not None and found.hub.online,
        "sensors": found.fine,
        "walk": found.walked,
        "test": found.test is not None and found.test.arrived_at is not None,
        "call": found.call is not None and found.call.answered != Answered.NOBODY,
        "sign": signed is not None and now - signed < RECENT,
    }
    first = next((name for name in STEPS if not done[name]), "")
    heads = []
    for number, name in enumerate(STEPS, start=1):
        state = "done" if done[name] else "now" if name == first else "later"
        sign, icon = _SIGNS[state]
        word = text(f"fitting.is_{state}")
        heads.append(StepHead(name, number, text(f"fitting.step.{name}"), state, sign, icon, word))
    return heads


def _progress(heads: list[StepHead], text: Catalogue) -> Markup:
    following = next((one.title for one in heads if one.state == "now"), None)
    if following is None:
        return text("fitting.all_done")
    done = sum(one.state == "done" for one in heads)
    return text("fitting.progress", n=done, all=len(heads), step=following)


def _hub(hub: FittedHub, clock: Clock) -> HubSaid:
    text = clock.text
    if hub.claimed_at is None:
        good = hub.code_expires_at > clock.now
        said = text("places.waits", time=clock.stamp(hub.code_expires_at)) if good else None
        return HubSaid(hub.hub, True, said or text("places.expired"), text("fitting.hub_type"))
    claimed = clock.stamp(hub.claimed_at)
    if hub.last_seen_at is None:
        said = text("fitting.hub_claimed", time=claimed)
        return HubSaid(hub.hub, False, said, text("fitting.hub_claimed_do"))
    last = clock.stamp(hub.last_seen_at)
    if hub.quiet:
        said = text("fitting.hub_quiet", time=last)
        return HubSaid(hub.hub, False, said, text("fitting.hub_claimed_do"))
    heard = text("home.hub_heard", time=last)
    return HubSaid(hub.hub, False, text("fitting.hub_online", time=claimed), heard)


def _sensor(one: FittedSensor, clock: Clock) -> SensorRow:
    text, facts = clock.text, []
    if one.last_at is not None:
        facts.append(text("home.hub_heard", time=clock.stamp(one.last_at)))
    if one.battery is not None:
        facts.append(text("fitting.battery", n=f"{one.battery:.0f}"))
    if one.link is not None:
        facts.append(text("fitting.link_is", n=f"{one.link:.0f}"))
    faults = [text(f"fitting.fault.{fault}") for fault in one.faults]
    return SensorRow(sensor_name(one, text), one.sensor, facts, faults)


def _entry(number: int, one: Mapping[str, Any], text: Catalogue) -> Entry:
    name, kind, place = (f"{one.get(key, '')}" for key in ("name", "kind", "place"))
    kinds = [Kind.BUTTON] if kind == Kind.BUTTON else list(Kind)  # a help button stays one
    what = f"{words.place(place)}: {kind_name(kind, text)}"
    return Entry(number, what, name, place, kind, [(each, kind_name(each, text)) for each in kinds])


def _test(test: TriedAlert, clock: Clock) -> Markup:
    text, one = clock.text, test.command
    if test.arrived_at is not None:
        return text("fitting.test_arrived", time=clock.stamp(test.arrived_at))
    if one.state == "done":
        return text("fitting.test_raised")
    if test.open:
        word = "test_told" if one.told_at else "test_waiting"
        return text(f"fitting.{word}")
    known = text.has(f"hub.state.{one.state}")
    state = text(f"hub.state.{one.state}") if known else Markup.escape(one.state)
    return text("fitting.test_not", state=state)


def call_line(call: Call, clock: Clock) -> Markup:
    """Who answered a test call, when, and who noted it."""
    who, when = clock.text(f"fitting.answered.{call.answered}"), clock.stamp(call.called_at)
    return clock.text("fitting.called", time=when, name=call.by, who=who)


def _tick(one: FittedSensor, clock: Clock) -> Tick:
    said = None
    if one.walked_at is not None:
        said = clock.text("fitting.ticked", n=one.walked, time=clock.stamp(one.walked_at))
    return Tick(sensor_name(one, clock.text), one.sensor, said)


def _signed(one: SignedLine, clock: Clock) -> SignedRow:
    word, when = "signed_open" if one.open else "signed", clock.stamp(one.signed_at)
    said = clock.text(f"fitting.{word}", n=one.open, time=when, name=one.by)
    return SignedRow(one.fitting, said)


def named(sensors: Iterable[FittedSensor], text: Catalogue) -> dict[str, str]:
    """What each sensor is called on the page, by its name."""
    return {one.sensor: f"{sensor_name(one, text)} ({one.sensor})" for one in sensors}


def open_line(one: Open, called: Mapping[str, str], text: Catalogue) -> Markup:
    """Something that is not passed, in a sentence; what a newer version noted by its own word."""
    sensor = called.get(one.sensor, one.sensor)
    if text.has(f"fitting.open.{one.what}"):
        return text(f"fitting.open.{one.what}", sensor=sensor)
    return Markup.escape(f"{one.what.replace('_', ' ')} {sensor}".strip())


def sensor_name(one: FittedSensor, text: Catalogue) -> str:
    """A sensor by what it watches: `Bathroom: movement`."""
    return f"{words.place(one.place)}: {kind_name(one.kind, text)}"


def _walk(walk: Walk, clock: Clock) -> WalkSaid:
    text, one = clock.text, walk.command
    if walk.ends_at is not None:
        ends = text("fitting.walk_until", time=clock.stamp(walk.ends_at))
        return WalkSaid(True, walk.minutes > END_MINUTES, ends, "")
    if walk.open:
        word = "walk_told" if one.told_at else "walk_waiting"
        return WalkSaid(True, False, text(f"fitting.{word}"), "")
    if one.state == "done":
        over = one.answered_at or one.issued_at
        return WalkSaid(False, False, text("fitting.walk_over", time=clock.stamp(over)), one.said)
    known = text.has(f"hub.state.{one.state}")
    state = text(f"hub.state.{one.state}") if known else Markup.escape(one.state)
    return WalkSaid(False, False, text("fitting.walk_not", state=state), one.said)
