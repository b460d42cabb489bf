"""When event time that a wrong clock carried ahead is set back: once the clock is surely right.

Event time never goes back by itself, so what is heard behind it is not detected upon. To set it
back throws away what the engine learned of that time, so it needs more than one look at one clock.
"""

import math

from gateway.clock.clock import FUTURE_S, STOOD_S, HubClock
from gateway.clock.leaps import Leaps
from gateway.engine_room import EngineRoom
from gateway.journal import Journal


class SettingBack:
    """Watches for how long event time has stood ahead of a clock that is kept right.

    Args:
        journal: Where it stands what was received, open.
        room: Runs the engine.
        clock: The hub's.
        leaps: Where that leapt ahead.
    """

    def __init__(self, journal: Journal, room: EngineRoom, clock: HubClock, leaps: Leaps) -> None:
        self._leapt = leaps
        self._journal = journal
        self._room = room
        self._clock = clock
        self._since: float | None = None
        self._leaps = clock.leaps

    def look(self) -> bool:
        """Sets event time back where that is due; whether it did. To be done every second or so."""
        now, elapsed = self._clock.now(), self._clock.elapsed()
        ahead = max(self._room.line_s, self._journal.clock().received or -math.inf) - now
        if ahead <= FUTURE_S or not self._is_right():
            self._since = None
            return False
        if self._since is None:
            self._since = elapsed
        return elapsed - self._since >= STOOD_S and self._room.set_back(now)

    def _is_right(self) -> bool:
        """Whether the clock did not leap just now, and the centre agrees or does not contradict.

        Where the centre is out of reach, a clock that is kept is believed only where it tells again
        what it told before it leapt ahead. A service that for once tells a time past must not cost
        what was learned since; and until the centre is back nobody could be told anything.
        """
        leapt, self._leaps = self._clock.leaps != self._leaps, self._clock.leaps
        agreed = self._clock.confirmed
        alone = agreed is None and self._clock.kept and self._leapt.undone
        return not leapt and (agreed is True or alone)
