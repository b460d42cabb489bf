"""The street of the demonstration: who lives in it, since when, and what befalls them."""

from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec

from contract import Condition
from simulator.files import write_whole
from simulator.living.episodes.episode import Episode
from simulator.living.episodes.registry import KINDS
from simulator.living.home import Home

TIME_ZONE = "Europe/London"
HOMES = 5
HISTORY = timedelta(days=42)
"""How long the hubs have known their homes when the demonstration begins."""

LIVE = timedelta(hours=26)
"""How much of the present is told live, quickly, before life goes on at its own pace.

More than a day, so that the judgements of a night and of a day always lie in it.
"""

_SEED = 7
_HOUR = 3600.0


class Story(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be noticed in a home while somebody watches.

    Attributes:
        condition: What the home's own hub should come to raise.
        episodes: What might lead to it, the likeliest first.
    """

    condition: str
    episodes: list[Episode]


class Household(msgspec.Struct, kw_only=True):
    """One home.

    Attributes:
        number: Its number in the street, from 1.
        label: What staff call it.
        hub: Its hub, as the centre knows it.
        life: Which of many lives is lived in it.
        episodes: What befalls it.
        told: Up to when it has been told to its hub, in epoch seconds.
    """

    number: int
    label: str
    told: float
    hub: str = ""
    life: int = 1
    episodes: list[Episode] = []

    @property
    def name(self) -> str:
        """Its pseudonym."""
        return f"home{self.number}"


class Street(msgspec.Struct, kw_only=True):
    """The whole demonstration, as it is remembered from one run to the next.

    Attributes:
        began: The first moment of every life in it, in epoch seconds.
        password: Of its two members of staff.
    """

    began: float
    password: str
    households: list[Household]

    def live_in(self, household: Household) -> Home:
        """The home from its first day, with all that befalls it: the same one every time."""
        return Home(
            household.name,
            seed=(_SEED, household.number, household.life),
            start=self.began,
            time_zone=TIME_ZONE,
            episodes=household.episodes,
        )

    def save(self, file: Path) -> None:
        """Writes it down, whole or not at all."""
        write_whole(file, msgspec.json.format(msgspec.json.encode(self), indent=2))


def street_file(folder: Path) -> Path:
    """Where the street is written down, once everybody has moved in."""
    return folder / "street.json"


def load_street(file: Path) -> Street | None:
    """The street of an earlier run, where there is one.

    Raises:
        ValueError: The file is damaged.
    """
    if not file.exists():
        return None
    try:
        return msgspec.json.decode(file.read_bytes(), type=Street)
    except msgspec.DecodeError as error:
        raise ValueError(
            f"{file} cannot be read: {error}. `make demo-clean` forgets it."
        ) from error


def new_street(now: datetime, password: str) -> Street:
    """Five homes that have been known for six weeks, up to a day ago."""
    today = now.astimezone(ZoneInfo(TIME_ZONE)).replace(hour=0, minute=0, second=0, microsecond=0)
    told = (now - LIVE).timestamp()
    return Street(
        began=(today - LIVE - HISTORY).timestamp(),
        password=password,
        households=[
            Household(number=number, label=f"{number} Mill Lane", told=told)
            for number in range(1, HOMES + 1)
        ],
    )


def stories(live_from: float) -> dict[int, Story]:
    """What is to be noticed, by the number of the home. Homes without a story have quiet days.

    How soon an illness shows depends on the person, so several onsets are offered; the one that the
    home's own detectors notice after `live_from` (epoch seconds) is the one that happens.
    """
    days_ago = [live_from - hours * _HOUR for hours in range(6, 150, 8)]
    weeks_ago = [live_from - hours * _HOUR for hours in range(24, 300, 12)]
    today = [live_from + hours * _HOUR for hours in range(12, 23)]
    return {
        2: Story(
            condition=Condition.UTI_RISK, episodes=[KINDS["uti"].begin(t, days=9) for t in days_ago]
        ),
        3: Story(
            condition=Condition.DEHYDRATION_RISK,
            episodes=[KINDS["low_intake"].begin(t, days=14) for t in weeks_ago],
        ),
        4: Story(
            condition=Condition.POSSIBLE_FALL,
            episodes=[KINDS["fall"].begin(t, days=6 / 24) for t in today],
        ),
        5: Story(
            condition=Condition.SENSOR_SILENT,
            episodes=[
                KINDS["sensor_death"].begin(t, sensor="lounge-temperature") for t in days_ago
            ],
        ),
    }
