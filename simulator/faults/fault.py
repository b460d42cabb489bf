"""What a fault is: something between devices and hub that spoils what passes, for a time."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, ClassVar

from simulator.devices.message import Message
from simulator.faults.memory import Memory
from simulator.faults.words import device_of
from simulator.living.chance import Chance

NEVER = float("inf")
_TEN_YEARS_S = 3653 * 86_400.0  # what comes later than that, no calendar may know
_ALLOWED: dict[Any, Any] = {float: int | float, float | None: int | float | None}


def parameter(default: Any, meaning: str, *, low: float = 0.0, high: float = _TEN_YEARS_S) -> Any:
    """A field that whoever sets the fault may choose.

    Args:
        default: What it is where nobody does; its type is the field's.
        meaning: What it is, with its unit.
        low: The least that a number may be.
        high: The most; ten years in seconds where not said.
    """
    return field(default=default, metadata={"meaning": meaning, "low": low, "high": high})


@dataclass(kw_only=True)
class Fault:
    """One fault of one home. Messages come in order of time and none goes out before it came in.

    Subclasses say what they do in :meth:`hear` and, by themselves, in :meth:`ring`. All that they
    remember is made in :meth:`begin`, so that one fault can be set in many homes.

    Attributes:
        onset: When it begins, in epoch seconds.
        duration: How many seconds it lasts; what comes at its very end is outside.
        device: Whom it strikes; all whom it can strike where None.
        expected: What a hub should make of it.
        harmless: Whether what a hub detects upon should be the same as without it.
    """

    onset: float
    duration: float
    device: str | None = parameter(None, "whom it strikes; all it can strike where not said")

    expected: ClassVar[str]
    harmless: ClassVar[bool] = False

    def __post_init__(self) -> None:
        """Checks what was chosen.

        Raises:
            ValueError: A number is none, or beyond its bounds. The sentence says which.
        """
        for one in fields(self):
            _check(one.name, getattr(self, one.name), one.type, one.metadata)
        self.onset = round(self.onset, 3)  # as messages are dated, to the millisecond

    @property
    def until(self) -> float:
        """When it ends."""
        return round(self.onset + self.duration, 3)

    @property
    def aftermath_s(self) -> float:
        """How many seconds after its end it may still say something."""
        return 0.0

    def begin(self, chance: Chance, memory: Memory) -> None:
        """Is set in a home.

        Args:
            chance: Its own.
            memory: What the home's hub has been told so far.
        """
        self._chance = chance
        self._memory = memory

    def take(self, message: Message) -> list[Message]:
        """What comes out in place of a message, each at its time or later."""
        if self.device is not None and device_of(message) != self.device:
            return [message]
        if self.onset <= message.t < self.until:
            return self.hear(message)
        self._memory.note(message)
        return [message]

    def hear(self, message: Message) -> list[Message]:
        """The same, for a message that the fault may spoil."""
        return [message]

    def alarm(self) -> float:
        """When it next has something to say by itself."""
        return NEVER

    def ring(self) -> list[Message]:
        """What it says at that time; the next alarm is later."""
        return []


def _check(name: str, value: Any, type_: Any, bounds: Mapping[str, Any]) -> None:
    if not isinstance(value, _ALLOWED.get(type_, type_)) or (
        isinstance(value, bool) != (type_ is bool)
    ):
        raise ValueError(f"{name} cannot be {value!r}")
    low, high = bounds.get("low", 0.0), bounds.get("high", NEVER)
    if isinstance(value, int | float) and not low <= value <= high:  # also catches NaN
        raise ValueError(f"{name} must be from {low:g} to {high:g}, not {value:g}")
