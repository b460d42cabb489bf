"""What every channel is given, and the three answers it may have: delivered, later, never."""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

import msgspec

HEARTBEAT = "heartbeat"
"""The action of a message that only says that the centre is alive."""
PROMPT = "prompt"
"""The action of a message to one person, whose words stand in `text` and nothing else does."""

TEST = "test"
"""The action of a message that somebody has sent to their own browser, to see whether it comes."""

S = TypeVar("S", bound=msgspec.Struct)


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """What a message tells: an alert as it was at one step of its life.

    Attributes:
        action: `raise`, `report`, `clear`, `heartbeat`, `prompt`, `request`, `test`, or a step that
            the alert's history names.
        at: When that was.
        place: Of the sensor that it is about; empty where it is about none, or several.
        home, label: Of the home; None and empty where it is about many.
        lane: `urgent`, `advisory` or `technical`.
    """

    action: str
    at: datetime
    organisation: str = ""
    alert: int = 0
    version: int = 0
    home: str | None = None
    label: str = ""
    condition: str = ""
    subject: str = ""
    place: str = ""
    lane: str = ""
    state: str = ""
    text: str = ""
    prompt: str = ""
    raised_at: datetime | None = None
    cleared_at: datetime | None = None
    outcome: str | None = None


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """One message to one destination.

    Attributes:
        key: The same at every try and of no other message: by it the other side knows a repeat.
        tried_at: When this try is made.
        body: What is told, as JSON.
    """

    key: str
    tried_at: datetime
    body: bytes
    told: Told


class TryLater(Exception):  # noqa: N818 - an answer, not a fault
    """It may go through at another time. The sentence names nobody: it is shown to staff.

    Attributes:
        after: Seconds that the other side asked us to wait, if it did.
    """

    def __init__(self, reason: str, after: float | None = None) -> None:
        super().__init__(reason)
        self.after = after


class GiveUp(Exception):  # noqa: N818 - an answer, not a fault
    """It will never go through as it is. The sentence names nobody, and says what was wrong."""


class Gone(GiveUp):
    """Whom it is for has left and will not come back; nothing more is to be sent there."""


class BadSettings(ValueError):  # noqa: N818 - settings are bad, nothing has failed
    """A destination's settings will not do; the sentence says which and what is allowed."""


@dataclass(frozen=True)
class Channel(Generic[S]):
    """A way out.

    Attributes:
        name: As destinations name it.
        settings: What a destination of it needs.
        secrets: Which of these are sealed at rest and never shown.
        deliver: Delivers one message, or raises :class:`TryLater` or :class:`GiveUp`; anything
            else that it raises is a mistake of ours. It may be called off at any await. It keeps
            nothing between calls, logs nothing of the message, and is called for many at once.
        addressee: Which of the settings says to whom, where a message to one person can name
            another; empty where none can.
        check: Raises :class:`BadSettings` for settings that are of the right types and still wrong.
        subscribed: Whether members of staff subscribe to it: a message goes to each of these, with
            what their subscription holds beside the destination's settings.
        reference: By what the other side knows a message, from its key; the key itself if left out.
        leads: Which of the settings say where messages, and secrets, go.
        at_machine: Which reach into the centre's own machine or network: set there alone.
    """

    name: str
    settings: type[S]
    secrets: frozenset[str]
    deliver: Callable[[Message, S], Coroutine[Any, Any, None]]
    check: Callable[[S], None] = lambda _: None
    addressee: str = ""
    subscribed: bool = False
    reference: Callable[[str], str] = str
    leads: frozenset[str] = frozenset()
    at_machine: frozenset[str] = frozenset()

    def read(self, given: dict[str, Any]) -> S:
        """Settings from plain values.

        Raises:
            BadSettings: They will not do.
        """
        known = set(self.settings.__struct_fields__)
        if odd := sorted(given.keys() - known):
            has = ", ".join(sorted(known))
            raise BadSettings(f"{self.name} has no {', '.join(odd)}; it has {has}")
        try:
            settings = msgspec.convert(given, self.settings)
        except msgspec.ValidationError as error:
            raise BadSettings(f"{self.name}: {error}") from error
        self.check(settings)
        return settings
