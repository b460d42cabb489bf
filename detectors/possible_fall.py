"""Stillness where people do not rest: a person last noticed in bathroom, hall or kitchen, and not since."""

from typing import ClassVar

from contract import Condition
from detectors import parameters
from detectors.features.places import PERSON_KINDS, RESTING
from detectors.profile import HomeProfile
from detectors.silence import Scope, SilenceWatch, Words

SCOPE = Scope(
    unwatched=RESTING,
    by_room=True,
    block=6,
    prior=parameters.STILLNESS,
    daily=parameters.STILLNESS_DAILY,
    alone=True,
)
WORDS = Words(
    raised="No movement for {minutes} minutes since the {room} at {since}. Consider a call at once.",
    normal="Movement goes on as usual.",
    prompt="Call the person now; if there is no answer, send someone to look.",
    measure="stillness",
    label="Longest stillness outside resting places",
)


class PossibleFall(SilenceWatch):
    """Watches stillness outside resting places in one home."""

    condition: ClassVar[str] = Condition.POSSIBLE_FALL
    version: ClassVar[int] = 1
    kinds: ClassVar[frozenset[str]] = PERSON_KINDS

    def __init__(self, profile: HomeProfile) -> None:
        super().__init__(self.condition, profile, SCOPE, WORDS)
