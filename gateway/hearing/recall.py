"""Devices as they last stood. One whose memory cannot be read begins afresh, and that is told."""

import logging

from contract import Condition
from gateway.engine.alert_book import Key
from gateway.hearing.known_devices import ROW, reads
from gateway.journal import Intake, Journal
from gateway.normaliser import Normaliser
from gateway.watch.own_alerts import OwnAlerts

_log = logging.getLogger(__name__)


def recall(journal: Journal, normaliser: Normaliser, own: OwnAlerts, now: float) -> bytes | None:
    """Brings the devices to where they stood.

    What is damaged goes from the journal at once, so that each start tells of it once.

    Args:
        journal: Where they stand, open.
        normaliser: Knows the devices.
        own: Tells the centre.
        now: The hub's clock, in epoch seconds.

    Returns:
        What the directory of the networks' devices knew; None where there is nothing to be read.
    """
    damaged = journal.forget_damaged_states()
    states = journal.devices()
    afresh = normaliser.thaw(states, complete=not damaged)
    fresh = normaliser.freeze(afresh)
    names = states.get(ROW)
    lost = damaged + sum(name in states for name in afresh)
    if names is not None and not reads(names):
        names, fresh[ROW] = None, b"{}"
        lost += 1
    if lost:
        _log.error("what was remembered of %d devices cannot be read; they begin afresh", lost)
        intake = Intake(devices=fresh)
        intake.counts["device_state_lost"] += lost
        journal.write_intake(intake, now)
        text = (
            f"What the hub remembered of {lost} of its devices could not be read: they begin "
            "afresh. What they have told is kept."
        )
        key = Key(Condition.HUB_MEMORY, "devices")
        own.raised(key, text, "Consider replacing the hub's memory card.", now)
    return names
