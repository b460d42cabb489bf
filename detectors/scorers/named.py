"""Scorers and drift detectors by the names that a home's settings give, and what is wrong with one.

What is not named takes a default that suits a stream of days: river's own are made for streams of
thousands, and half-space trees that wait for 250 vectors would say nothing until the autumn.
"""

from collections.abc import Callable, Mapping
from importlib import import_module
from inspect import Parameter, signature
from typing import Any, NamedTuple

from river.base import AnomalyDetector

from detectors.profile import Setting, UnusualDay
from detectors.scorers.library import river_class
from detectors.scorers.robust import RobustScorer
from detectors.scorers.scaled import ScaledScorer
from detectors.scorers.scorer import Drift, Scorer

OURS = "RobustScorer"
NO_DRIFT = "none"
MOST = 500
"""The largest whole number that any parameter takes, unless said below."""
LONGEST_WAIT = 63
"""So many days are always kept; a model that waits for more would never say anything."""
LIMITS: Mapping[str, int] = {
    "height": 10,  # a tree has two to that power of nodes
    "seed": 2**31,
    "window_size": LONGEST_WAIT,
    "grace_period": LONGEST_WAIT,
    "min_instances": LONGEST_WAIT,
    "n_neighbors": LONGEST_WAIT,
}


class Known(NamedTuple):
    """Where river has something, and which parameters suit days."""

    module: str
    suits: Mapping[str, Setting]


SCORERS: Mapping[str, Known] = {
    "HalfSpaceTrees": Known("hst", {"n_trees": 50, "height": 6, "window_size": 14}),
    "LODA": Known("loda", {"n_random_cuts": 50}),
    "LocalOutlierFactor": Known("lof", {"n_neighbors": 5}),
    "OneClassSVM": Known("svm", {}),
}
DRIFTS: Mapping[str, Known] = {
    "ADWIN": Known("adwin", {"delta": 0.1, "clock": 1, "min_window_length": 7, "grace_period": 14}),
    "PageHinkley": Known(
        "page_hinkley", {"min_instances": 14, "delta": 0.3, "threshold": 16.0, "alpha": 1.0}
    ),
    "KSWIN": Known("kswin", {"alpha": 0.001, "window_size": 42, "stat_size": 14}),
}


def make_scorer(choice: UnusualDay, spread: float = 1.0) -> Scorer:
    """A fresh scorer as chosen.

    Args:
        choice: Names it.
        spread: The standard deviation believed of a measure before it is known.

    Raises:
        ValueError: There is none such, or it takes no such parameter; one sentence says what is
            possible.
    """
    kind = _scorer_kind(choice.scorer)
    if kind is RobustScorer:
        ours: dict[str, Setting] = {"spread": spread}
        made: RobustScorer = _made(kind, ours | choice.parameters)
        return made
    known = SCORERS.get(choice.scorer)
    suits = dict(known.suits) if known is not None else {}
    return ScaledScorer(_made(kind, suits | choice.parameters), spread)


def make_drift(choice: UnusualDay) -> Drift | None:
    """A fresh drift detector as chosen; None where none is wanted.

    Raises:
        ValueError: As :func:`make_scorer`.
    """
    if choice.drift == NO_DRIFT:
        return None
    kind = _drift_kind(choice.drift)
    drift: Drift = _made(kind, dict(DRIFTS[choice.drift].suits) | choice.drift_parameters)
    return drift


def problem(choice: UnusualDay) -> tuple[str, str] | None:
    """What is wrong with a choice: the key in the settings, and a sentence; None if all is well."""
    steps: tuple[tuple[str, Callable[[], object]], ...] = (
        ("scorer", lambda: _scorer_kind(choice.scorer)),
        ("parameters", lambda: make_scorer(choice)),
        ("drift", lambda: choice.drift == NO_DRIFT or _drift_kind(choice.drift)),
        ("drift_parameters", lambda: make_drift(choice)),
    )
    for key, step in steps:
        try:
            step()
        except ValueError as error:
            return key, str(error)
        except Exception:  # noqa: BLE001 - no slip of whoever chose it
            return None  # all others work without it, and it is told where it is to be put to work
    return None


def _scorer_kind(name: str) -> Callable[..., Any]:
    """The class; of all that river has where this version of ours has not heard of it."""
    if name == OURS:
        return RobustScorer
    known = SCORERS.get(name)
    if known is not None:
        kind: Callable[..., Any] = river_class("anomaly", known.module, name)
        return kind
    anomaly = import_module("river.anomaly")
    kinds: dict[str, type] = {one: getattr(anomaly, one) for one in anomaly.__all__}
    found = kinds.get(name)
    if found is not None and issubclass(found, AnomalyDetector):
        return found
    possible = sorted(one for one, kind in kinds.items() if issubclass(kind, AnomalyDetector))
    why = "is no scorer" if found is None else "needs more than a vector to score"
    raise ValueError(f"{name!r} {why}; possible are {', '.join([OURS, *possible])}")


def _drift_kind(name: str) -> Callable[..., Any]:
    known = DRIFTS.get(name)
    if known is None:
        possible = ", ".join([*DRIFTS, NO_DRIFT])
        raise ValueError(f"{name!r} is no drift detector; possible are {possible}")
    kind: Callable[..., Any] = river_class("drift", known.module, name)
    return kind


def _made(kind: Callable[..., Any], given: dict[str, Setting]) -> Any:
    """One of its kind, with a seed where it draws, for the same days must give the same scores."""
    takes = _parameters(kind)
    if "seed" in takes:
        given = {"seed": 1} | given
    for name, value in given.items():
        if name not in takes:
            raise ValueError(f"{kind.__name__} takes no {name!r}; possible are {_list(takes)}")
        if wrong := _wrong(name, value, takes[name].default):
            raise ValueError(f"{name} of {kind.__name__} is {wrong}, not {value!r}")
    try:
        return kind(**given)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{kind.__name__} refuses its parameters: {error}") from error


def _wrong(name: str, value: Setting, default: object) -> str:
    """What the value should be; empty where it will do."""
    if name == "seed" or (isinstance(default, int) and not isinstance(default, bool)):
        most = LIMITS.get(name, MOST)
        within = type(value) is int and (0 if name == "seed" else 1) <= value <= most
        return "" if within else f"a whole number up to {most}"
    if isinstance(default, float):
        return "" if type(value) in {int, float} else "a number"
    return "" if isinstance(value, type(default)) else f"of type {type(default).__name__}"


def _parameters(kind: Callable[..., Any]) -> dict[str, Parameter]:
    """What can be set from a file: plain values, not objects of river."""
    return {
        name: one
        for name, one in signature(kind).parameters.items()
        if isinstance(one.default, bool | int | float | str) or name == "seed"
    }


def _list(takes: Mapping[str, Parameter]) -> str:
    return ", ".join(f"{name} ({one.default})" for name, one in takes.items())
