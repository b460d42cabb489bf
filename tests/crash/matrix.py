"""The matrix itself: strikes, then the accounts."""

import random
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from tests.crash import accounts
from tests.crash.accounts import Balance
from tests.crash.household import newest_alerts, undisturbed
from tests.crash.stage import Stage
from tests.crash.strikes import PARTS, Blows, Strike, drawn


class Books(NamedTuple):
    """What became of everything that was said on a stage.

    Attributes:
        published, acknowledged: Messages that were said, and that the broker said it has.
        journal, centre: Their events in the hub's journal and in the centre's database.
        alerts: The centre's alerts beside those of the same messages undisturbed.
        raised: How many of those there are, by condition.
        told_again: Alert versions that the centre stored twice, and records it could not read.
        counters: The hub's own.
    """

    published: int
    acknowledged: int
    journal: Balance
    centre: Balance
    alerts: Balance
    raised: Counter[str]
    told_again: int
    counters: dict[str, int]

    @property
    def faults(self) -> list[str]:
        """What is not as it should be."""
        found = [
            f"{where}: {word} {ones[:5]}{' ...' if ones[5:] else ''}"
            for where in ("journal", "centre", "alerts")
            for word in ("missing", "doubled", "invented")
            if (ones := getattr(getattr(self, where), word))
        ]
        if self.acknowledged != self.published:
            found.append(f"{self.published - self.acknowledged} messages were never acknowledged")
        if self.told_again:
            found.append(f"{self.told_again} words on alerts stored twice or not readable")
        return found


class Result(NamedTuple):
    """A run."""

    seed: int
    strikes: list[Strike]
    ended: Counter[str]
    books: Books


async def balance_books(stage: Stage) -> Books:
    """Compares what was said with what is held; nothing may be under way."""
    said, centre = stage.devices.said, stage.centre_ledger
    should = undisturbed(stage.settings, said)
    return Books(
        published=len(said),
        acknowledged=len(stage.devices.acknowledged()),
        journal=accounts.events(said, stage.journal.events()),
        centre=accounts.events(said, await centre.events()),
        alerts=accounts.alerts(newest_alerts(should), newest_alerts(await centre.alerts())),
        raised=Counter({one.id: one.condition for one in should}.values()),
        told_again=await centre.repeated_words() + await centre.refused(),
        counters=stage.journal.counters(),
    )


async def play(
    folder: Path, kills: int, seed: int, parts: Sequence[str] = PARTS, gap_s: float = 1.5
) -> Result:
    """Strikes a household's parts so often, and balances the books."""
    chance = random.Random(seed)  # noqa: S311 - to be told again, nothing secret
    with Stage(folder, seed) as stage:
        stage.devices.tell(50)
        await stage.heard(49)
        blows = Blows(stage, chance, longest_gap_s=gap_s)
        await blows.strike_all(drawn(kills, parts, chance))
        await stage.settled()
        return Result(seed, blows.struck, blows.ended, await balance_books(stage))
