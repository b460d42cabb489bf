"""A street: homes of one seed, under one weather, and what befalls them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

import msgspec

from contract import utc
from simulator.living.chance import Chance
from simulator.living.episodes.episode import Episode
from simulator.living.episodes.registry import kind_of
from simulator.living.home import Home
from simulator.living.household import ALONE, Household, Mix
from simulator.living.lives import FOREVER


@dataclass(frozen=True)
class Planned:
    """An episode of a named home, its time counted from the start of the street."""

    home: str
    episode: Episode

    def from_start(self, start: float) -> Episode:
        """The episode in epoch seconds."""
        return replace(self.episode, onset=start + self.episode.onset)


class Label(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A line of a truth file: what really befell a home. Never part of a recording.

    Attributes:
        home: As events name it.
        kind: The kind of the episode.
        onset, full, fading, end: When it sets in, has grown in full, begins to fade and is over, as
            ISO 8601.
        severity: From 0 to 1.
        condition: What a hub should come to raise, "" for a decoy.
        sensor, room: Which, where it is about one.
    """

    home: str
    kind: str
    onset: str
    full: str
    fading: str
    end: str
    severity: float
    condition: str
    sensor: str = ""
    room: str = ""


@dataclass(frozen=True, kw_only=True)
class Street:
    """Homes named `home1`, `home2` and so on: each the same one, however many stand beside it.

    Attributes:
        seed: Of all of them.
        start: When their lives begin, in epoch seconds.
        homes: How many.
        time_zone: IANA name.
        mix: How they differ.
        planned: What befalls them.
    """

    seed: int
    start: float
    homes: int
    time_zone: str = "Europe/London"
    mix: Mix = ALONE
    planned: tuple[Planned, ...] = ()

    @property
    def names(self) -> list[str]:
        """Of the homes, in order."""
        return [f"home{number}" for number in range(1, self.homes + 1)]

    def home(self, number: int, ends: float = FOREVER) -> Home:
        """One home, counted from 1, which nobody asks for what is after `ends` (epoch seconds).

        Raises:
            ValueError: An episode does not fit it.
        """
        name = f"home{number}"
        return Home(
            name,
            seed=(self.seed, number),
            start=self.start,
            time_zone=self.time_zone,
            household=self.household(number),
            weather=(self.seed,),
            episodes=self.episodes_of(name),
            ends=ends,
        )

    def household(self, number: int) -> Household:
        """Who lives in a home, counted from 1, and what is fitted there."""
        return self.mix_of(number).draw(Chance.of(self.seed, number, 0))

    def mix_of(self, number: int) -> Mix:
        """How one home, counted from 1, may differ from others."""
        del number  # all alike
        return self.mix

    def episodes_of(self, name: str) -> list[Episode]:
        """What befalls one home, in epoch seconds."""
        return [plan.from_start(self.start) for plan in self.planned if plan.home == name]

    def truth(self) -> Iterator[Label]:
        """What really befalls the homes, home by home."""
        for name in self.names:
            yield from labels(name, self.episodes_of(name))


def labels(home: str, episodes: Iterable[Episode]) -> Iterator[Label]:
    """The truth about one home."""
    for episode in episodes:
        full = episode.onset + episode.ramp_s
        yield Label(
            home=home,
            kind=episode.kind,
            onset=utc(episode.onset).isoformat(),
            full=utc(full).isoformat(),
            fading=utc(full + episode.plateau_s).isoformat(),
            end=utc(episode.end).isoformat(),
            severity=episode.severity,
            condition=kind_of(episode.kind).condition,
            sensor=episode.sensor,
            room=episode.room,
        )


def begun(told: Iterable[Label], end: float) -> tuple[list[Label], int]:
    """The labels of what sets in before `end`, in epoch seconds, and how many others there are.

    What goes on beyond the end has befallen somebody; what sets in only then has not.
    """
    told = list(told)
    kept = [label for label in told if datetime.fromisoformat(label.onset).timestamp() < end]
    return kept, len(told) - len(kept)


def too_late(never: int) -> str:
    """Words for how many there are that set in only after the end."""
    return f"left out, since the last day is over by then: {never:,} of the episodes and faults"


def made_up_home(
    number: int,
    *,
    seed: int,
    start: float,
    mix: Mix = ALONE,
    planned: Iterable[Planned] = (),
) -> Home:
    """The home `home<number>` of a seed: the same one, however many others are made beside it."""
    street = Street(seed=seed, start=start, homes=number, mix=mix, planned=tuple(planned))
    return street.home(number)
