"""Every registered detector passes the public examination, check by check."""

import pytest

from detectors.conformance import CHECKS
from detectors.conformance.checks import Check, Factory
from detectors.registry import DETECTORS


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
@pytest.mark.parametrize("factory", DETECTORS, ids=lambda factory: factory.condition)
def test_every_registered_detector_can_be_relied_on(factory: Factory, check: Check) -> None:
    check(factory)
