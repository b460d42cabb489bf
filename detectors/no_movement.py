"""A home in which nobody stirs for longer than this person ever lies or sits still."""

from typing import ClassVar

from contract import Condition
from detectors import parameters
from detectors.features.places import PERSON_KINDS
from detectors.profile import HomeProfile
from detectors.silence import Scope, SilenceWatch, Words

SCOPE = Scope(
    unwatched=frozenset(),
    by_room=False,
    block=3,
    prior=parameters.SILENCE,
    daily=parameters.SILENCE_DAILY,
    alone=False,
)
WORDS = Words(
    raised="No movement anywhere for {minutes} minutes, since the {room} at {since}.",
    normal="Movement in the home goes on as usual.",
    prompt="Call the person; if there is no answer, ask a neighbour or send someone to look.",
    measure="silence",
    label="Longest silence of the home",
)


class NoMovement(SilenceWatch):
    """Watches the silences of one home."""

    condition: ClassVar[str] = Condition.NO_MOVEMENT
    version: ClassVar[int] = 1
    kinds: ClassVar[frozenset[str]] = PERSON_KINDS

    def __init__(self, profile: HomeProfile) -> None:
        super().__init__(self.condition, profile, SCOPE, WORDS)
