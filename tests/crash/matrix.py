"""The matrix itself: strikes, then the accounts."""

import random
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from contract import Condition, SensorEvent, encode
from tests.crash import accounts
from tests.crash.accounts import Balance
from tests.crash.checks import OF_CENTRE
from tests.crash.household import alerts_in, newest_alerts, undisturbed
from tests.crash.stage import Stage
from tests.crash.strikes import PARTS, Blows, Strike, drawn, near

OWN_FAULTS = ("refused_hub_failed", "centre_failed")
"""Counters of what the hub bears in a home, and nobody should have to."""
TOO_MANY = 20
"""Starts of a hub of which the centre must have told, though some are killed before they say so."""


class Books(NamedTuple):
    """What became of everything that was said on a stage.

    Attributes:
        published, acknowledged: Messages that were said, and that the broker said it has.
        journal, centre: Their events in the hub's journal and in the centre's database.
        alerts: The centre's alerts beside those of the same messages undisturbed.
        raised: How many of those there are, by condition.
        answers: How many assessments and alerts the hub journalled.
        same_answers: Whether they are byte for byte, and in order, those of an engine that is shown
            the journalled events and never disturbed.
        same_order: Whether the events were journalled in the order in which they were said.
        of_hub: What the centre told by itself of the hub.
        told_again: Alert versions that the centre stored twice, and records it could not read.
        counters: The hub's own.
    """

    published: int
    acknowledged: int
    journal: Balance
    centre: Balance
    alerts: Balance
    raised: Counter[str]
    answers: int
    same_answers: bool
    same_order: bool
    of_hub: frozenset[str]
    told_again: int
    counters: dict[str, int]

    @property
    def faults(self) -> list[str]:
        """What is not as it should be."""
        found = [
            f"{where}: {len(ones)} {word}: {', '.join(str(one)[:120] for one in ones[:5])}"
            for where in ("journal", "centre", "alerts")
            for word in ("missing", "doubled", "invented")
            if (ones := getattr(getattr(self, where), word))
        ]
        if self.acknowledged != self.published:
            found.append(f"{self.published - self.acknowledged} messages were never acknowledged")
        if not self.same_answers:
            found.append("the hub's answers are not byte for byte those of an undisturbed run")
        if not self.same_order:
            found.append("the events are not journalled in the order in which they were said")
        if self.told_again:
            found.append(f"{self.told_again} words on alerts stored twice or not readable")
        found += [f"{name}: {n}" for name in OWN_FAULTS if (n := self.counters.get(name, 0))]
        return found


def _in_order(said: Sequence[SensorEvent], found: Sequence[SensorEvent]) -> bool:
    place = {accounts.known_as(one): number for number, one in enumerate(said)}
    places = [place.get(accounts.known_as(one), -1) for one in found]
    return places == sorted(places)


class Result(NamedTuple):
    """A run."""

    seed: int
    strikes: list[Strike]
    ended: Counter[str]
    books: Books
    lost: dict[int, str]

    @property
    def faults(self) -> list[str]:
        """What is not as it should be, and what was struck about each message that is lost."""
        found = [f"message {number} is lost: {what}" for number, what in self.lost.items()]
        starts = sum(one.part == "hub" for one in self.strikes)
        if starts >= TOO_MANY and Condition.HUB_RESTARTS not in self.books.of_hub:
            found.append(f"the hub started anew {starts} times, and the centre told nobody")
        return self.books.faults + found


async def balance_books(stage: Stage) -> Books:
    """Compares what was said with what is held; nothing may be under way."""
    said, centre = stage.devices.said, stage.centre_ledger
    events, alerts = stage.journal.events(), await centre.alerts()
    told = [one for one in alerts if one.condition not in OF_CENTRE]
    answers = undisturbed(stage.settings, events)
    should, journalled = alerts_in(answers), stage.journal.answers()
    return Books(
        published=len(said),
        acknowledged=stage.devices.acknowledged,
        journal=accounts.events(said, events),
        centre=accounts.events(said, await centre.events()),
        alerts=accounts.alerts(newest_alerts(should), newest_alerts(told)),
        raised=Counter({one.id: one.condition for one in should}.values()),
        answers=len(journalled),
        same_answers=journalled == [encode(one) for one in answers],
        same_order=_in_order(said, events),
        of_hub=frozenset(one.condition for one in alerts) & OF_CENTRE,
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
        books, said = await balance_books(stage), stage.devices.said
        lost = {
            number: near(blows.struck, number)
            for number, one in enumerate(said)
            if accounts.known_as(one) in books.journal.missing
        }
        return Result(seed, blows.struck, blows.ended, books, lost)
