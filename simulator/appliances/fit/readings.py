"""Power as REFIT and UK-DALE tell it: means of 30 s, month by month, cut into uses."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from simulator.importers.kettle import IMPORTER
from simulator.importers.source import Advance, read_lines

Watts = NDArray[np.float64]

STEP_S = 30.0
COLUMNS = {"kettle": 2, "microwave": 5}
_HOMES = {"REFIT_House2": "refit-2", "UKDALE_House2": "ukdale-2"}


@dataclass(frozen=True)
class Cut:
    """What is a use.

    Attributes:
        above_w: It has a mean above this.
        edge_w: Means above this belong to it.
        bridge: Means at or below that, in a row, that do not end it.
    """

    above_w: float
    edge_w: float
    bridge: int


CUTS = {
    "kettle": Cut(500, 30, 0),
    # As `simulator.importers.kettle`: pulses leave means with nearly no power in the midst.
    "microwave": Cut(200, 200, 2),
}


def read_power(source: Path, appliance: str, advance: Advance) -> dict[str, list[Watts]]:
    """The power of one appliance: for each home its months in order, each an array of means.

    Rows that are no reading are passed over: `telecare-simulator import kettle` tells of them.

    Raises:
        SourceError: The folder holds no such files, or one cannot be read.
    """
    column = COLUMNS[appliance]
    homes: dict[str, list[Watts]] = {}
    for path in IMPORTER.files(source):
        name = _HOMES.get(path.name.rpartition("_")[0])
        if name is not None:
            rows = (row for number, row in read_lines(path, advance) if number > 1)
            homes.setdefault(name, []).append(_numbers(rows, column))
    return homes


def uses_in(watts: Watts, cut: Cut) -> list[Watts]:
    """The means of each use, from its first to its last."""
    on = np.flatnonzero(watts > cut.edge_w)
    if not len(on):
        return []
    pieces = np.split(on, np.flatnonzero(np.diff(on) > cut.bridge + 1) + 1)
    found = [watts[piece[0] : piece[-1] + 1] for piece in pieces]
    return [use for use in found if use.max() > cut.above_w]


def uses_of(months: Iterable[Watts], appliance: str) -> list[Watts]:
    """The uses of some months."""
    return [use for month in months for use in uses_in(month, CUTS[appliance])]


def _numbers(rows: Iterable[str], column: int) -> Watts:
    cells = (row.split(",") for row in rows)
    return np.array([_number(cell[column]) for cell in cells if len(cell) > column])


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0
