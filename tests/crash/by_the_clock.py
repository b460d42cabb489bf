"""Hardships of a hub that goes by the wall clock, as in a home, where minutes take minutes.

What is told must be what a replay of the journal tells, which nothing ever befell.
"""

import asyncio
import json
import random
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import cycle
from math import inf
from time import monotonic

import msgspec

from contract import Alert, Condition, Kind, Phase, SensorEvent, Severity, decode
from detectors.features.whereabouts import DOORSTEP
from gateway.clock.clock import STOOD_S
from gateway.hearing.backlog import BACKLOG_S
from tests.crash import accounts
from tests.crash.checks import CALL, OF_HOME, nothing_made_up, start_hub
from tests.crash.household import HOME, ROOMS, newest_alerts
from tests.crash.stage import Stage
from tests.support.disk import Disk

AWAY_S = 75.0
"""Longer than an event may trail the newest one."""

BACK_AFTER_S = 15.0
"""So long after the hub devices are back: well after a quiet broker counts as one that told all."""

_RELEASED_S = 3.0
"""Once the broker has told all, what waited for that is heard within this."""

_EVERY_S = 2.5
_APART_S = 0.1
_BOILS_S = 4.0
_WATTS = 2000.0
_KILLS = 5

AHEAD_S = 20 * 3600.0
"""By so much a clock is wrong: nobody is still for so long unless something is amiss."""

DAYS = 9
_STIRS = (21, 18, 15, 12, 9, 6, 4, 2, 1, 0.2)
"""Hours before the present time of the day at which somebody stirs."""
_LEAP_S = 12.0
"""Between two leaps. An open door is told after a minute, and three of these are less."""


async def broker_away_by_the_clock(stage: Stage, _chance: random.Random, _disk: Disk | None) -> str:
    """The broker is away for a minute; devices keep what they say, and come back after the hub."""
    happens = _life()
    _figures(stage, 40.0)
    for _ in range(2 * len(ROOMS)):
        stage.devices.say(next(happens))
        await asyncio.sleep(_APART_S)
    await _settled(stage)
    stage.broker.kill()
    stage.devices.leave()
    kept = len(stage.devices.said)
    until = monotonic() + AWAY_S
    _press(stage, "pendant", 1.0)
    _figures(stage, 42.0)
    while monotonic() < until:
        stage.devices.say(next(happens))
        await asyncio.sleep(_EVERY_S)
    _press(stage, "bedside", 1.0)
    before = stage.hub.said().count("connected to the broker")
    stage.broker.start()
    await stage.until(
        lambda: stage.hub.said().count("connected to the broker") > before, 60, "connected"
    )
    told_by = monotonic() + BACKLOG_S
    await asyncio.sleep(BACK_AFTER_S)
    stage.devices.come_back()
    await _settled(stage)
    await asyncio.sleep(max(0.0, told_by - monotonic()) + _RELEASED_S)
    await _settled(stage)
    _figures(stage, 45.0)
    await _settled(stage)
    await _all_is_there(stage)
    alerts = await _as_replayed(stage, {Condition.HELP_BUTTON})
    return (
        f"recovered: {len(stage.devices.said) - kept} messages of {AWAY_S:g} s, told "
        f"{BACK_AFTER_S:g} s after the hub was back, none late; alerts as a replay tells ({alerts})"
    )


async def killed_while_timers_run(stage: Stage, chance: random.Random, _disk: Disk | None) -> str:
    """The hub is killed again and again while a use is not over yet, and a door stands open."""
    happens = _life()
    _figures(stage, 30.0)
    door = partial(_say, stage, "front_door", Kind.OPENING)
    for value in (1.0, 0.0, 1.0):
        door(value)
        await asyncio.sleep(_APART_S)
    _press(stage, "pendant", 1.0)
    _boil(stage, await _until_boiled(stage))
    stage.devices.say(next(happens))
    await stage.heard(len(stage.devices.said) - 1)
    for _ in range(_KILLS):
        stage.hub.kill()
        await asyncio.sleep(chance.uniform(0, 8))
        await start_hub(stage)
        await asyncio.sleep(chance.uniform(0, 8))
    await _told(stage, Condition.URGENT_HOUSEHOLD_RULE)
    door(0.0)
    _figures(stage, 35.0)
    _press(stage, "pendant", 0.0)
    await _settled(stage)
    await _all_is_there(stage)
    alerts = await _as_replayed(stage, {Condition.HELP_BUTTON, Condition.URGENT_HOUSEHOLD_RULE})
    return (
        f"recovered: {_KILLS} kills, one use and one open door told once; alerts as a replay "
        f"tells ({alerts})"
    )


async def clock_leaps(stage: Stage, _chance: random.Random, _disk: Disk | None) -> str:
    """The machine's clock is set hours ahead, minutes ahead and back, while the hub is killed."""
    stage.hub.kill()
    stage.takes_in(_days_before())
    await start_hub(stage)
    began = len(stage.devices.said)
    happens, door = _life(), partial(_say, stage, "front_door", Kind.OPENING)

    async def lives_on(humid: float) -> None:
        """What counts time is under way while all of it is told; none of it lasts too long."""
        stage.devices.say(next(happens))
        _figures(stage, humid)
        _press(stage, "pendant", 1.0)
        await asyncio.sleep(_LEAP_S)

    door(1.0)
    door(0.0)
    await asyncio.sleep(DOORSTEP + _APART_S)  # else somebody may have gone out
    await lives_on(30.0)
    stage.clock.set_ahead(AHEAD_S)
    await lives_on(32.0)
    stage.hub.kill()
    await start_hub(stage)
    await lives_on(34.0)
    await _none_is_missed(stage)
    stage.clock.set_ahead(0)
    await lives_on(36.0)
    stage.hub.kill()
    await start_hub(stage)
    await stage.until(
        lambda: stage.journal.counters().get("set_back", 0) == 1,
        STOOD_S + 120,
        "event time is set back",
    )
    door(1.0)
    await lives_on(38.0)
    stage.hub.kill()
    stage.clock.set_ahead(AHEAD_S / 2)  # as no hub looks
    await start_hub(stage)
    await lives_on(40.0)
    door(0.0)
    await _none_is_missed(stage)
    stage.clock.set_ahead(0)
    await lives_on(42.0)
    await _received(stage)
    await _all_is_counted_once(stage)
    calls = _each_press_was_told(stage)
    await _none_is_missed(stage)
    told = await _as_replayed(stage, {Condition.HELP_BUTTON})
    said = len(stage.devices.said) - began
    return (
        f"recovered: {said} messages while the clock leapt {AHEAD_S / 3600:g} h ahead and back, "
        f"and {AHEAD_S / 7200:g} h between two lives of the hub; {calls} calls told, no silence "
        f"made up, alerts as a replay tells ({told})"
    )


def _days_before() -> list[SensorEvent]:
    """Days of an ordinary life that end now, by which a hub knows what silence is too long."""
    now = datetime.now(UTC).replace(microsecond=0)
    times = (
        now - timedelta(days=day, hours=hour) for day in range(DAYS, -1, -1) for hour in _STIRS
    )
    return [
        msgspec.structs.replace(_event(room, Kind.MOTION, 1.0), at=at)
        for at, room in zip(times, cycle(ROOMS), strict=False)
    ]


async def _received(stage: Stage) -> None:
    """Waits until all that was said is journalled and received."""
    await stage.acknowledged()
    said = len(stage.devices.said)
    await stage.until(lambda: len(stage.journal.events()) >= said, 60, "all is journalled")
    await stage.until(stage.journal.is_received, 60, "all is received")


async def _all_is_counted_once(stage: Stage) -> None:
    """Checks that the centre holds what was said, by sensor and figure: the times may be wrong."""
    said = Counter((one.sensor, one.value) for one in stage.devices.said)
    found = Counter((one.sensor, one.value) for one in await stage.centre_ledger.events())
    assert found == said, (found - said, said - found)


async def _none_is_missed(stage: Stage) -> None:
    """Checks that nothing urgent was told but calls."""
    await _received(stage)
    urgent = [one for one in await stage.centre_ledger.alerts() if one.severity == Severity.URGENT]
    made_up = [(one.id, one.text) for one in urgent if one.condition != CALL]
    assert not made_up, made_up


def _each_press_was_told(stage: Stage) -> int:
    """Checks that the hub told of a call after each press and before the next; how many."""
    pressed = [
        seq
        for seq, one in stage.journal.events_by_number().items()
        if one.kind == Kind.BUTTON and one.value
    ]
    told = [
        seq
        for seq, one in stage.journal.alerts_by_number().items()
        if one.condition == CALL and one.phase == Phase.OPEN
    ]
    for seq, after in zip(pressed, [*pressed[1:], inf], strict=True):
        assert any(seq < one < after for one in told), (seq, after, told)
    return len(pressed)


def _life() -> Iterator[SensorEvent]:
    """What happens now, whenever it is asked, and bears its time."""
    for room in cycle(ROOMS):
        yield _event(room, Kind.MOTION, 1.0)


def _figures(stage: Stage, humid: float) -> None:
    """Says what bears no time; no two figures may be the same.

    It counts when it is heard, also where the broker was away and others have yet to tell what is
    older: it waits for them.
    """
    stage.devices.say(_event("bathroom", Kind.HUMIDITY, humid))
    stage.devices.say(_event("lounge", Kind.TEMPERATURE, humid / 2))


def _event(place: str, kind: Kind, value: float) -> SensorEvent:
    now = datetime.now(UTC)
    at = now.replace(microsecond=now.microsecond // 1000 * 1000)  # as devices tell it
    return SensorEvent(
        home=HOME, sensor=f"{place}-{kind}", kind=kind, place=place, at=at, value=value
    )


def _say(stage: Stage, place: str, kind: Kind, value: float) -> None:
    stage.devices.say(_event(place, kind, value))


def _press(stage: Stage, place: str, value: float) -> None:
    _say(stage, place, Kind.BUTTON, value)


async def _until_boiled(stage: Stage) -> datetime:
    """A plug tells a kettle's power; when it began."""
    began = _power(stage, _WATTS)
    await asyncio.sleep(_BOILS_S)
    return began


def _boil(stage: Stage, began: datetime) -> None:
    """The kettle switches off: a use, once the plug has told so for long enough."""
    ended = _power(stage, 0.0)
    seconds = (ended - began).total_seconds()
    use = _event("kettle", Kind.APPLIANCE, round(_WATTS * seconds / 3600, 3))
    stage.devices.said.append(
        SensorEvent(
            home=HOME, sensor="plug", kind=use.kind, place=use.place, at=ended, value=use.value,
            duration=round(seconds, 3),
        )
    )  # fmt: skip


def _power(stage: Stage, watts: float) -> datetime:
    at = _event("kettle", Kind.APPLIANCE, watts).at
    said = {"power": watts, "last_seen": at.isoformat()}
    stage.devices.tell_state("zigbee2mqtt/plug", json.dumps(said).encode())
    return at


async def _settled(stage: Stage) -> None:
    """Waits until all is received; last a message that bears a time shows that it is."""
    _say(stage, "hallway", Kind.MOTION, 1.0)
    await stage.settled()


async def _told(stage: Stage, condition: Condition) -> None:
    """Waits until the centre has an alert of that condition."""
    deadline = monotonic() + 200
    while condition not in {one.condition for one in await stage.centre_ledger.alerts()}:
        assert monotonic() < deadline, f"{condition} was never told\n{stage.told()}"
        await asyncio.sleep(1)


async def _all_is_there(stage: Stage) -> None:
    """Checks that the centre holds all that was said, once, and none of it distrusted."""
    held = await stage.centre_ledger.events()
    found = accounts.events(stage.devices.said, held, dated_by_hub=True)
    assert not found.missing, found.missing
    nothing_made_up(found)


async def _as_replayed(stage: Stage, expected: set[Condition]) -> int:
    """Checks that the centre's alerts of the home are, byte for byte, those of a replay."""
    found = [one for one in await stage.centre_ledger.alerts() if one.condition in OF_HOME]
    should = [decode(line, Alert) for line in stage.replayed()]
    both = accounts.alerts(newest_alerts(should), newest_alerts(found))
    assert both.even, both
    assert expected <= {one.condition for one in found}
    return len(found)
