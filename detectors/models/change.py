"""Whether something has changed since some unknown day: Shiryaev-Roberts over several forms.

Each day multiplies the odds that the change began on any earlier day. Under no change the
statistic grows by one a day on average, so a threshold of `A` lets at least `A` days pass, on
average, from one false alert to the next: the threshold is the false-alert budget.

Source: Tartakovsky, Nikiforov, Basseville, Sequential Analysis (2014), section 6.4.
"""

from collections.abc import Sequence
from math import exp, log, log1p

import msgspec

DAYS_A_MONTH = 30.44


class ShiryaevRoberts(msgspec.Struct):
    """The statistic, one for each form of change.

    Attributes:
        odds: Shiryaev-Roberts statistic of each form, >= 0.
    """

    odds: list[float] = []

    def learn_one(self, log_ratios: Sequence[float | None], share: float, ceiling: float) -> None:
        """Takes in one judgement.

        Args:
            log_ratios: Log likelihood ratio of each form of change against none; None where the
                judgement tells nothing about that form.
            share: The part of a day that was judged; a whole day lets a change begin once.
            ceiling: The statistic goes no higher, so that it can come down within days.
        """
        if not self.odds:
            self.odds = [0.0] * len(log_ratios)
        self.odds = [
            odds if ratio is None else (odds + share) * exp(ratio)
            for odds, ratio in zip(self.odds, log_ratios, strict=True)
        ]
        excess = self.statistic / ceiling
        if excess > 1:
            self.odds = [odds / excess for odds in self.odds]

    def forget(self) -> None:
        """Begins anew, as after an alert has cleared."""
        self.odds = []

    def fade(self, keep: float) -> None:
        """Lets a change be forgotten while nothing can be seen."""
        self.odds = [keep * odds for odds in self.odds]

    @property
    def statistic(self) -> float:
        """The mean over forms: each is as likely as another beforehand."""
        return sum(self.odds) / len(self.odds) if self.odds else 0.0


def threshold(budget: float, ease: float) -> float:
    """The statistic at which to alert.

    Args:
        budget: False alerts per person-month.
        ease: How many times rarer alerts of ordinary homes are than the bound says, as measured.
    """
    return max(DAYS_A_MONTH / budget * ease, 2.0)


def score(statistic: float, limit: float) -> float:
    """The statistic as a score: 0 as usual, 0.5 at the limit, towards 1 beyond."""
    height = log1p(max(statistic, 0.0))
    return height / (height + log(1.0 + limit))
