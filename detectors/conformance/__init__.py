"""A public examination for detectors: whoever passes it may stand in the registry.

from detectors.conformance import check_detector

check_detector(MyDetector)
"""

from detectors.conformance.checks import CHECKS, check_detector
from detectors.conformance.driver import drive
from detectors.conformance.lifelike import lifelike_home

__all__ = ["CHECKS", "check_detector", "drive", "lifelike_home"]
