"""How often: visits, activations and openings a day, and how much one day differs from another."""

from collections.abc import Callable

from simulator.realism.clock import Floats
from simulator.realism.hearing import ROOMS
from simulator.realism.homes import Home
from simulator.realism.measures.measure import NONE, Measure

Of = Callable[[Home], float]

NIGHT = (0, 6)
DAY = (6, 24)
WHOLE = (0, 24)

_TOILETING = "uti_risk counts bathroom visits by day and night against the home's own spread"
_INTAKE = "dehydration_risk counts visits to kitchen and fridge"
_SEEN = "the desk's charts show counts by room; a fall is noticed by rooms falling silent"
_SPREAD = "a detector's false alerts come from the spread between ordinary days"
_OUT = "going out must not be taken for a fall or for thirst"


def mean(days: Floats) -> float:
    """The mean day."""
    return float(days.mean())


def deviation(days: Floats) -> float:
    """Standard deviation between days."""
    return float(days.std(ddof=1))


def variation(days: Floats) -> float:
    """Standard deviation between days over the mean day (CV)."""
    return deviation(days) / mean(days) if mean(days) else NONE


def overdispersion(days: Floats) -> float:
    """Variance over mean: 1 where the count is due to chance alone (Poisson)."""
    return float(days.var(ddof=1)) / mean(days) if mean(days) else NONE


def dispersion(days: Floats) -> float:
    """Dispersion of a negative binomial by moments, (variance - mean) / mean^2; 0 is Poisson."""
    return (float(days.var(ddof=1)) - mean(days)) / mean(days) ** 2 if mean(days) else NONE


def _visits(sensor: str, hours: tuple[int, int], how: Callable[[Floats], float]) -> Of:
    def of(home: Home) -> float:
        return how(home.visits_by_day(sensor, *hours)) if home.has(sensor) else NONE

    return of


def _activations(sensor: str, how: Callable[[Floats], float]) -> Of:
    def of(home: Home) -> float:
        return how(home.daily(sensor)) if home.has(sensor) else NONE

    return of


def _bathroom() -> list[Measure[Home]]:
    parts = [("", WHOLE), (" by day, 06 to 24 h", DAY), (" by night, 00 to 06 h", NIGHT)]
    hows = [
        ("bathroom visits", "a day", _TOILETING, mean),
        ("bathroom visits, SD", "a day", _SPREAD, deviation),
        ("bathroom visits, CV", "", _SPREAD, variation),
        ("bathroom visits, variance / mean", "", _SPREAD, overdispersion),
        ("bathroom visits, NB dispersion", "", _SPREAD, dispersion),
    ]
    return [
        Measure(name + part, "bathroom", unit, why, _visits("bathroom", hours, how))
        for name, unit, why, how in hows
        for part, hours in parts
        if not (how is variation and hours == NIGHT)  # SD over a mean that may be next to nothing
    ]


def _rooms() -> list[Measure[Home]]:
    found = []
    for room in ROOMS:
        why = _INTAKE if room == "kitchen" else _SEEN
        found.append(
            Measure(f"{room} activations", "rooms", "a day", why, _activations(room, mean))
        )
        found.append(
            Measure(f"{room} activations, CV", "rooms", "", _SPREAD, _activations(room, variation))
        )
        if room != "bathroom":
            found.append(
                Measure(f"{room} visits", "rooms", "a day", why, _visits(room, WHOLE, mean))
            )
    return found


def _doors() -> list[Measure[Home]]:
    found = []
    for door, why in (("fridge", _INTAKE), ("front_door", _OUT), ("back_door", _OUT)):
        name = door.replace("_", " ")
        found += [
            Measure(f"{name} opened or closed", "doors", "a day", why, _activations(door, mean)),
            Measure(
                f"{name} opened or closed, CV", "doors", "", _SPREAD, _activations(door, variation)
            ),
            Measure(f"{name} visits", "doors", "a day", why, _visits(door, WHOLE, mean)),
        ]
    return found


MEASURES = (*_bathroom(), *_rooms(), *_doors())
