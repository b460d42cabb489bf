"""Why somebody is not let in by a provider's word, each with a text in the console."""

from enum import StrEnum

from api.refusals import NotSignedIn


class Why(StrEnum):
    """What went wrong, as far as it helps the person to know."""

    DENIED = "denied"  # they, or the provider, said no
    EXPIRED = "expired"  # it took too long, or was begun in another browser
    AWAY = "away"  # the provider does not answer, or not in time
    NONSENSE = "nonsense"  # the provider's answer cannot be believed
    NO_NAME = "no_name"  # it tells no name to know them by
    NO_ROLE = "no_role"  # none of their groups stands for a role here
    NO_ORGANISATION = "no_organisation"  # nor for whose homes they look after
    TAKEN = "taken"  # somebody else here has their name
    DISABLED = "disabled"  # they are known here, and may not come in
    WEAK = "weak"  # their role needs a second factor, and the provider asked for none


class NotLetIn(NotSignedIn):
    """They are not let in; `why` is for them, the sentence for the centre's log.

    Attributes:
        why: The word.
    """

    def __init__(self, why: Why, sentence: str) -> None:
        super().__init__(sentence)
        self.why = why
