"""What an episode of some kind is and does: the form that each file of this folder fills in."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from simulator.living.episodes.episode import DAY_S, Episode
from simulator.living.episodes.felt import WELL, Effects

if TYPE_CHECKING:
    from simulator.living.home import Home

Felt = Callable[[float], Effects]
Arrange = Callable[["Home", Episode], None]


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A kind of episode.

    Attributes:
        name: As scenarios and command lines call it.
        summary: What happens, in a few words.
        shows: What the sensors should show of it: what its tests hold it to.
        condition: What a hub should come to raise; "" for a decoy, which it should bear.
        ramp_days, plateau_days, recovery_days: How long it grows, lasts in full and fades, where
            nothing else is said.
        least_days: It makes no sense if it lasts less.
        hours: Whether its length is given in hours rather than days.
        needs: The options without which it makes no sense: `sensor`, `room`.
        takes: The options that it may have.
        felt: What somebody feels at an intensity from 0 to 1.
        arrange: What changes in the home, once, when the episode becomes known.
        fault: What befalls the messages on their way rather than the home, by its name in
            :mod:`simulator.faults`.
    """

    name: str
    summary: str
    shows: str
    condition: str = ""
    ramp_days: float = 0.0
    plateau_days: float = 5.0
    recovery_days: float = 0.0
    least_days: float = 0.0
    hours: bool = False
    needs: tuple[str, ...] = ()
    takes: tuple[str, ...] = ()
    felt: Felt | None = None
    arrange: Arrange | None = None
    fault: str = ""

    def begin(
        self,
        onset: float,
        *,
        severity: float = 1.0,
        days: float | None = None,
        sensor: str = "",
        room: str = "",
    ) -> Episode:
        """An episode of this kind.

        Args:
            onset: When it sets in, in epoch seconds.
            severity: From 0, when nothing happens, to 1; only of what somebody feels can there be
                more or less.
            days: How long it lasts in full; the kind's own where None.
            sensor: The sensor it is about.
            room: The room it is about.

        Raises:
            ValueError: An option is missing, or out of range, or none of this kind's.
        """
        given = {"sensor": sensor, "room": room}
        for option, value in given.items():
            if option in self.needs and not value:
                raise ValueError(f"{self.name} needs {option}=NAME")
            if value and option not in self.needs + self.takes:
                raise ValueError(f"{self.name} takes no {option}")
        full = self.plateau_days if days is None else days
        if wrong := self.no_severity(severity) or self.no_length(full):
            raise ValueError(f"{self.name} {wrong}")
        return Episode(
            kind=self.name,
            onset=onset,
            severity=severity,
            ramp_s=self.ramp_days * DAY_S,
            plateau_s=full * DAY_S,
            recovery_s=self.recovery_days * DAY_S,
            sensor=sensor,
            room=room,
        )

    def no_severity(self, severity: float) -> str:
        """Why it cannot be so severe; "" where it can."""
        whole = self.felt is None and 0 < severity < 1
        return "is all or nothing: its severity is 1, or 0" if whole else ""

    def no_length(self, days: float) -> str:
        """Why it cannot last so long in full; "" where it can."""
        short = 0 <= days < self.least_days
        return f"lasts {24 * self.least_days:g} hours at least" if short else ""

    def effects(self, intensity: float) -> Effects:
        """What somebody feels of it."""
        return self.felt(intensity) if self.felt and intensity > 0 else WELL
