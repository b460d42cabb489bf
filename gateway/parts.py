"""What a hub is made of."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from contract import HubHealth
from gateway.clock.clock import HubClock
from gateway.clock.leaps import Leaps
from gateway.clock.setting_back import SettingBack
from gateway.engine_room import EngineRoom
from gateway.hearing.hearing import Hearing
from gateway.hearing.waiting_room import WaitingRoom
from gateway.journal import Intake, Journal
from gateway.watch.deafness import Deafness
from gateway.watch.faults_told import FaultsTold
from gateway.watch.own_watch import OwnWatch
from gateway.writer import Writer


@dataclass(frozen=True, slots=True)
class Parts:
    """What a hub is made of.

    Attributes:
        journal: Where everything is kept.
        hearing: Turns messages into events.
        room: Runs the engine along the journal.
        writer: Does the writes that must not be given up.
        health: Says how the hub fares.
        hush: Takes out of an intake what is not to be kept, such as in a pause; gives the sensors
            whose battery was told in it.
        paused: Whether recording is paused.
        now: The hub's clock, in epoch seconds.
        elapsed: A clock that only runs forward, in seconds.
        clock: Looks whether the machine's clock is right; None where there is no doubt.
        waiting: Where messages wait until it is.
        deafness: Tells where no sensor can be heard.
        own: Tells of the hub itself.
        faults: Tells of sensors that speak and cannot be believed.
        leaps: Notes where the clock leaps ahead.
        setting_back: Sets event time back that a wrong clock carried ahead.
    """

    journal: Journal
    hearing: Hearing
    room: EngineRoom
    writer: Writer
    health: Callable[[], HubHealth]
    hush: Callable[[Intake], set[str]] = lambda _intake: set()
    paused: Callable[[], bool] = lambda: False
    now: Callable[[], float] = time.time
    elapsed: Callable[[], float] = time.monotonic
    clock: HubClock | None = None
    waiting: WaitingRoom | None = None
    deafness: Deafness | None = None
    own: OwnWatch | None = None
    faults: FaultsTold | None = None
    setting_back: SettingBack | None = None
    leaps: Leaps | None = None
