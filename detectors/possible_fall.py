"""Stillness where people do not rest: last noticed in bathroom, hall or kitchen, not since."""

from typing import ClassVar

from contract import Condition
from detectors.features.places import PERSON_KINDS, RESTING
from detectors.features.pulse import SPEAKING_ALONE
from detectors.learned import LEARNED
from detectors.lulls import Lulls
from detectors.models.usual import Prior
from detectors.parameters import Parameters
from detectors.profile import HomeProfile
from detectors.protocol import NEVER
from detectors.silence import SilenceWatch
from detectors.silence_form import Scope, Words

HOUR = 3600.0

SCOPE = Scope(
    unwatched=RESTING,
    habits=Lulls,
    least=HOUR / 2,
    most=4 * HOUR,
    hard_stop=NEVER,
    daily=Prior(level=40, dispersion=900),
    learning_days=7,
    alone=True,
    needs_all=True,
)
WORDS = Words(
    raised="No movement for {minutes} minutes since the {room} at {since}. Call at once.",
    normal="Movement goes on as usual.",
    prompt="Call the person now; if there is no answer, send someone to look.",
    measure="stillness",
    label="Longest stillness outside resting places",
)


class PossibleFall(SilenceWatch):
    """Watches stillness outside resting places in one home."""

    condition: ClassVar[str] = Condition.POSSIBLE_FALL
    version: ClassVar[int] = 3
    kinds: ClassVar[frozenset[str]] = PERSON_KINDS | SPEAKING_ALONE

    def __init__(self, profile: HomeProfile, parameters: Parameters = LEARNED) -> None:
        super().__init__(SCOPE, WORDS, profile, parameters)
