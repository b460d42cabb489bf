"""What a home's people did not agree to: no detector's word of it counts."""

from collections.abc import Callable, Collection

from contract import Assessment
from gateway.engine.gate import PauseGate

REASON = "This is switched off for this home."

Gate = Callable[[Assessment], Assessment]


def with_off(gate: Gate, off: Collection[str]) -> Gate:
    """A gate that lets nothing of what is switched off through, and all else to `gate`."""
    if not off:
        return gate
    return lambda answer: (
        PauseGate.blind(answer, REASON) if answer.condition in off else gate(answer)
    )
