"""Whether others stir in a home: by day, or night after night, where nobody else ever does."""

import msgspec

STIRRING = {False: 2.5, True: 2.0}
"""Activity elsewhere so many standard deviations above the usual, by day and by night, is that of
others: visitors, somebody who moved in, a pet."""
STILL_THERE = 1.0
"""So many are enough on the day after one with others: who has come mostly stays."""
NIGHTS = 2
"""After so many nights with others, the days between are not the person's alone either."""
STAYING_DAYS = 14
"""Who has been there for so long lives there."""


class Company(msgspec.Struct):
    """The others of one home, as far as they show.

    Attributes:
        nights: Nights on which others stirred, less those on which they did not, 0 to 4.
        days: For how many days in a row they have been there.
    """

    nights: int = 0
    days: int = 0

    def there(self, surprise: float, *, night: bool) -> bool:
        """Takes in a part of a day; whether others were there.

        Args:
            surprise: How far activity elsewhere is above the usual, in standard deviations.
            night: Whether it is a night.
        """
        found = surprise > (STILL_THERE if self.days else STIRRING[night])
        if night:
            self.nights = min(max(self.nights + (1 if found else -1), 0), 2 * NIGHTS)
            return found
        found = found or self.nights >= NIGHTS
        self.days = self.days + 1 if found else 0
        return found

    @property
    def lives_here(self) -> bool:
        """Whether they have been there for so long that what is usual is another."""
        return self.days >= STAYING_DAYS
