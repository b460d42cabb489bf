"""What is to be lived live: which homes, what befalls them, how their devices speak."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from simulator.devices.voices import VOICES, Under
from simulator.faults import Fault
from simulator.live.clock import NEVER
from simulator.live.lived import LivedHome
from simulator.live.telling import Wanted
from simulator.living.chance import Chance
from simulator.living.episodes.episode import DAY_S, Episode
from simulator.living.episodes.registry import kind_of
from simulator.living.home import Home
from simulator.living.street import Label, Planned, Street
from simulator.scenarios import Staged

_LINE = 71  # names the stream of a home's line


@dataclass(frozen=True)
class Setting:
    """A street, or some homes of one.

    Attributes:
        street: With all that befalls it.
        numbers: Of the homes that are lived in, from 1.
        days: How long; None without an end.
        dialects: How each sensor of a home speaks, by the home's name.
        faults: On the way from a home to its hub, by its name.
        truth: What really befalls the homes and their messages.
    """

    street: Street
    numbers: Sequence[int]
    days: int | None
    dialects: Callable[[str], dict[str, str]]
    faults: Callable[[str], list[Fault]]
    truth: Callable[[], Iterable[Label]]

    @classmethod
    def of_scenario(cls, staged: Staged, days: int | None = None) -> "Setting":
        """All of a scenario."""
        street = staged.street
        return cls(
            street=street,
            numbers=range(1, street.homes + 1),
            days=days or staged.scenario.days,
            dialects=staged.dialects,
            faults=staged.faults_of,
            truth=staged.truth,
        )

    @classmethod
    def of_street(
        cls, street: Street, numbers: Sequence[int], days: int | None, dialect: str
    ) -> "Setting":
        """Homes of a street, all of which speak one dialect."""

        def dialects(home: str) -> dict[str, str]:
            number = int(home.removeprefix("home"))
            household = street.mix.draw(Chance.of(street.seed, number, 0))
            return dict.fromkeys(household.sensors, dialect)

        return cls(street, numbers, days, dialects, lambda _: [], street.truth)

    @property
    def names(self) -> list[str]:
        """Of the homes that are lived in."""
        return [f"home{number}" for number in self.numbers]

    @property
    def end(self) -> float:
        """When it ends, in epoch seconds."""
        return NEVER if self.days is None else self.street.start + self.days * DAY_S

    @property
    def spoiled(self) -> bool:
        """Whether anything goes wrong between devices and hubs."""
        episodes = any(kind_of(one.episode.kind).fault for one in self.street.planned)
        return episodes or any(self.faults(name) for name in self.names)

    @property
    def tells_time(self) -> bool:
        """Whether all that devices say tells when."""
        spoken = {dialect for name in self.names for dialect in self.dialects(name).values()}
        return all(VOICES[dialect]().tells_time for dialect in spoken)

    def lived(self, number: int, wanted: Wanted) -> LivedHome:
        """One home, ready to be lived in.

        Raises:
            ValueError: An episode does not fit it.
        """
        name = f"home{number}"
        dialects = self.dialects(name)
        voices = {dialect: Under(dialect, VOICES[dialect]()) for dialect in dialects.values()}
        return LivedHome(
            lambda more: self._home(number, more),
            end=self.end,
            voices={sensor: voices[dialect] for sensor, dialect in dialects.items()},
            faults=self.faults(name),
            chance=Chance.of(self.street.seed, number, _LINE),
            wanted=wanted,
        )

    def _home(self, number: int, more: Sequence[Episode]) -> Home:
        """The home with what befalls it besides all that was known from the start."""
        if not more:
            return self.street.home(number)
        start, name = self.street.start, f"home{number}"
        also = [Planned(name, replace(one, onset=one.onset - start)) for one in more]
        return replace(self.street, planned=(*self.street.planned, *also)).home(number)
