"""Every registered detector passes the public examination, check by check."""

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import pytest

from contract import SensorEvent
from detectors.conformance import CHECKS, lifelike_home
from detectors.conformance.checks import Check, Factory
from detectors.registry import DETECTORS

Lived = Callable[..., Iterator[SensorEvent]]


@pytest.fixture(scope="module")
def lived() -> Lived:
    """The examination's home, whose days are lived once for all detectors: half of the time."""

    @cache
    def those(days: int, **other: Any) -> tuple[SensorEvent, ...]:
        return tuple(lifelike_home(days, **other))

    return lambda days, **other: iter(those(days, **other))


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
@pytest.mark.parametrize("factory", DETECTORS, ids=lambda factory: factory.condition)
def test_every_registered_detector_can_be_relied_on(
    factory: Factory, check: Check, lived: Lived, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("detectors.conformance.checks.lifelike_home", lived)
    check(factory)
