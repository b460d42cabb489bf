"""Which detectors a hub runs: all that are registered, once for each home."""

from collections.abc import Sequence

from gateway.engine import DetectorFactory


def detectors() -> Sequence[DetectorFactory]:
    """Makers of every registered detector, one condition each."""
    # Here, not above: a detector may bring a library that only a running engine should pay for.
    from detectors.registry import DETECTORS  # noqa: PLC0415 - see above

    return DETECTORS
