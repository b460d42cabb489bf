"""A home in which nobody stirs for longer than this person ever lies or sits still.

It asks no thermometer whether the link is up, and has a hard stop: whatever is usual, nobody lies
unnoticed for a day.
"""

from typing import ClassVar

from contract import Condition
from detectors.features.places import PERSON_KINDS
from detectors.learned import LEARNED
from detectors.models.usual import Prior
from detectors.parameters import Parameters
from detectors.profile import HomeProfile
from detectors.records import Records
from detectors.silence import SilenceWatch
from detectors.silence_form import Scope, Words

HOUR = 3600.0

SCOPE = Scope(
    unwatched=frozenset(),
    habits=Records,
    least=3 * HOUR,
    most=20 * HOUR,
    hard_stop=18 * HOUR,
    daily=Prior(level=300, dispersion=10_000),
    learning_days=5,
    alone=False,
    needs_all=False,
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
    version: ClassVar[int] = 3
    kinds: ClassVar[frozenset[str]] = PERSON_KINDS

    def __init__(self, profile: HomeProfile, parameters: Parameters = LEARNED) -> None:
        super().__init__(SCOPE, WORDS, profile, parameters)
