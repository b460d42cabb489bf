"""`kill -9`, again and again, of one part after the other, while the household lives on.

A part that was killed is started again after a moment, as systemd would start it; so is one that
ends by itself, and that is counted. Strikes overlap: the next part falls while the last one is
still coming back. Three rules alone: a part is not struck again before it has recovered; the broker
only while the hub is connected and has heard all but the last moments' messages; and the hub not in
the moment after the broker, nor later while what that had sent is not on disk. What is lost where
the two die at once, or the broker while the hub is away, is measured by itself (hardships).
"""

import asyncio
import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from time import monotonic
from typing import NamedTuple

from tests.crash.stage import Stage

PARTS = ("hub", "broker", "API", "database")
RATE = 25.0
"""Messages a second: a home makes some 400 a day."""

PATIENCE_S = 120.0
_LOOK_S = 0.1
_LONGEST_DOWN_S = 0.5
_ONE_MOMENT_S = 1.0
_ABOUT = 40
_LATEST = 8
"""So many messages may be under way to a hub that keeps up."""


@dataclass
class Strike:
    """One kill.

    Attributes:
        part: Of what.
        at: When, in seconds from the first.
        number: Of the first message said after it.
        recovered_s: How long until that message, or a later one, was where the part takes it: in
            the hub's journal (hub, broker), or in the centre's database (API, database).
    """

    part: str
    at: float
    number: int
    recovered_s: float | None = None


class Hand(NamedTuple):
    """How a part is killed and brought back."""

    kill: Callable[[], None]
    start: Callable[[], None]
    reaches_centre: bool


@dataclass
class Blows:
    """All strikes on a stage.

    Attributes:
        struck: What was done.
        ended: How often a part ended by itself and was started again.
    """

    stage: Stage
    chance: random.Random
    longest_gap_s: float = 1.5
    struck: list[Strike] = field(default_factory=list)
    ended: Counter[str] = field(default_factory=Counter)
    _down: set[str] = field(default_factory=set)
    _pending: set[asyncio.Future[None]] = field(default_factory=set)
    _hands: dict[str, Hand] = field(default_factory=dict)

    def __post_init__(self) -> None:
        stage = self.stage
        self._began = monotonic()
        self._hands = {
            "hub": Hand(stage.hub.kill, stage.hub.start, False),
            "broker": Hand(stage.broker.kill, stage.broker.start, False),
            "API": Hand(stage.centre.kill, stage.centre.start, True),
            "database": Hand(stage.database.kill, stage.database.start, True),
        }

    async def strike_all(self, order: Sequence[str]) -> None:
        """Strikes one after the other at random instants, and sees that all recover."""
        looking = asyncio.ensure_future(self._look())
        enough = asyncio.Event()
        living = asyncio.ensure_future(self.stage.devices.tell_on(RATE, enough))
        try:
            for part in order:
                await asyncio.sleep(self.chance.uniform(0.02, self.longest_gap_s))
                await self._until(partial(self._may_fall, part), f"{part} may be struck", looking)
                self._strike(part)
            await self._until(lambda: not self._owing(), "all has recovered", looking)
        finally:
            enough.set()
            looking.cancel()
            await asyncio.gather(living, *self._pending)
            await asyncio.gather(looking, return_exceptions=True)

    def _strike(self, part: str) -> None:
        if self.chance.random() < 0.3:  # what is saved now is what the broker wakes up with
            self.stage.broker.save()
        number = len(self.stage.devices.said)
        self.struck.append(Strike(part, monotonic() - self._began, number))
        self._hands[part].kill()
        self._down.add(part)
        down_s = self.chance.uniform(0, _LONGEST_DOWN_S)
        back = asyncio.ensure_future(self._bring_back(part, down_s))
        self._pending.add(back)
        back.add_done_callback(self._pending.discard)

    async def _bring_back(self, part: str, after_s: float) -> None:
        await asyncio.sleep(after_s)
        await asyncio.to_thread(self._hands[part].start)
        self._down.discard(part)

    def _owing(self, *parts: str) -> list[Strike]:
        return [
            one
            for one in self.struck
            if one.recovered_s is None and (not parts or one.part in parts)
        ]

    def _may_fall(self, part: str) -> bool:
        if self._owing(part) or part in self._down:
            return False
        if part == "hub":
            return self._is_kept_that_the_broker_had()
        if part != "broker":
            return True
        said = self.stage.devices.said
        if len(said) < _LATEST or self._owing("hub"):
            return False
        return self.stage.journal.newest() >= said[-_LATEST].at

    def _is_kept_that_the_broker_had(self) -> bool:
        """Whether the hub has on disk what the broker had when it fell last."""
        fell = next((one for one in reversed(self.struck) if one.part == "broker"), None)
        if fell is None or fell.number == 0:
            return True
        if monotonic() - self._began - fell.at < _ONE_MOMENT_S:
            return False
        return self.stage.journal.newest() >= self.stage.devices.said[fell.number - 1].at

    async def _look(self) -> None:
        """Notes who has recovered, and starts again what has ended by itself."""
        programs = {"hub": self.stage.hub, "API": self.stage.centre}
        while True:
            for part, program in programs.items():
                if part not in self._down and not program.running():
                    self.ended[part] += 1
                    await asyncio.sleep(1)
                    program.start()
            if self._owing():
                heard, held = self.stage.journal.newest(), await self.stage.centre_ledger.newest()
                for one in self._owing():
                    newest = held if self._hands[one.part].reaches_centre else heard
                    at = self.stage.devices.dated_from(one.number)
                    if at is not None and newest >= at:
                        one.recovered_s = monotonic() - self._began - one.at
            await asyncio.sleep(_LOOK_S)

    async def _until(
        self, holds: Callable[[], bool], what: str, looking: asyncio.Future[None]
    ) -> None:
        deadline = monotonic() + PATIENCE_S
        while not holds():
            if looking.done():
                looking.result()
            assert monotonic() < deadline, (
                f"after {PATIENCE_S:g} s still not: {what}; {self._owing()}\n{self.stage.told()}"
            )
            await asyncio.sleep(0.02)


def near(struck: Sequence[Strike], number: int) -> str:
    """The strikes about a message, to find out what became of it."""
    about = [one for one in struck if abs(one.number - number) <= _ABOUT]
    return ", ".join(f"{one.part} at {one.number} ({one.at:.2f} s)" for one in about)


def drawn(kills: int, parts: Sequence[str], chance: random.Random) -> list[str]:
    """Which part falls when: as often each, as far as that goes, in random order."""
    order = [parts[number % len(parts)] for number in range(kills)]
    chance.shuffle(order)
    return order
