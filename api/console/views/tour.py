"""The guided tour of a demonstration: one night at the desk, step by step."""

from collections.abc import Set as AbstractSet
from typing import Final, NamedTuple

from api.alerts.lifecycle import Action

_STEPS: Final[dict[str, tuple[str, Action | None]]] = {
    "claim": ("/queue", Action.CLAIM),
    "call": ("/queue", Action.ATTEMPT),
    "end": ("/queue", Action.RESOLVE),
    "evidence": ("/queue", None),
    "wait": ("/queue", Action.SUSPEND),
    "home": ("/homes", None),
    "leave": ("/hand-over", Action.OFFER),
    "wallboard": ("/wallboard", None),
}
"""Each step's page, and what done to any alert shows that it was taken; None for one to look."""


class Step(NamedTuple):
    """One step; `state` is `done`, `now` (the next), `later`, or `look` where nothing tells."""

    name: str
    address: str
    state: str


def steps(done: AbstractSet[str]) -> list[Step]:
    """All steps for somebody who has done such things to alerts."""
    made, is_next = [], True
    for name, (address, action) in _STEPS.items():
        state = "look" if action is None else "done" if action in done else "later"
        if state == "later" and is_next:
            state, is_next = "now", False
        made.append(Step(name, address, state))
    return made


NAMES: Final = tuple(_STEPS)
