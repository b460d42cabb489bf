"""The detectors of an engine: who they are, when each is due, what each has learned."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from detectors.profile import HomeProfile
from detectors.protocol import NEVER, Detector
from gateway.engine.checkpoint import Learned, Strikes
from gateway.engine.mending import MOST_STRIKES, goes_on, struck
from gateway.engine.outputs import DetectorFactory, Fault
from gateway.engine.routes import Routes
from gateway.engine.unmade import Unmade, unmade


class Roster:
    """The detectors of one home, as an engine keeps them.

    Args:
        profile: The home.
        detectors: Makes each detector; conditions must differ.
        on_fault: Told of each detector that failed.
        mends: Whether who is told then mends it; the fresh one waits for it.
    """

    def __init__(
        self,
        profile: HomeProfile,
        detectors: Sequence[DetectorFactory],
        on_fault: Callable[[Fault], None],
        *,
        mends: bool,
    ) -> None:
        self._profile = profile
        self._factories = list(detectors)
        self._on_fault = on_fault
        self._mends = mends
        self._now: float | None = None
        self._strikes: dict[str, Strikes] = {}
        self._detectors = [self._made(make) for make in self._factories]
        self._next_due = NEVER  # nobody is due before; some may by now be due later than that
        self._reckon()

    @property
    def conditions(self) -> set[str]:
        """What its detectors answer for."""
        return {one.condition for one in self._detectors}

    @property
    def unmade(self) -> set[str]:
        """Those of them of which the detector could not be made."""
        return {one.condition for one in self._detectors if isinstance(one, Unmade)}

    def _made(self, make: DetectorFactory) -> Detector:
        """A fresh detector, or what stands in its place where it cannot be made."""
        try:
            return make(self._profile)
        except Exception as error:  # noqa: BLE001 - one's fault must not keep the hub from starting
            none = unmade(make)
            fault = Fault(none.condition, error, stopped=False, made=False, at=self._now)
            self._on_fault(fault)
            return none

    def _struck(self, condition: str) -> bool:
        """Counts a failure; whether it was one too many."""
        now = 0.0 if self._now is None else self._now
        self._strikes = struck(self._strikes, condition, now)
        return self._strikes[condition].count >= MOST_STRIKES

    def _own_dues(self) -> dict[str, float]:
        """When detectors judge next that would say otherwise themselves."""
        return {
            one.condition: due
            for one, due in zip(self._detectors, self._dues, strict=True)
            if due != one.due()
        }

    def _put_off(self, dues: dict[str, float]) -> None:
        for index, one in enumerate(self._detectors):
            self._dues[index] = dues.get(one.condition, self._dues[index])
        self._next_due = min(self._dues, default=NEVER)

    def _reckon(self) -> None:
        """Takes note of when detectors are due and what they want to see."""
        self._dues = [detector.due() for detector in self._detectors]
        self._next_due = min(self._dues, default=NEVER)
        self._route()

    def _route(self) -> None:
        self._routes = Routes(self._detectors, self._dues)

    def _learned(self) -> list[Learned]:
        """What each has learned, but for those that cannot be stored."""
        learned: list[Learned] = []
        for one in self._detectors:
            if isinstance(one, Unmade):
                continue
            try:
                learned.append(Learned(one.condition, one.version, one.snapshot()))
            except Exception as error:  # noqa: BLE001 - one's fault must not cost the others theirs
                self._on_fault(Fault(one.condition, error, stopped=False, at=self._now))
        return learned

    def _restored(self, found: Iterable[Learned]) -> list[str]:
        """Has each go on from what it had learned; the conditions of those that cannot."""
        learned = {one.condition: one for one in found}
        fresh = [
            one.condition
            for index, one in enumerate(self._detectors)
            if not isinstance(one, Unmade) and not self._restore(index, learned.get(one.condition))
        ]
        self._reckon()
        return fresh

    def _replace_with(self, taught: Mapping[int, Detector]) -> None:
        """Puts others in the places of some, by their numbers."""
        for index, detector in taught.items():
            self._detectors[index] = detector
        self._reckon()

    def _restore(self, index: int, learned: Learned | None) -> bool:
        detector = self._detectors[index]
        if learned is None:
            return False
        try:
            return goes_on(detector, learned)
        except Exception as error:  # noqa: BLE001 - one's fault must not keep the hub from starting
            self._replace(index, error)
            return False

    def _replace(self, index: int, error: Exception) -> None:
        if isinstance(self._detectors[index], Unmade):
            return  # that was told
        fresh = self._detectors[index] = self._made(self._factories[index])
        # What it wants to judge in the past of which it saw nothing can wait for the present.
        due = fresh.due()
        later = (self._now is None or due > self._now) and not self._mends
        self._dues[index] = due if later else NEVER
        self._next_due = min(self._next_due, self._dues[index])
        self._route()
        self._on_fault(Fault(fresh.condition, error, at=self._now))

    def _begin_afresh(self, index: int) -> None:
        due = self._detectors[index].due()
        self._dues[index] = due if self._now is None or due > self._now else NEVER
        self._next_due = min(self._dues)
        self._route()
