"""The toasters of Ordonez' homes, of which the lengths of uses are all that is known."""

from pathlib import Path

import numpy as np

from contract import Kind, SensorEvent
from simulator.appliances.fit.quantiles import quantiles
from simulator.appliances.kettle import Kettle
from simulator.appliances.toaster import Toaster
from simulator.importers.ordonez import IMPORTER
from simulator.importers.source import Advance

RATED_W = 900.0


def read_toasts(source: Path, advance: Advance) -> dict[str, list[float]]:
    """Seconds of each use, by home.

    Raises:
        SourceError: The folder holds no such files, or one cannot be read.
    """
    homes: dict[str, list[float]] = {}
    for item in IMPORTER.read(source, advance):
        if not isinstance(item, SensorEvent) or item.kind != Kind.APPLIANCE:
            continue
        if item.place == "toaster" and item.duration:
            homes.setdefault(item.home, []).append(item.duration)
    return homes


def fit_toaster(seconds: list[float], like: Kettle) -> Toaster:
    """A toaster with these lengths of use and a kettle's wobble."""
    return Toaster(
        rated_w=RATED_W,
        between_sd=like.between_sd,
        within_sd=like.within_sd,
        seconds=quantiles(np.array(seconds), 1),
    )
