"""The faults that can be set; a new one is a module and a line here."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from types import MappingProxyType
from typing import Any

from simulator.faults.battery_report import BatteryReport
from simulator.faults.bounce import Bounce
from simulator.faults.bridge_restart import BridgeRestart
from simulator.faults.chatty import Chatty
from simulator.faults.disorder import Disorder
from simulator.faults.duplicates import Duplicates
from simulator.faults.false_zero import FalseZero
from simulator.faults.fault import Fault
from simulator.faults.flat_battery import FlatBattery
from simulator.faults.frozen import Frozen
from simulator.faults.late import Late
from simulator.faults.link_drop import LinkDrop
from simulator.faults.moved import Moved
from simulator.faults.power_cut import PowerCut
from simulator.faults.retained import Retained
from simulator.faults.wrong_clock import WrongClock

_ALWAYS = ("onset", "duration")


@dataclass(frozen=True)
class Parameter:
    """One thing that can be chosen: what it is where it is not, and what it means."""

    default: Any
    meaning: str


@dataclass(frozen=True)
class FaultSpec:
    """One sort of fault.

    Attributes:
        name: As scenarios and the command line call it.
        kind: What it is made of.
    """

    name: str
    kind: type[Fault]

    def make(self, *, onset: float, duration: float, **chosen: Any) -> Fault:
        """One fault, from `onset` (epoch seconds) for `duration` seconds, which may be endless.

        Raises:
            ValueError: A parameter is unknown or cannot be so. The sentence says which.
        """
        if unknown := chosen.keys() - self.parameters.keys():
            allowed = ", ".join(self.parameters)
            raise ValueError(f"{self.name} has no {min(unknown)}; it has {allowed}")
        return self.kind(onset=onset, duration=duration, **chosen)

    @property
    def parameters(self) -> Mapping[str, Parameter]:
        """What can be chosen, by name."""
        return {
            one.name: Parameter(one.default, one.metadata["meaning"])
            for one in fields(self.kind)
            if one.name not in _ALWAYS
        }

    @property
    def expected(self) -> str:
        """What a hub should make of it."""
        return self.kind.expected

    @property
    def harmless(self) -> bool:
        """Whether what a hub detects upon should be the same as without it."""
        return self.kind.harmless


_KINDS: dict[str, type[Fault]] = {
    "battery_report": BatteryReport,
    "bounce": Bounce,
    "bridge_restart": BridgeRestart,
    "chatty": Chatty,
    "disorder": Disorder,
    "duplicates": Duplicates,
    "false_zero": FalseZero,
    "flat_battery": FlatBattery,
    "frozen": Frozen,
    "late": Late,
    "link_drop": LinkDrop,
    "moved": Moved,
    "power_cut": PowerCut,
    "retained": Retained,
    "wrong_clock": WrongClock,
}
FAULTS: Mapping[str, FaultSpec] = MappingProxyType(
    {name: FaultSpec(name, kind) for name, kind in _KINDS.items()}
)
"""By name."""
