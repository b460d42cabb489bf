"""What a heartbeat tells in a pause: how all stood before it, so that nobody reads a day in it.

Each message of a sensor brings a new link quality, and raises a counter: whoever watched those
would see what the person does in a pause. They catch up when it is over.
"""

import msgspec

from contract import CommandKind, ContractError, HubHealth, SensorHealth, decode
from gateway.downlink.spells import Spells
from gateway.journal import Journal

OF_THE_HUB = (
    "journal_", "detector_failed_", "clock_leaps", "device_state_lost", "power_cut", "centre_"
)  # fmt: skip
"""Counters that begin so tell of the hub and not of the person; they go on."""


class Discretion:
    """Keeps from heartbeats what the person does in a pause.

    Args:
        spells: Knows the pauses.
        journal: Holds the heartbeats from before.
    """

    def __init__(self, spells: Spells, journal: Journal) -> None:
        self._spells = spells
        self._journal = journal
        self._before: tuple[str, HubHealth | None] = ("", None)

    def __call__(self, health: HubHealth) -> HubHealth:
        """A heartbeat as it may be told."""
        pause = self._spells.now(CommandKind.PAUSE)
        if pause is None:
            sensors = self._spells.masked(health.sensors)
            return msgspec.structs.replace(health, sensors=sensors)
        if self._before[0] != pause.command:
            self._before = (pause.command, self._newest_before(pause.since))
        before = self._before[1]
        known = {} if before is None else {one.sensor: one for one in before.sensors}
        own = {name: n for name, n in health.counters.items() if name.startswith(OF_THE_HUB)}
        return msgspec.structs.replace(
            health,
            sensors=[_as_before(one, known.get(one.sensor)) for one in health.sensors],
            counters=own if before is None else {**before.counters, **own},
        )

    def _newest_before(self, t: float) -> HubHealth | None:
        query = (
            "select body from journal where kind = 'health' and written_at <= ? "
            "order by seq desc limit 1"
        )
        for (body,) in self._journal.rows(query, t):
            try:
                return decode(body, HubHealth)
            except ContractError:  # damaged; whoever reads it in its turn finds that, too
                return None
        return None


def _as_before(sensor: SensorHealth, before: SensorHealth | None) -> SensorHealth:
    """As it stood; whether it can be reached tells of its network, and goes on."""
    return msgspec.structs.replace(
        sensor,
        last_seen=None if before is None else before.last_seen,
        battery=None if before is None else before.battery,
        link_quality=None if before is None else before.link_quality,
        stuck=before is not None and before.stuck,
        unlike=[] if before is None else before.unlike,
        untried=before is not None and before.untried,
    )
