"""What is explained must be readable: what a sensor told is said in words, of any kind."""

import pytest

from contract import Kind
from simulator.sinks.explainer import in_words
from tests.simulator.devices.events import event


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_of_event_is_put_into_words(kind: Kind) -> None:
    for value in (0, 1):
        words = in_words(event("sensor", kind, "place", 1, value))
        assert words
        assert "Kind" not in words


def test_an_opening_and_a_use_are_said_as_what_they_are() -> None:
    assert in_words(event("s", Kind.OPENING, "fridge", 1, 0)) == "was closed"
    boil = event("s", Kind.APPLIANCE, "kettle", 1, 102.5, duration=153)
    assert in_words(boil) == "metered 102.5 Wh in 153 s"
