"""Episodes as they are written on a command line: `uti:home3:day40:severity=0.6`."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from simulator.living.episodes import (
    DAY_S,
    Episode,
    away,
    decline,
    fall,
    low_intake,
    sensor_death,
    uti,
)

HELP = """\
episodes, as KIND:HOME:dayN[:hour=H][:KEY=VALUE...], N and H counted from the start
  uti:home3:day40             infection; severity=0..1, days=5 in full after two to set in
  low_intake:home2:day40      drinks left out; severity=0..1, days=5
  decline:home1:day20         slower over six weeks; severity=0..1, days=90
  fall:home2:day40:hour=14.5  a fall and hours=3 on the floor; room=bathroom
  away:home4:day30            nobody at home; days=7
  sensor_death:home5:day30:sensor=bathroom-pir
"""


@dataclass(frozen=True)
class PlannedEpisode:
    """An episode of a named home, its time counted from the start of the recording."""

    home: str
    episode: Episode

    def from_start(self, start: float) -> Episode:
        """The episode in epoch seconds."""
        return replace(self.episode, onset=start + self.episode.onset)


def parse_episode(text: str) -> PlannedEpisode:
    """Reads one episode.

    Raises:
        ValueError: It is not written as :data:`HELP` shows.
    """
    kind, _, rest = text.partition(":")
    home, _, rest = rest.partition(":")
    day, *extra = rest.split(":")
    make = _KINDS.get(kind)
    if make is None:
        raise ValueError(f"{text!r}: no episode is called {kind!r}; there are {', '.join(_KINDS)}")
    if not home or not day.startswith("day"):
        raise ValueError(f"{text!r} is not written as {kind}:HOME:dayN")
    options = dict(_option(text, item) for item in extra)
    try:
        onset = float(day[3:]) * DAY_S + float(options.pop("hour", "0")) * 3600
        return PlannedEpisode(home, make(onset, options))
    except ValueError as error:
        raise ValueError(f"{text!r}: {error}") from None


def _option(text: str, item: str) -> tuple[str, str]:
    key, equals, value = item.partition("=")
    if not equals:
        raise ValueError(f"{text!r}: {item!r} is not written as KEY=VALUE")
    return key, value


Options = dict[str, str]


def _numbers(options: Options, *names: str) -> dict[str, float]:
    if unknown := options.keys() - set(names):
        raise ValueError(f"{', '.join(sorted(unknown))} is none of {', '.join(names)}")
    return {name: float(value) for name, value in options.items()}


def _fall(onset: float, options: Options) -> Episode:
    room = options.pop("room", "")
    return fall(onset, room=room, **_numbers(options, "hours"))


def _sensor_death(onset: float, options: Options) -> Episode:
    if options.keys() != {"sensor"}:
        raise ValueError("a sensor's death needs sensor=NAME and nothing else")
    return sensor_death(onset, options["sensor"])


_KINDS: dict[str, Callable[[float, Options], Episode]] = {
    "uti": lambda onset, options: uti(onset, **_numbers(options, "severity", "days")),
    "low_intake": lambda onset, options: low_intake(onset, **_numbers(options, "severity", "days")),
    "decline": lambda onset, options: decline(onset, **_numbers(options, "severity", "days")),
    "fall": _fall,
    "away": lambda onset, options: away(onset, **_numbers(options, "days")),
    "sensor_death": _sensor_death,
}
