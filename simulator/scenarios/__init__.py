"""Scenarios: a street, its people and what befalls them, written down in a file."""

from simulator.scenarios.reading import ScenarioError, read_scenario
from simulator.scenarios.staged import Staged

__all__ = ["ScenarioError", "Staged", "read_scenario"]
