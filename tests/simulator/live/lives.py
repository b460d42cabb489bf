"""Short lives for tests of what is told of them."""

from dataclasses import replace

from contract import SensorEvent
from simulator.devices import Message
from simulator.live.lived import LivedHome
from simulator.live.setting import Setting
from simulator.live.telling import Because, Told, Wanted
from simulator.living.household import SETTLED
from simulator.living.street import Planned, Street
from simulator.sinks import Sink

START = 1_772_323_200.0  # 2026-03-01T00:00Z
DAY = 86_400.0
HOUR = 3600.0
ALL = Wanted(reasons=True)


def setting(homes: int = 1, days: int | None = 2, *planned: Planned) -> Setting:
    street = Street(
        seed=5, start=START, homes=homes, mix=replace(SETTLED, left_out=0.0), planned=planned
    )
    return Setting.of_street(street, range(1, homes + 1), days, "zigbee2mqtt")


def lived(days: int = 2, *planned: Planned, wanted: Wanted = ALL) -> LivedHome:
    return setting(1, days, *planned).lived(1, wanted)


def instant(one: Told) -> float:
    if isinstance(one, SensorEvent):
        return one.at.timestamp()
    return one.reason.t if isinstance(one, Because) else one.t


def messages(told: list[Told]) -> list[Message]:
    return [one for one in told if isinstance(one, Message)]


def events(told: list[Told]) -> list[SensorEvent]:
    return [one for one in told if isinstance(one, SensorEvent)]


class Notes(Sink):
    """Keeps all that it hears, with the home; takes `most` messages of a home and no more."""

    def __init__(self, most: float = float("inf"), *, in_order: bool = False) -> None:
        self.events: list[tuple[int, SensorEvent]] = []
        self.messages: list[tuple[int, Message]] = []
        self.reasons: list[tuple[int, Because]] = []
        self.times: list[float] = []
        self.most = most
        self.in_order = in_order
        self.full: set[int] = set()  # homes of which nothing more is taken

    def room(self, home: int) -> bool:
        return home not in self.full and self.told_of(home) < self.most

    def told_of(self, home: int) -> int:
        return sum(index == home for index, _ in self.messages)

    def happened(self, home: int, event: SensorEvent) -> None:
        self.events.append((home, event))

    def said(self, home: int, message: Message, due: float) -> None:
        del due
        self.messages.append((home, message))

    def because(self, home: int, why: Because) -> None:
        self.reasons.append((home, why))

    def passed(self, t: float) -> None:
        self.times.append(t)
