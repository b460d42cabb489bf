"""Whether the hub hears its sensors at all: told to the centre, and no silence of the person's.

While the broker is away nobody stirs as far as the hub knows, and no more is known. So that time is
kept as a gap: what would be said of it is that it cannot be told. Where the broker turns out to
have kept what happened meanwhile, nothing was missed, and the gap is none.
"""

import logging
import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from contract import Assessment, Condition
from gateway.engine.alert_book import Key
from gateway.engine.gate import LEAPT, UNHEARD, Interval, PauseGate
from gateway.journal import Journal
from gateway.watch.own_alerts import OwnAlerts
from gateway.watch.unsteady import KEY as UNSTEADY
from gateway.watch.unsteady import Unsteady

GAP_S = 300.0
"""A broker that is back sooner was only started again."""
KEPT_S = 120 * 86_400.0
"""What is over is remembered so long, for who replays the journal."""
_EDGE_S = 60.0
"""What happened so near to the edges of a gap may have been heard before or after it."""
_KEY = Key(Condition.HUB_DEAF, "")
_ENDLESS = float("inf")

_log = logging.getLogger(__name__)


class Standing(NamedTuple):
    """How a hub stands with its broker.

    Attributes:
        connected: Whether there is one.
        away_since: Since when there is none, by the hub's clock, in epoch seconds.
    """

    connected: bool
    away_since: float | None


class Gaps:
    """When a hub could not hear its sensors, as the journal has it.

    Args:
        journal: Open.

    Attributes:
        all: The earliest first, by the hub's clock; the last may go on for ever.
    """

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        rows = journal.rows("select since, until from deaf where network = '' order by since")
        self.all = [Interval(since, _ENDLESS if until is None else until) for since, until in rows]

    @property
    def open(self) -> Interval | None:
        """The one that goes on."""
        return self.all[-1] if self.all and self.all[-1].until == _ENDLESS else None

    def begin(self, since: float, now: float) -> None:
        """Notes that it has heard nothing since then."""
        query = "insert or ignore into deaf values ('', ?, null)"
        self._write(lambda db: db.execute(query, (since,)), now)
        self.all.append(Interval(since, _ENDLESS))

    def keep(self, gap: Interval, now: float) -> None:
        """Notes the end of one, and forgets those of long ago."""

        def change(db: sqlite3.Connection) -> None:
            db.execute("update deaf set until = ? where since = ?", (gap.until, gap.since))
            db.execute("delete from deaf where until < ?", (now - KEPT_S,))

        self._write(change, now)

    def drop(self, gap: Interval, now: float) -> None:
        """It was none."""
        self._write(lambda db: db.execute("delete from deaf where since = ?", (gap.since,)), now)
        self.all.remove(gap)

    def _write(self, change: Callable[[sqlite3.Connection], object], now: float) -> None:
        self._journal.write_together((), change, now)


def gate_of(
    pauses: Sequence[Interval], gaps: Gaps, time_zone: str, *, leaps: Sequence[Interval] = ()
) -> Callable[[Assessment], Assessment]:
    """What becomes of each answer of a home: of a time unseen it cannot be told, whyever.

    Args:
        pauses: When nothing was to be recorded.
        gaps: When nothing could be heard; there may come more.
        time_zone: The home's.
        leaps: What the hub's clock passed over; there may come more.
    """
    paused = PauseGate(pauses, time_zone)
    deaf = PauseGate(lambda: gaps.all, time_zone, UNHEARD)
    leapt = PauseGate(lambda: [one for one in leaps if is_long(one)], time_zone, LEAPT)
    return lambda answer: leapt(deaf(paused(answer)))


def is_long(gap: Interval) -> bool:
    """Whether there is anything to say of an interval."""
    return gap.until - gap.since >= GAP_S


class Deafness:
    """How one hub stands with its broker.

    Args:
        gaps: When it heard nothing.
        alerts: Tells the centre.
        alert_after_s: The broker may be away for so long before the centre is told.
        blindfold: Has all that is watched for say that it cannot be told, at a time.

    Attributes:
        connected: Whether there is one.
    """

    def __init__(
        self,
        gaps: Gaps,
        alerts: OwnAlerts,
        *,
        alert_after_s: float,
        blindfold: Callable[[float], None],
    ) -> None:
        self._gaps = gaps
        self._alerts = alerts
        self._alert_after_s = alert_after_s
        self._blindfold = blindfold
        self._unsteady = Unsteady(alerts)
        self._why = "no connection yet"
        self._away_at: float | None = None  # by the clock that only runs forward
        self._unkept: Interval | None = None  # over, and not on the disk yet
        self._doubted: Interval | None = None  # over, and the broker may have kept what was
        self.connected = False

    def link(self, *, up: bool, why: str, now: float, elapsed: float) -> None:
        """Takes note of how it stands with the broker; writes nothing."""
        self._why = why
        if self.connected and not up:
            self._unsteady.lost(elapsed)
        if not up:
            self._away_at = elapsed if self.connected or self._away_at is None else self._away_at
        elif (gap := self._gaps.open) is not None:
            self._unkept = self._doubted = gap._replace(until=max(now, gap.since))
            self._gaps.all[-1] = self._unkept
        self._away_at = None if up else self._away_at
        self.connected = up

    def standing(self, now: float, elapsed: float) -> Standing:
        """How it stands now."""
        return Standing(self.connected, self._away_since(now, elapsed))

    def _away_since(self, now: float, elapsed: float) -> float | None:
        """Since when it has heard nothing, by its clock; None while it does."""
        if self.connected:
            return None
        if (gap := self._gaps.open) is not None:
            return gap.since
        return None if self._away_at is None else now - (elapsed - self._away_at)

    def heard(self, times: Iterable[float], now: float) -> None:
        """Takes note of when that happened which is heard now."""
        gap = self._doubted
        if gap is None or not any(gap.since + _EDGE_S < t < gap.until - _EDGE_S for t in times):
            return
        _log.info("the broker had kept what happened while it could not be reached")
        self._doubted = self._unkept = None
        self._gaps.drop(gap, now)

    def look(self, now: float, elapsed: float) -> None:
        """Notes and tells what is due; to be done every second or so, while the time is known."""
        if self._unkept is not None:
            self._gaps.keep(self._unkept, now)
            self._unkept = None
        self._unsteady.look(now, elapsed, connected=self.connected)
        if self.connected:
            self._alerts.cleared(_KEY, "It hears them again.", now)
            return
        if self._away_at is None:
            self._away_at = elapsed  # it has just begun, and there was no broker yet
        since = self._away_since(now, elapsed)
        if since is None or now - since < min(GAP_S, self._alert_after_s):
            return
        if self._gaps.open is None:
            self._gaps.begin(since, now)
        if now - since >= self._alert_after_s and not self._alerts.stands(*_KEY):
            self._alert(since, now)

    def bridges(self, away: Mapping[str, int], now: float) -> None:
        """Tells of bridges that are away, one alert for each and none for each of its sensors.

        Args:
            away: With each so many of the home's sensors.
            now: By the hub's clock.
        """
        for key in self._alerts.open_of(Condition.HUB_DEAF):
            if key.subject and key != UNSTEADY and key.subject not in away:
                self._alerts.cleared(key, "It is back.", now)
        for bridge, count in away.items():
            key = Key(Condition.HUB_DEAF, bridge)
            if not self._alerts.stands(*key):
                text = (
                    f"The bridge {bridge} is away: none of the {count} sensors that speak by it "
                    "can be heard."
                )
                self._alerts.raised(key, text, "Check the bridge and its radio stick.", now)

    def _alert(self, since: float, now: float) -> None:
        began = datetime.fromtimestamp(since, UTC)
        text = (
            "The hub cannot hear its sensors: it has had no connection to its broker since "
            f"{began:%H:%M} UTC on {began.day} {began:%B} ({self._why}). Nothing that happens in "
            "the home is noticed."
        )
        prompt = "Check that the broker runs on the hub, and that its password was not changed."
        self._alerts.raised(_KEY, text, prompt, now)
        self._blindfold(now)
