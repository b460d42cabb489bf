"""Tells the homes' lives to the broker: quickly up to the present, then at life's own pace."""

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from contract import SensorEvent
from simulator.demo.plan import Household, Street
from simulator.devices import Stage
from simulator.live.casting import cast_of
from simulator.playing import Address, BrokerError, Publisher

_FOREVER_S = 365 * 86_400.0
_NAP_S = 0.5


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast life is told: `speed` times until the story has caught up with the clock, then once.

    Attributes:
        zero: The moment of life at which telling began, in epoch seconds.
        began: The clock at that moment, in epoch seconds.
    """

    zero: float
    began: float
    speed: float

    def present(self, now: float) -> float:
        """How far life has been told when the clock stands at `now`."""
        return min(self.zero + (now - self.began) * self.speed, now)

    def caught_up(self, now: float) -> bool:
        """Whether life is told at its own pace."""
        return self.present(now) >= now


class Lives:
    """One thread a home, until told to stop.

    Attributes:
        failed: What ended a home's telling early, if anything did.
    """

    def __init__(self, street: Street, pace: Pace, say: Callable[[str], None]) -> None:
        self._street = street
        self._pace = pace
        self._say = say
        self._stop = threading.Event()
        self._threads: list[threading.Thread] = []
        self.failed: str | None = None

    def start(self, household: Household, broker: Address) -> None:
        """Begins to tell a home's life where it was left."""
        thread = threading.Thread(
            target=self._tell, args=(household, broker), name=household.name, daemon=True
        )
        thread.start()
        self._threads.append(thread)

    def stop(self) -> None:
        """Ends the telling. Each household then knows how far it was told."""
        self._stop.set()
        for thread in self._threads:
            thread.join(10)

    def _tell(self, household: Household, broker: Address) -> None:
        home = self._street.live_in(household)
        stage = Stage(cast_of(home), lambda _event, _reason: None)
        try:
            with Publisher(broker, self._say) as publisher:
                for message in stage.messages(_from(household.told, home.until)):
                    if not self._wait_for(message.t):
                        return
                    publisher.publish(message)
                    household.told = max(household.told, message.t)
        except BrokerError as error:
            self.failed = str(error)

    def _wait_for(self, t: float) -> bool:
        """Waits until `t` is due; False where the telling is to end."""
        while not self._stop.is_set():
            if self._pace.present(time.time()) >= t:
                return True
            left = t - self._pace.present(time.time())
            self._stop.wait(min(left / self._pace.speed, _NAP_S))
        return False


def _from(told: float, life: Callable[[float], Iterator[SensorEvent]]) -> Iterator[SensorEvent]:
    """What happens after the moment up to which life has been told."""
    return (event for event in life(told + _FOREVER_S) if event.at.timestamp() > told)
