"""What tells that a person is not alone: far more is seen than usual, or seen here and there.

A second person is seen twice as often. A pet is seen by one sensor and gone, at any hour.
"""

from collections.abc import Sequence

import msgspec

from detectors.features.company import Company
from detectors.features.glimpses import Glimpses
from detectors.models.counts import CountModel
from detectors.models.usual import Prior
from detectors.protocol import Lot

ACTIVATIONS, GLIMPSES, GLIMPSES_NIGHT = range(3)
MEASURES = ("activations_day", "glimpses_day", "glimpses_night")
BY_DAY, BY_NIGHT = (ACTIVATIONS, GLIMPSES), (GLIMPSES_NIGHT,)
LEAST_SEEN = 0.2
"""No part of a day is taken to have been seen for a smaller share."""


class Others(msgspec.Struct):
    """Others in one home: what speaks for them, and how long they have been there.

    Attributes:
        usual: Of each of `MEASURES`.
        counts: Of the present part of the day.
        glimpses: Tells these apart.
        company: Who seems to be there.
    """

    usual: list[CountModel] = msgspec.field(
        default_factory=lambda: [CountModel() for _ in MEASURES]
    )
    counts: list[int] = msgspec.field(default_factory=lambda: [0] * len(MEASURES))
    glimpses: Glimpses = msgspec.field(default_factory=Glimpses)
    company: Company = msgspec.field(default_factory=Company)

    def hear_all(self, lot: Lot, here: frozenset[str], morning_s: float) -> None:
        """Motion sensors spoke.

        Of activations only those count that are in rooms which the condition does not watch: what
        it watches for is no visitor. A visit with its way to and fro is no glimpse, wherever it is.

        Args:
            lot: What they told.
            here: Where the condition watches.
            morning_s: When the night ends, in seconds of the day.
        """
        for moment in self.glimpses.among(lot):
            self.counts[GLIMPSES_NIGHT if moment.second < morning_s else GLIMPSES] += 1
        self.counts[ACTIVATIONS] += sum(
            moment.second >= morning_s for event, moment in lot if event.place not in here
        )

    def there(self, elsewhere: float, seen: float, priors: Sequence[Prior], *, night: bool) -> bool:
        """Whether others were there in the part of the day that ends.

        Args:
            elsewhere: How far activity in the rooms that a condition does not watch is above the
                usual, in standard deviations.
            seen: The share of the part that could be seen.
            priors: Of each of `MEASURES`.
            night: Whether it is a night.
        """
        found = [
            self.usual[i].surprise(self.counts[i], max(seen, LEAST_SEEN), priors[i])
            for i in (BY_NIGHT if night else BY_DAY)
        ]
        return self.company.there(max(elsewhere, *found), night=night)

    def end(self, seen: float, priors: Sequence[Prior], *, night: bool, learn: bool) -> None:
        """Ends a part of the day."""
        for i in BY_NIGHT if night else BY_DAY:
            if learn:
                self.usual[i].learn_one(self.counts[i], max(seen, LEAST_SEEN), priors[i])
            self.counts[i] = 0
