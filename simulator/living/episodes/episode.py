"""One thing that befalls one home: when it sets in, how it grows, how long it lasts."""

from dataclasses import dataclass

DAY_S = 86_400.0
_MOST_S = 7.25e9  # from 1970 to the year 2199: no calendar is asked for more


@dataclass(frozen=True, kw_only=True)
class Episode:
    """What befalls a home, as data.

    Attributes:
        kind: A name in :data:`simulator.living.episodes.registry.KINDS`.
        onset: When it sets in, in epoch seconds.
        severity: From 0, nothing, to 1, the worst that is modelled.
        ramp_s, plateau_s, recovery_s: Seconds it grows, lasts in full, and fades.
        sensor: The sensor it is about, where it is about one.
        room: The room it is about: where a fall waits, where a moved sensor hangs now.
    """

    kind: str
    onset: float
    severity: float = 1.0
    ramp_s: float = 0.0
    plateau_s: float = 0.0
    recovery_s: float = 0.0
    sensor: str = ""
    room: str = ""

    def __post_init__(self) -> None:
        if not 0 <= self.severity <= 1:
            raise ValueError(f"the severity of an episode is from 0 to 1, not {self.severity:g}")
        times = (self.onset, self.ramp_s, self.plateau_s, self.recovery_s)
        if not all(abs(each) <= _MOST_S for each in times):  # nor is any of them no number
            raise ValueError("an episode begins, and is over, within some two hundred years")
        if min(self.ramp_s, self.plateau_s, self.recovery_s) < 0:
            raise ValueError("no part of an episode can last less than no time")

    @property
    def end(self) -> float:
        """When it is over, in epoch seconds."""
        return self.onset + self.ramp_s + self.plateau_s + self.recovery_s

    def intensity(self, t: float) -> float:
        """How much of it is felt at `t`: a ramp up to the severity, a plateau, a ramp down."""
        since, left = t - self.onset, self.end - t
        if since < 0 or left <= 0:
            return 0.0
        grown = since / self.ramp_s if since < self.ramp_s else 1.0
        remaining = left / self.recovery_s if left < self.recovery_s else 1.0
        return self.severity * min(grown, remaining)
