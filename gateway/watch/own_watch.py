"""Watches whether what the hub hears can be judged at all, and tells the centre where it cannot.

What comes too late, or behind a line that a wrong clock carried ahead, reaches no detector. Nobody
would know of it: heartbeats go on, and each sensor was heard a moment ago.
"""

from collections import deque
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import NamedTuple

from contract import Condition, Quality, SensorEvent
from gateway.clock.clock import FUTURE_S
from gateway.engine.alert_book import Key
from gateway.journal import Journal
from gateway.watch import detector_faults
from gateway.watch.own_alerts import OwnAlerts

HOUR_S = 3600.0
LEAST = 4
"""Events of one sensor in an hour by which its times are judged."""
SPAN_S = 600.0
"""They come over at least so long: what a device kept and tells at once is no sign."""
MOST = 32
"""Events of one sensor that are remembered."""
LINE = Key(Condition.HUB_CLOCK, "hub")
LATE = Key(Condition.HUB_CLOCK, "sensors")
_NAMED = 5


class _Heard(NamedTuple):
    at: float
    late: bool


class OwnWatch:
    """What one hub has to say of itself, its own alerts among it.

    Args:
        journal: Where it stands, open.
        own: Raises its alerts.
    """

    def __init__(self, journal: Journal, own: OwnAlerts) -> None:
        self._journal = journal
        self._own = own
        self._heard: dict[str, deque[_Heard]] = {}
        self._told: set[str] = set()

    def heard(self, events: Iterable[SensorEvent], now: float) -> None:
        """Takes note of events that were journalled at `now`, by the hub's clock."""
        for event in events:
            late = event.quality == Quality.LATE
            self._heard.setdefault(event.sensor, deque(maxlen=MOST)).append(_Heard(now, late))

    def look(self, now: float) -> None:
        """Raises what is to be told by `now`, and clears what is over."""
        self._own.look(now)
        self._look_at_line(now)
        self._look_at_sensors(now)
        detector_faults.look(self._journal, self._own, now)

    def _look_at_line(self, now: float) -> None:
        known = [one for one in self._journal.clock() if one is not None]
        line = max(known, default=now)
        ahead, stands = line > now + FUTURE_S, self._own.stands(*LINE)
        if ahead and not stands:
            until = datetime.fromtimestamp(line, UTC)
            text = (
                f"The hub's clock stood ahead: until {until:%d %B %Y %H:%M} UTC what is heard is "
                "kept, and calls for help are told, but nothing else can be detected, unless the "
                "hub can set that back before."
            )
            self._own.raised(LINE, text, "Look after the person; check the hub's clock.", now)
        elif stands and not ahead:
            back = any(now - one.line < HOUR_S for one in self._journal.set_backs())
            self._own.cleared(LINE, "It was set back." if back else "The time has come.", now)

    def _look_at_sensors(self, now: float) -> None:
        late = {name for name, heard in self._heard.items() if _share(heard, now, late=True)}
        stands = self._own.stands(*LATE)
        if late - self._told or (late and not stands):
            self._told |= late
            self._own.raised(LATE, _text(sorted(self._told)), _PROMPT, now)
        elif stands and not late and self._well(now):
            self._told.clear()
            self._own.cleared(LATE, "They come in time again.", now)

    def _well(self, now: float) -> bool:
        """Whether those of which it was told, or after a restart any, are heard in time again."""
        names = self._told or set(self._heard)
        found = [_share(self._heard[one], now, late=False) for one in names if one in self._heard]
        return bool(found) and all(found)


def _share(heard: deque[_Heard], now: float, *, late: bool) -> bool:
    """Whether most of the last hour's events were late, or in time."""
    lately = [one for one in heard if one.at > now - HOUR_S]
    such = [one.at for one in lately if one.late is late]
    if len(lately) < LEAST or not such or such[-1] - such[0] < SPAN_S:
        return False
    return 2 * len(such) > len(lately)


_PROMPT = "Set the clock of these devices or of their bridge right, or mend their link."


def _text(names: list[str]) -> str:
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    listed = ", ".join(names[:_NAMED])
    return (
        "Most of what these sensors told in an hour came too late to be detected upon; calls for "
        f"help are told: {listed}{more}."
    )
