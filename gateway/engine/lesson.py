"""Teaches detectors anew from the past, beside those at work; in steps, so that nothing waits."""

from collections.abc import Callable, Generator, Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from contract import Assessment, SensorEvent
from gateway.engine.alert_book import Key
from gateway.engine.outputs import Output

if TYPE_CHECKING:  # an engine makes them
    from gateway.engine.engine import Engine

Lesson = Generator[None, None, list[Output]]
"""Steps, and then what is to be said."""

STEP = 200
"""Events between two looks at anything else."""
_DAY_S = 86_400.0


class Pupil:
    """Learns from events what detectors would know that had been there from the first.

    Args:
        hear: Shows its detectors an event; None where it has none.

    Attributes:
        last: Its last answer about each condition and subject: what it would have said of the past
            is past, but an alert that no longer holds is to be cleared.
    """

    def __init__(self, hear: Callable[[SensorEvent], Iterable[Output]] | None) -> None:
        self._hear = hear
        self.last: dict[Key, Assessment] = {}

    def hear(self, event: SensorEvent) -> None:
        """Takes in one event, the oldest first."""
        if self._hear is not None:
            keep_last(self.last, self._hear(event))

    def listen(self, events: Iterable[SensorEvent]) -> Iterator[SensorEvent]:
        """Takes in events on their way."""
        for event in events:
            self.hear(event)
            yield event


class Learning(NamedTuple):
    """Detectors that are taught beside those at work.

    Attributes:
        chosen: Their numbers.
        engine: Holds them, and them alone.
        pupil: Shows it events.
    """

    chosen: list[int]
    engine: "Engine"
    pupil: Pupil


def steps(pupil: Pupil, events: Iterable[SensorEvent], now: float) -> Iterator[None]:
    """Lets a pupil listen, with a break now and then.

    There is none any more in the day before `now` (epoch seconds): what came in a break might be
    missed there.
    """
    for number, event in enumerate(pupil.listen(events), start=1):
        if number % STEP == 0 and event.at.timestamp() < now - _DAY_S:
            yield


def at_once(lesson: Lesson) -> list[Output]:
    """Takes all steps of a lesson."""
    while True:
        try:
            next(lesson)
        except StopIteration as end:
            outputs: list[Output] = end.value
            return outputs


def keep_last(last: dict[Key, Assessment], outputs: Iterable[Output]) -> None:
    """Notes the last answer about each condition and subject."""
    for one in outputs:
        if isinstance(one, Assessment):
            last[Key(one.condition, one.subject)] = one
