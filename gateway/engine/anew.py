"""Learns all anew from past events, and goes on with the alerts that were told of them."""

from collections.abc import Iterable

from contract import Alert, Assessment, SensorEvent
from gateway.engine.alert_book import Key
from gateway.engine.engine import Engine
from gateway.engine.lesson import keep_last
from gateway.engine.ordering import OrderingEngine
from gateway.engine.outputs import Output


def learn_anew(
    engine: Engine | OrderingEngine,
    events: Iterable[SensorEvent],
    driven: float | None,
    told: Iterable[Alert],
    *,
    back: bool = False,
) -> list[Output]:
    """What the engine has to say beyond what was told; of the past it has said all before.

    Args:
        engine: A fresh one.
        events: All that it is to learn from, the oldest first.
        driven: How far time had passed since, in epoch seconds; None if it had not.
        told: The newest version of each alert that was told.
        back: Whether that is because time was set back.
    """
    last: dict[Key, Assessment] = {}
    for event in events:
        keep_last(last, engine.process(event))
    if driven is not None:
        keep_last(last, engine.advance(driven))
    return list(engine.go_on_from(told, last, back=back))
