"""Puts a hub's parts together around its journal; where messages come from is up to the caller."""

import random
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from contract import CommandKind
from gateway.backoff import Backoff
from gateway.clock.clock import HubClock
from gateway.clock.leaps import Leaps
from gateway.clock.setting_back import SettingBack
from gateway.detecting import hub_engine
from gateway.dialects.networks import spoken_in
from gateway.downlink.book import DownlinkBook
from gateway.downlink.discretion import Discretion
from gateway.downlink.spells import Spells
from gateway.engine import Watermark
from gateway.engine.switched_off import with_off
from gateway.engine_room import EngineRoom
from gateway.health.heartbeat import heartbeat
from gateway.hearing.hearing import Hearing, Past
from gateway.hearing.recall import recall
from gateway.hearing.waiting_room import WaitingRoom
from gateway.hub import Hub
from gateway.journal import Journal
from gateway.normaliser import Normaliser
from gateway.normaliser.faults import Fault
from gateway.parts import Parts
from gateway.settings import Settings
from gateway.uplink.clock import CentreClock, Measure
from gateway.watch.deafness import Deafness, Gaps, gate_of
from gateway.watch.faults_told import FaultsTold
from gateway.watch.own_alerts import OwnAlerts
from gateway.watch.own_watch import OwnWatch
from gateway.watch.unread import refused_lately, unread
from gateway.writer import Writer

Clock = Callable[[], float]


class Assembled(NamedTuple):
    """A hub, the room in which its engine runs, and how the centre's clock stands to its own."""

    hub: Hub
    room: EngineRoom
    centre_clock: CentreClock


def make_hub(
    settings: Settings,
    journal: Journal,
    folder: Path,
    *,
    now: Clock = time.time,
    elapsed: Clock = time.monotonic,
    started_at: float | None = None,
    clock: HubClock | None = None,
    spells: Spells | None = None,
    version: int | None = None,
    faults: Sequence[Fault] = (),
) -> Assembled:
    """A hub with all registered detectors, standing where it last stood.

    Args:
        settings: Its own.
        journal: Open.
        folder: On the disk whose room it reports.
        now: Its clock, in epoch seconds.
        elapsed: A clock that only runs forward, in seconds.
        started_at: When its process began, in epoch seconds; None for now. A hub that goes on with
            other settings has not been started again.
        clock: What the two are read from, where they may be wrong.
        spells: What the centre asked for that lasts for a time.
        version: Of the centre's configuration that is part of the settings.
        faults: What is wrong with sensors besides what they say.
    """
    lasting = spells or Spells(DownlinkBook(journal), settings.hub.id, settings.hub.home)
    journal.switch_off(settings.hub.off)
    watermark = make_watermark(settings, journal)
    gaps, leaps = Gaps(journal), Leaps(journal, clock)
    room = make_room(settings, journal, watermark, now, spells=lasting, gaps=gaps, leaps=leaps)
    centre_clock = make_clock(journal, now, clock)
    normaliser = Normaliser(settings.hub.home, settings.sensors)
    own = OwnAlerts(journal)
    # A clock that was not set yet dates nothing before what the hub knows to have been.
    names = recall(journal, normaliser, own, max(now(), journal.clock()[1] or 0.0))
    deafness = Deafness(
        gaps, own, alert_after_s=settings.broker.away_alert_s, blindfold=room.blindfold
    )
    discreet = Discretion(lasting, journal)
    began = now() if started_at is None else started_at
    parts = Parts(
        journal=journal,
        hearing=_hearing(settings, journal, normaliser, watermark, names),
        room=room,
        writer=Writer(make_backoff(first=0.5, most=30.0), written=journal.changes),
        health=lambda: discreet(
            heartbeat(
                journal,
                normaliser.health(),
                folder,
                started_at=began,
                now=now(),
                configuration=version,
                clock=centre_clock.best,
                every_s=settings.hub.health_every_s,
                broker=deafness.standing(now(), elapsed()),
            )
        ),
        deafness=deafness,
        own=OwnWatch(journal, own),
        faults=FaultsTold(
            own,
            lambda: [
                *faults,
                *normaliser.faults(),
                *unread(settings.sensors, refused_lately(journal, now())),
            ],
        ),
        setting_back=None if clock is None else SettingBack(journal, room, clock, leaps),
        hush=lasting.hush,
        paused=lambda: lasting.now(CommandKind.PAUSE) is not None,
        now=now,
        elapsed=elapsed,
        clock=clock,
        leaps=leaps,
        waiting=None if clock is None else WaitingRoom(journal, clock, journal.clock()[1]),
    )
    hub = Hub(parts, live=settings.clock.source == "wall")
    return Assembled(hub, room, centre_clock)


def make_watermark(settings: Settings, journal: Journal) -> Watermark:
    """How far event time has come by what is journalled."""
    newest, _ = journal.clock()
    if newest is None:
        return Watermark(settings.lag_s)
    return Watermark(settings.lag_s, newest=newest)


def make_room(
    settings: Settings,
    journal: Journal,
    watermark: Watermark,
    now: Clock = time.time,
    *,
    spells: Spells | None = None,
    gaps: Gaps | None = None,
    leaps: Leaps | None = None,
) -> EngineRoom:
    """The engine with all registered detectors, standing where it last stood."""
    lasting = spells or Spells(DownlinkBook(journal), settings.hub.id, settings.hub.home)
    passed_over = (leaps or Leaps(journal)).all
    seen = gate_of(lasting.pauses, gaps or Gaps(journal), settings.hub.time_zone, leaps=passed_over)
    gate = with_off(seen, settings.hub.off)
    return EngineRoom(
        journal,
        lambda on_fault: hub_engine(
            settings.profile, settings.lag_s, on_fault, gate, mends=True, leaps=passed_over
        ),
        watermark,
        now,
    )


def make_clock(
    journal: Journal, now: Clock = time.time, own: HubClock | None = None
) -> CentreClock:
    """How the centre's clock stands to the hub's, as last measured.

    Args:
        journal: Where that is kept.
        now: The hub's clock, in epoch seconds.
        own: The same, where it may not know the time: then it takes the centre's.
    """
    rows = journal.rows("select ahead, sure, measured_at from centre_clock")

    def keep(measure: Measure) -> None:
        query = "insert or replace into centre_clock values (1, ?, ?, ?)"
        journal.write_together((), lambda db: db.execute(query, measure), now())

    kept = Measure(*rows[0]) if rows else None
    return CentreClock(kept, keep) if own is None else CentreClock(kept, keep, own.told)


def make_backoff(*, first: float, most: float) -> Backoff:
    """Waits between tries, in seconds; no two hubs wait alike."""
    return Backoff(first=first, most=most, chance=random.random)


def _hearing(
    settings: Settings,
    journal: Journal,
    normaliser: Normaliser,
    watermark: Watermark,
    names: bytes | None,
) -> Hearing:
    _, received = journal.clock()
    return Hearing(
        spoken_in(settings.heard),
        normaliser,
        watermark,
        Past(journal.deliveries(), received, names),
        follows_wall_clock=settings.clock.source == "wall",
    )
