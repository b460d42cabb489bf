"""What a detector is: one condition of one home, judged online in event time.

A detector is pure. It is told what happened and when; it reads no clock, draws no random number
and touches no file. The same calls give the same answers, and a detector restored from a snapshot
goes on exactly as the one it was taken from. :func:`detectors.conformance.check_detector` holds any
detector to this.
"""

from collections.abc import Sequence
from typing import ClassVar, Protocol, runtime_checkable

from contract import Assessment, SensorEvent
from detectors.moment import Moment

NEVER = float("inf")
Lot = Sequence[tuple[SensorEvent, Moment]]
"""Events that are shown together, each with its moment, in their order."""


class Detector(Protocol):
    """One condition of one home.

    Attributes:
        condition: The :class:`contract.Condition` it answers for.
        version: Rises when its snapshot changes form or meaning; an older snapshot is then not
            restored but learned anew from the journal.
        kinds: The event kinds it wants to see; others are not shown to it.
    """

    condition: ClassVar[str]
    version: ClassVar[int]
    kinds: ClassVar[frozenset[str]]

    def observe(self, event: SensorEvent, moment: Moment) -> list[Assessment]:
        """Takes in one event and answers where its answer has changed.

        `moment` is when the event counts as having happened. It never goes back: an event that
        arrives a little out of order counts at the engine's present moment.
        """
        ...

    def due(self) -> float:
        """When it wants to judge though nothing happens, in epoch seconds, or `NEVER`."""
        ...

    def judge(self, moment: Moment) -> list[Assessment]:
        """Answers at the moment it asked for. Must move `due` to later than `moment`."""
        ...

    def snapshot(self) -> bytes:
        """Everything it has learned. At most 16 KiB in an ordinary home."""
        ...

    def restore(self, snapshot: bytes) -> None:
        """Goes on from a snapshot of the same `version`.

        Raises:
            ValueError: The bytes are not such a snapshot.
        """
        ...


@runtime_checkable
class Migrates(Protocol):
    """A detector that can go on from what an older version of it had learned."""

    def migrate(self, version: int, snapshot: bytes) -> None:
        """Goes on from a snapshot of an older `version`; without this it learns anew.

        Raises:
            ValueError: The bytes are not such a snapshot, or of a version that it does not know.
        """
        ...


@runtime_checkable
class SelectiveDetector(Detector, Protocol):
    """One that may want to see less once it has begun."""

    def wanted(self) -> frozenset[str]:
        """The kinds that can still tell it something. Asked again when it has judged."""
        ...


@runtime_checkable
class HearsLate(Detector, Protocol):
    """A detector that wants to know, too, of what was told too late to count."""

    def observe_late(self, event: SensorEvent, moment: Moment) -> None:
        """Takes note of an event of its kinds that came after the hub had moved on.

        `moment` is when it happened, long ago as a rule. Nothing is answered, and what is due is
        judged as if it had not come, for how far time had come when it did is nowhere written: the
        same journal must give the same answers. It may count from the next event in time on.
        """
        ...


@runtime_checkable
class AnswersCalls(Detector, Protocol):
    """A detector that answers a call for help also where it came too late."""

    def observe_call(self, event: SensorEvent, moment: Moment) -> list[Assessment]:
        """Takes in a call that came late, or whose own time is unsure, and answers it at once.

        `moment` is the one at which it counts, `event.at` when it was made as far as is known. It
        may lie before the present, where a wrong clock had carried that ahead.
        """
        ...


@runtime_checkable
class CountsTime(Protocol):
    """A detector that counts how long something lasts, such as a silence."""

    def leapt(self, by: float, moment: Moment) -> None:
        """The hub's clock was set ahead, to `moment`, by so many seconds, which did not pass.

        What lasts now has lasted no longer for that, and is too long later by as much.
        """
        ...


@runtime_checkable
class PatientDetector(Detector, Protocol):
    """One that answers when it judges, never to an event, and so may be shown events late.

    What it is shown moves its `due` only from `NEVER`. Until it judges, or a snapshot is taken, it
    need not have seen anything; it is then shown all at once, which costs far less than one by one.
    """

    def observe_all(self, lot: Lot) -> None:
        """Takes in events as :meth:`Detector.observe` takes in one."""
        ...
