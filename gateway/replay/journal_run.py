"""The home of a journal in the course of a replay: as its hub lived through it."""

import math
from collections.abc import Callable, Iterable, Iterator, Sequence

from contract import Assessment, Quality, SensorEvent
from gateway.engine import OrderingEngine, Watermark
from gateway.engine.anew import learn_anew
from gateway.engine.watermark import NOT_YET
from gateway.journal.set_back import SetBack, believed
from gateway.replay.home_run import HomeRun
from gateway.replay.new_starts import Turn


class JournalRun(HomeRun):
    """One engine after another, as the hub began anew, shown the events in the journal's order.

    Which events came too late stands in the journal as their quality; nothing is judged anew here.
    How far the hub had let time pass before a turn stands nowhere: it is taken to have been caught
    up with its broker then, as it is but for its first minutes.

    Args:
        make: Makes the engine of the time after a turn.
        turns: Of the journal; the first stands before every event.
        window_s: How far an event might trail the newest one.
        driven: How far the hub had let time pass when it last said something; None if it had not.
        assessed: Told of each assessment.
        past: So many of the journal's first events, numbered; asked for where time was set back.
    """

    engine: OrderingEngine

    def __init__(
        self,
        make: Callable[[Turn], OrderingEngine],
        turns: Sequence[Turn],
        window_s: float,
        driven: float | None,
        assessed: Callable[[Assessment], None],
        *,
        past: Callable[[int], Iterable[tuple[int, SensorEvent]]] = lambda _count: (),
    ) -> None:
        super().__init__(make(turns[0]), assessed)
        self.watermark = Watermark(window_s)
        self._make = make
        self._past = past
        self._turns = list(turns[1:])
        self._window_s = window_s
        self._driven = NOT_YET if driven is None else driven
        self._heard = 0
        self._done: list[Turn] = []

    def take(self, events: Iterable[SensorEvent]) -> int:
        """Shows the engine some events; how many of them the hub had marked as late."""
        late = 0
        for event in events:
            while self._turns and self._turns[0].after <= self._heard:
                self._next_turn()
            self._heard += 1
            if event.quality == Quality.OK:
                self.watermark.admit(event.at.timestamp())
            elif event.counts_at is not None:
                self.watermark.admit(event.counts_at.timestamp())
            late += event.quality == Quality.LATE
            self._note(self.engine.process(event))
        return late

    def finish(self) -> None:
        """Lets time pass as far as the hub did; what waited there for its place waits here too."""
        while self._turns:
            self._next_turn()
        self._pass(self._driven)

    def _next_turn(self) -> None:
        turn = self._turns.pop(0)
        self._turn(turn)
        self._done.append(turn)

    def _turn(self, turn: Turn) -> None:
        """Goes on as the hub did that began anew: from what was learned, with other pauses."""
        if turn.back is not None:
            self._set_back(turn, turn.back)
            return
        line = turn.passed - self._window_s
        self._pass(line if turn.driven is None else turn.driven)
        before, self.engine = self.engine, self._make(turn)
        self.engine.restore(before.snapshot())
        if turn.blinds:
            self._note(self.engine.blindfold(turn.at))

    def _set_back(self, turn: Turn, back: SetBack) -> None:
        """Learns anew, as the hub did, from what no wrong clock had dated."""
        self._pass(back.passed)
        self.engine, self.watermark = self._make(turn), Watermark(self._window_s)
        told = list(self.alerts.values())
        line = back.line - self._window_s
        self._note(learn_anew(self.engine, self._believed(back), line, told, back=True))

    def _believed(self, back: SetBack) -> Iterator[SensorEvent]:
        earlier = [one.back for one in self._done if one.back is not None]
        for event in believed(self._past(self._heard), [*earlier, back]):
            if event.quality == Quality.OK:
                self.watermark.admit(event.at.timestamp())
            yield event

    def _pass(self, line: float) -> None:
        newest = self.watermark.newest
        if math.isfinite(newest):
            self._note(self.engine.advance(max(line, newest - self._window_s)))
