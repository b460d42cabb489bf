"""Straight into the engine: what hubs would raise, as it is raised, without broker or hub."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from contract import Alert, Phase, SensorEvent, encode
from detectors.registry import DETECTORS
from gateway.dialects.networks import spoken_in
from gateway.engine import LAG_S, Engine, Watermark
from gateway.hearing.hearing import Hearing, Past
from gateway.hearing.message import Message as Delivered
from gateway.journal.intake import Intake
from gateway.normaliser import Normaliser
from gateway.settings import Settings
from simulator.devices import Message
from simulator.sinks.sink import Sink

Raised = Callable[[int, Alert], None]

_TIME_PASSES_S = 60.0


class Ear(Protocol):
    """How one home comes to its engine."""

    def happened(self, event: SensorEvent) -> list[Alert]:
        """What is raised for something that happened."""
        ...

    def said(self, message: Message) -> list[Alert]:
        """What is raised for something that a device said."""
        ...

    def passed(self, t: float) -> list[Alert]:
        """What is raised because time has passed."""
        ...


class Straight:
    """Hears of events themselves."""

    def __init__(self, settings: Settings) -> None:
        self._engine = Engine(settings.profile, DETECTORS)

    def happened(self, event: SensorEvent) -> list[Alert]:
        """Shows it to the engine."""
        return _alerts(self._engine.process(event))

    def said(self, message: Message) -> list[Alert]:
        """Nothing: events were heard before they were said."""
        del message
        return []

    def passed(self, t: float) -> list[Alert]:
        """Lets the engine judge what falls due."""
        return _alerts(self._engine.advance(t - LAG_S))


class ByMessages:
    """Hears what devices say through a hub's own dialects, normaliser and rules of time."""

    def __init__(self, settings: Settings) -> None:
        self._engine = Engine(settings.profile, DETECTORS)
        self._watermark = Watermark(settings.lag_s)
        self._hearing = Hearing(
            spoken_in(settings.heard),
            Normaliser(settings.hub.home, settings.sensors),
            self._watermark,
            Past(),
            follows_wall_clock=True,
        )

    def happened(self, event: SensorEvent) -> list[Alert]:
        """Nothing: only what devices say of it counts."""
        del event
        return []

    def said(self, message: Message) -> list[Alert]:
        """Hears it as it would come from the broker."""
        told = Delivered(message.topic, message.payload, 0, False, False, message.t)
        return self._show(self._hearing.hear([told]))

    def passed(self, t: float) -> list[Alert]:
        """Settles what has become certain, and lets the engine judge what falls due."""
        alerts = self._show(self._hearing.tick(t))
        if self._watermark.newest > float("-inf"):
            alerts += _alerts(self._engine.advance(self._watermark.drive(t)))
        return alerts

    def _show(self, intake: Intake) -> list[Alert]:
        return [alert for one in intake.events for alert in _alerts(self._engine.process(one))]


class Engines(Sink):
    """An engine for each home.

    Args:
        settings: Of each home's hub. Its networks lie below the dialects' names.
        by_messages: Which homes are heard as they speak, since something spoils what they say.
        raised: Told of each version of each alert.

    Attributes:
        alerts: How many have been opened.
    """

    def __init__(
        self, settings: Sequence[Settings], by_messages: Sequence[bool], raised: Raised
    ) -> None:
        self.alerts = 0
        self._ears: list[Ear] = [
            ByMessages(one) if spoken else Straight(one)
            for one, spoken in zip(settings, by_messages, strict=True)
        ]
        self._raised = raised
        self._passed = float("-inf")

    def happened(self, home: int, event: SensorEvent) -> None:
        """Shows it to the home's engine."""
        self._tell(home, self._ears[home].happened(event))

    def said(self, home: int, message: Message, due: float) -> None:
        """Lets the home's hub hear it."""
        del due
        self._tell(home, self._ears[home].said(message))

    def passed(self, t: float) -> None:
        """Lets time pass in all homes, by whole minutes: what is raised hangs on no others."""
        minute = t // _TIME_PASSES_S * _TIME_PASSES_S
        if minute <= self._passed:
            return
        self._passed = minute
        for home, ear in enumerate(self._ears):
            self._tell(home, ear.passed(minute))

    def _tell(self, home: int, alerts: list[Alert]) -> None:
        for alert in alerts:
            self.alerts += alert.version == 1
            self._raised(home, alert)


class AlertLines:
    """Alerts as lines for a person, or as JSON lines for a program.

    Args:
        time_zone: IANA name; times are of the wall clock there.
        write: Takes a line for a person.
        keep: Takes a line for a program, if there is one.
    """

    def __init__(
        self,
        time_zone: str,
        write: Callable[[str], object],
        keep: Callable[[bytes], object] | None = None,
    ) -> None:
        self._zone = ZoneInfo(time_zone)
        self._write = write
        self._keep = keep

    def __call__(self, home: int, alert: Alert) -> None:
        """Writes one version of an alert."""
        del home
        if self._keep is not None:
            self._keep(encode(alert) + b"\n")
        else:
            self._write(alert_line(alert, self._zone) + "\n")


def alert_line(alert: Alert, zone: ZoneInfo) -> str:
    """An alert in one line."""
    at = datetime.fromtimestamp(alert.updated_at.timestamp(), zone)
    over = "" if alert.phase == Phase.OPEN else f"({alert.phase}) "
    return f"{at:%a %d %b %H:%M}  {alert.severity:9} {alert.home}  {over}{alert.text}"


def _alerts(outputs: Sequence[object]) -> list[Alert]:
    return [one for one in outputs if isinstance(one, Alert)]
