"""Both sides as measures see them: homes with days enough, and spans of single things."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from simulator.realism.hearing import SENSORS, Heard
from simulator.realism.homes import Home, observe
from simulator.realism.measures.registry import SPAN_MEASURES
from simulator.realism.spans import Span, spans

_MADRID = "Europe/Madrid"
_LONDON = "Europe/London"


@dataclass(frozen=True)
class Observed:
    """One side, as the sensors of the real recordings would tell it.

    Attributes:
        names: Of all homes with motion or doors, also of those with too few days.
        homes: Those with days enough.
        spans: Months or weeks of single homes, by sensor.
    """

    names: list[str]
    homes: list[Home]
    spans: dict[str, list[Span]]


def observe_real(
    tihm: Sequence[Heard] = (), kettle: Sequence[Heard] = (), ordonez: Sequence[Heard] = ()
) -> Observed:
    """The real side."""
    found = {"kettle": spans(kettle, "kettle", _length("kettle"), _LONDON)}
    for sensor in ("flush", "bed"):
        found[sensor] = spans(ordonez, sensor, _length(sensor), _MADRID)
    return Observed(_with_rooms(tihm), observe(tihm, _LONDON), found)


def observe_simulated(heard: Sequence[Heard], time_zone: str = _LONDON) -> Observed:
    """The made-up side: each thing on its own, so that no sensor too many gives it away."""
    found = {
        what.sensor: spans(heard, what.sensor, what.length, time_zone) for what in SPAN_MEASURES
    }
    return Observed(_with_rooms(heard), observe(heard, time_zone), found)


def _with_rooms(heard: Iterable[Heard]) -> list[str]:
    return [home.name for home in heard if set(home.streams) & set(SENSORS)]


def _length(sensor: str) -> int:
    return next(what.length for what in SPAN_MEASURES if what.sensor == sensor)
