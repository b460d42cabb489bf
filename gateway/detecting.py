"""Which detectors a hub runs: all that are registered, once for each home."""

from collections.abc import Callable, Sequence

from contract import Assessment
from detectors.profile import HomeProfile, UnusualDay
from gateway.engine import DetectorFactory, Fault, OrderingEngine
from gateway.engine.gate import Interval
from gateway.engine.outputs import as_it_is, ignore


def detectors() -> Sequence[DetectorFactory]:
    """Makers of every registered detector, one condition each."""
    # Here, not above: a detector may bring a library that only a running engine should pay for.
    from detectors.registry import DETECTORS  # noqa: PLC0415 - see above

    return DETECTORS


def hub_engine(
    profile: HomeProfile,
    window_s: float,
    on_fault: Callable[[Fault], None] = ignore,
    gate: Callable[[Assessment], Assessment] = as_it_is,
    *,
    mends: bool = False,
    leaps: Sequence[Interval] = (),
) -> OrderingEngine:
    """The engine of a hub, with every registered detector; its checkpoints are read by no other."""
    return OrderingEngine(
        profile, detectors(), on_fault, gate, window_s=window_s, mends=mends, leaps=leaps
    )


def wrong_choice(choice: UnusualDay) -> tuple[str, str] | None:
    """What is wrong with the scorer a home names: the key and a sentence; None if all is well."""
    from detectors.scorers.named import problem  # noqa: PLC0415 - as above

    return problem(choice)
