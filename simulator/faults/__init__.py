"""What goes wrong between a sensor and a hub, whatever home, episode or dialect it is."""

from simulator.faults.fault import Fault
from simulator.faults.line import Line, apply
from simulator.faults.registry import FAULTS, FaultSpec

__all__ = ["FAULTS", "Fault", "FaultSpec", "Line", "apply"]
