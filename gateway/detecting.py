"""Which detectors a hub runs: all that are registered, once for each home."""

from collections.abc import Sequence

from detectors.profile import UnusualDay
from gateway.engine import DetectorFactory


def detectors() -> Sequence[DetectorFactory]:
    """Makers of every registered detector, one condition each."""
    # Here, not above: a detector may bring a library that only a running engine should pay for.
    from detectors.registry import DETECTORS  # noqa: PLC0415 - see above

    return DETECTORS


def wrong_choice(choice: UnusualDay) -> tuple[str, str] | None:
    """What is wrong with the scorer a home names: the key and a sentence; None if all is well."""
    from detectors.scorers.named import problem  # noqa: PLC0415 - as above

    return problem(choice)
