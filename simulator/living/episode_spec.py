"""Episodes as they are written on a command line: `uti:home3:day40:severity=0.6`."""

from simulator.living.episodes.episode import DAY_S, Episode
from simulator.living.episodes.kind import Kind
from simulator.living.episodes.registry import KINDS, kind_of
from simulator.living.street import Planned

_WIDTH = 16
_NUMBERS = ("severity", "days", "hours")

HELP = (
    "episodes, as KIND:HOME:dayN[:hour=H][:KEY=VALUE...], N and H counted from the start;\n"
    "KEY is severity (0 to 1), days or hours (how long in full), sensor or room\n"
    + "".join(f"  {kind.name:{_WIDTH}} {kind.summary}\n" for kind in KINDS.values())
)


def parse_episode(text: str) -> Planned:
    """Reads one episode.

    Raises:
        ValueError: It is not written as :data:`HELP` shows.
    """
    name, _, rest = text.partition(":")
    home, _, rest = rest.partition(":")
    day, *extra = rest.split(":")
    if not home or not day.startswith("day"):
        raise ValueError(f"{text!r} is not written as KIND:HOME:dayN")
    try:
        kind = kind_of(name)
        options = _options(extra)
        onset = _onset(day[3:], options.pop("hour", "0"))
        return Planned(home, begin(kind, onset, options))
    except ValueError as error:
        raise ValueError(f"{text!r}: {error}") from None


def begin(kind: Kind, onset: float, options: dict[str, str]) -> Episode:
    """An episode from options as they are written.

    Raises:
        ValueError: An option is unknown, out of range or missing.
    """
    if unknown := options.keys() - {*_NUMBERS, "sensor", "room"}:
        raise ValueError(f"{', '.join(sorted(unknown))} is no option of an episode")
    numbers = {name: float(options[name]) for name in _NUMBERS if name in options}
    days = numbers.get("days")
    if "hours" in numbers:
        if days is not None:
            raise ValueError("hours stands beside days; keep one of them")
        days = numbers["hours"] / 24
    return kind.begin(
        onset,
        severity=numbers.get("severity", 1.0),
        days=days,
        sensor=options.get("sensor", ""),
        room=options.get("room", ""),
    )


def _onset(day: str, hour: str) -> float:
    onset = float(day) * DAY_S + float(hour) * 3600
    if onset < 0:
        raise ValueError("days and hours count from the start, and begin at 0")
    return onset


def _options(items: list[str]) -> dict[str, str]:
    options: dict[str, str] = {}
    for key, value in map(_option, items):
        if key in options:
            raise ValueError(f"{key} is given twice")
        options[key] = value
    return options


def _option(item: str) -> tuple[str, str]:
    key, equals, value = item.partition("=")
    if not equals:
        raise ValueError(f"{item!r} is not written as KEY=VALUE")
    return key, value
