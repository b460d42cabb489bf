"""Appliances with the power curves that real ones draw, fitted to recordings of real homes."""

from simulator.appliances.registry import curve, draw_household, draw_use
from simulator.appliances.sample import Sample, Use

__all__ = ["Sample", "Use", "curve", "draw_household", "draw_use"]
