"""How late a home's messages come at times, so that a silence may be its link's, not the person's.

It goes by the events alone, not by when they came, which is nowhere written: those told too late
lie between the ones that came in time, and so say at least how long they were held back. They count
from the next one in time on, so that the same events always give the same answers.
"""

import msgspec

KEPT_DAYS = 7
"""For so long a link that was late may well be late again."""
MOST = 12 * 3600.0
"""What comes later than this is an old recording rather than a late message."""


class Held(msgspec.Struct, array_like=True):
    """Messages that came too late, since the last that came in time.

    Attributes:
        oldest, newest: Of the first and the last of what they tell, in epoch seconds.
        day: Local day of the last, as an ordinal.
        place: And its place.
    """

    oldest: float
    newest: float
    day: int
    place: str


class Lateness(msgspec.Struct, array_like=True):
    """How late messages were.

    Attributes:
        days: Local day, as an ordinal, and the most seconds that messages were late, of each of
            the last days on which they were.
        held: Those that do not count yet; None where there are none.
    """

    days: list[tuple[int, float]] = []
    held: Held | None = None

    def hear(self, t: float, day: int, place: str) -> None:
        """Takes in a sign of life, at `t` of a local `day` (an ordinal), that was told too late."""
        held = self.held
        if held is None:
            self.held = Held(t, t, day, place)
            return
        held.oldest = min(held.oldest, t)
        if t >= held.newest:
            held.newest, held.day, held.place = t, day, place

    def settle(self, heard: float) -> Held | None:
        """A message has come in time: from now on the late ones before it count.

        Args:
            heard: The last that came in time before them, in epoch seconds.

        Returns:
            Them, where they tell of the time since; None where of the time before only.
        """
        held, self.held = self.held, None
        if held is None:
            return None
        late = max(held.newest, heard) - held.oldest
        if 0 < late <= MOST:
            known = dict(self.days)
            known[held.day] = max(late, known.get(held.day, 0.0))
            newest = max(known)
            self.days = sorted(one for one in known.items() if newest - one[0] <= KEPT_DAYS)
        return held if held.newest > heard else None

    def on(self, day: int) -> float:
        """The most seconds that messages were late in the days before, and on, a local day."""
        return max((late for one, late in self.days if 0 <= day - one <= KEPT_DAYS), default=0.0)
