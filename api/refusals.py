"""Why the centre says no, free of HTTP; :mod:`api.web.problems` turns these into answers."""

from typing import Any


class Refused(Exception):  # noqa: N818 - a refusal is an answer, not a fault
    """A request that was understood and turned down. The sentence is for the person who asked.

    Attributes:
        extra: Facts a program may want beside the sentence.
    """

    def __init__(self, sentence: str, **extra: Any) -> None:
        super().__init__(sentence)
        self.extra = extra


class Invalid(Refused):
    """What was asked makes no sense as it stands; asking again will not help."""


class NotFound(Refused):
    """There is no such thing."""


class Gone(Refused):
    """It was there, was erased, and will not come back: whoever asks is to forget it, too."""


class Conflict(Refused):
    """It cannot be done in the present state; `extra` tells that state."""


class NotSignedIn(Refused):
    """Nobody, or nobody we know, is asking."""


class Forbidden(Refused):
    """We know who asks, and they may not."""


class NotAllowed(Forbidden):
    """What they are trusted with does not take in what they asked for."""


class EnrolFirst(NotAllowed):
    """They are to set up their second factor before anything else."""


class TooLarge(Refused):
    """More bytes than the centre will read."""


class Later(Refused):
    """Not now; try again after `retry_after` seconds."""

    def __init__(self, sentence: str, retry_after: int, **extra: Any) -> None:
        super().__init__(sentence, **extra)
        self.retry_after = retry_after


class TooMany(Later):
    """Too many attempts."""


class Stopping(Later):
    """This replica ends; another one serves."""


class DatabaseAway(Later):
    """The database cannot be reached just now."""


class InTheWay(DatabaseAway):
    """Somebody else was changing the same; nothing was stored, and it may be tried at once."""
