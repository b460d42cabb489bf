"""Floors: the simple detectors are honest opponents, run under the same rules."""

from functools import partial

import pytest

from detectors.conformance import check_detector
from simulator.evaluation.floors import Floor, KettleFloor, KitchenFloor, ToiletingFloor


@pytest.mark.parametrize("floor", [ToiletingFloor, KitchenFloor, KettleFloor])
def test_a_floor_passes_the_public_examination(floor: type[Floor]) -> None:
    check_detector(partial(floor, limit=2.0, days=2))
