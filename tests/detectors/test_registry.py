"""The registry: a hub watches for what is registered, and starts quickly when it is small."""

import subprocess
import sys

from contract import SEVERITY, Condition
from detectors.budgets import BUDGETS
from detectors.conformance.lifelike import lifelike_home, profile
from detectors.learned import LEARNED
from detectors.registry import DETECTORS
from gateway.engine import Engine

SIX = {
    Condition.DEHYDRATION_RISK,
    Condition.UTI_RISK,
    Condition.FALL_RISK,
    Condition.POSSIBLE_FALL,
    Condition.NO_MOVEMENT,
    Condition.SENSOR_SILENT,
}


def test_nothing_that_a_home_was_promised_is_left_unwatched() -> None:
    assert {make(profile()).condition for make in DETECTORS} >= SIX


def test_no_condition_is_watched_twice_so_that_staff_are_not_told_twice() -> None:
    conditions = [make(profile()).condition for make in DETECTORS]
    assert len(conditions) == len(set(conditions))
    assert set(conditions) <= set(SEVERITY)


def test_each_learned_condition_has_its_caution_and_its_budget() -> None:
    ranked = {Condition.UNUSUAL_DAY}  # its limit is a rank among the person's own days
    assert set(LEARNED.caution) == set(BUDGETS) - ranked
    assert set(BUDGETS) >= SIX


def test_a_small_hub_does_not_pay_for_libraries_that_no_detector_uses() -> None:
    code = (
        "import sys, detectors.registry;"
        "heavy = {'scipy.stats', 'pandas', 'river.anomaly', 'river.drift'};"
        "print(sorted(heavy & set(sys.modules)))"
    )
    found = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert found.stdout.strip() == "[]"


def test_all_that_is_learned_of_a_home_fits_in_a_checkpoint_of_64_kib() -> None:
    engine = Engine(profile(), DETECTORS)
    for event in lifelike_home(60):
        engine.process(event)
    assert len(engine.snapshot()) <= 64 * 1024
