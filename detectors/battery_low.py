"""A battery that will soon leave a sensor silent, told in time for a planned visit."""

from typing import ClassVar

import msgspec

from contract import Assessment, Condition, Evidence, Kind, SensorEvent, State, utc
from detectors.features.places import plain
from detectors.moment import Calendar, Moment
from detectors.profile import HomeProfile
from detectors.protocol import NEVER
from detectors.snapshots import freeze, thaw

LOW, REFILLED = 15.0, 30.0
"""Per cent at which a battery is low, and from which on it has been changed."""
MOST_SENSORS = 60
"""A home has fewer; beyond it new names are taken for noise, so that memory stays bounded."""


class Battery(msgspec.Struct):
    """One sensor's battery: what it last told, the most since it was new, and whether it is low."""

    place: str
    percent: float
    most: float
    low: bool = False


class BatteryState(msgspec.Struct):
    """All that is remembered; its form is the snapshot's."""

    batteries: dict[str, Battery] = {}
    day_ends: float = NEVER


class BatteryLow:
    """Watches the batteries of one home."""

    condition: ClassVar[str] = Condition.BATTERY_LOW
    version: ClassVar[int] = 1
    kinds: ClassVar[frozenset[str]] = frozenset(Kind)

    def __init__(self, profile: HomeProfile) -> None:
        self._home = profile.home
        self._calendar = Calendar(profile.time_zone)
        self._state = BatteryState()

    def observe(self, event: SensorEvent, moment: Moment) -> list[Assessment]:
        """Answers when a battery has become low, or has been changed."""
        state, percent = self._state, event.battery
        if state.day_ends == NEVER:
            state.day_ends = self._calendar.at(moment.day, 24)
        if percent is None:
            return []
        battery = state.batteries.get(event.sensor)
        if battery is None:
            if len(state.batteries) >= MOST_SENSORS:
                return []
            battery = state.batteries[event.sensor] = Battery(event.place, percent, percent)
        was_low = battery.low
        battery.percent, battery.most = percent, max(battery.most, percent)
        battery.low = percent <= LOW or (was_low and percent < REFILLED)
        return [self._answer(event.sensor, battery, moment)] if battery.low != was_low else []

    def due(self) -> float:
        """Midnight."""
        return self._state.day_ends

    def judge(self, moment: Moment) -> list[Assessment]:
        """Answers for every battery once a day."""
        state = self._state
        state.day_ends = self._calendar.at(moment.day, 24)
        if not state.batteries:
            return [self._unknown(moment)]
        return [self._answer(name, one, moment) for name, one in sorted(state.batteries.items())]

    def snapshot(self) -> bytes:
        """Everything it remembers."""
        return freeze(self._state)

    def restore(self, snapshot: bytes) -> None:
        """Goes on from a snapshot.

        Raises:
            ValueError: The bytes are not such a snapshot.
        """
        self._state = thaw(snapshot, BatteryState)

    def _unknown(self, moment: Moment) -> Assessment:
        reason = "No sensor here has told of its battery."
        return Assessment(
            home=self._home,
            condition=self.condition,
            at=utc(moment.t),
            state=State.BLIND,
            reason=reason,
            text=reason,
        )

    def _answer(self, name: str, battery: Battery, moment: Moment) -> Assessment:
        where = f"{name} ({plain(battery.place)})"
        return Assessment(
            home=self._home,
            condition=self.condition,
            at=utc(moment.t),
            state=State.RAISED if battery.low else State.NORMAL,
            score=round(1 - battery.percent / 100, 4),
            subject=name,
            evidence=[
                Evidence(
                    measure="battery",
                    label="Battery left",
                    unit="%",
                    value=battery.percent,
                    usual=battery.most,
                    low=LOW,
                    high=100.0,
                    share=1.0,
                    text=f"{battery.percent:.0f} % left; it has been {battery.most:.0f} %.",
                )
            ],
            text=f"The battery of {where} is {'low' if battery.low else 'well'}.",
            prompt="Plan a visit to change the battery." if battery.low else "",
        )
