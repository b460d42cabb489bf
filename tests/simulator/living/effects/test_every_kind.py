"""No kind of episode without a test of what it shows: a label that shows nothing trains nobody."""

import pytest

from simulator.living.episodes.registry import KINDS
from tests.simulator.living.effects import test_accidents, test_company, test_illness, test_things
from tests.simulator.living.effects.shown import SHOWN

MODULES = (test_accidents, test_company, test_illness, test_things)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_a_test_of_what_it_shows(kind: str) -> None:
    names = SHOWN.get(kind, [])
    assert names, f"no test is marked @shows({kind!r})"
    assert all(any(hasattr(module, name) for module in MODULES) for name in names)


def test_no_test_shows_a_kind_that_there_is_not() -> None:
    assert set(SHOWN) <= set(KINDS)
