"""Pictures of the report, one a family of measures, as SVG that is the same on every day.

They have no background, and their lines and letters take the colour that suits light or dark.
"""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from simulator.realism.compare import Row, Side
from simulator.realism.profiles import HOURS, Profile
from simulator.realism.report import Report
from simulator.svg import SETTINGS, as_svg

REAL, MADE_UP = "#2391a3", "#d9730d"
_STYLE = "<style>svg{color:#24292f}@media (prefers-color-scheme: dark){svg{color:#d0d7de}}</style>"
_COLUMNS = 3
_CELL = (3.4, 1.25)  # inches
_HEAD = 0.7  # inches above the first row, for the title
Paint = Callable[[Axes], None]


def draw(report: Report, folder: Path) -> list[str]:
    """Draws all pictures into the folder and returns their names.

    Raises:
        OSError: They cannot be written.
    """
    names = []
    for name, figure in _pictures(report):
        (folder / name).write_text(figure)
        names.append(name)
    return names


def _pictures(report: Report) -> Iterator[tuple[str, str]]:
    rows = report.all.rows
    for family in dict.fromkeys(row.family for row in rows):
        mine = [row for row in rows if row.family == family]
        paints = [_strip(row) for row in mine]
        yield f"realism-{family.replace(' ', '-')}.svg", _grid(_title(mine[0]), paints)
    if report.profiles:
        paints = [_curve(sensor, *sides) for sensor, sides in report.profiles.items()]
        title = "Share of activations by hour (TIHM): median and quartiles over homes"
        yield "realism-by-hour.svg", _grid(title, paints)


def _title(row: Row) -> str:
    return (
        f"{row.family.capitalize()}: real ({row.source}) above, made up below; one dot is one of "
        f"the {row.per}, bars are quartiles"
    )


def _grid(title: str, paints: Sequence[Paint]) -> str:
    """All paints in a grid, as the text of an SVG."""
    rows = -(-len(paints) // _COLUMNS)
    width, height = _CELL[0] * _COLUMNS, _CELL[1] * rows + _HEAD
    with mpl.rc_context(SETTINGS):
        figure = Figure(figsize=(width, height), layout="constrained")
        figure.suptitle(title, fontsize=9)
        axes = figure.subplots(rows, _COLUMNS, squeeze=False).ravel()
        for axis, paint in zip(axes, paints, strict=False):
            paint(axis)
        for axis in axes[len(paints) :]:
            axis.set_axis_off()
        return as_svg(figure, _STYLE)


def _strip(row: Row) -> Paint:
    """Every home a dot, real ones above."""

    def paint(axis: Axes) -> None:
        for height, side, colour in ((1, row.real, REAL), (0, row.simulated, MADE_UP)):
            _dots(axis, side, height, colour)
        mark = "" if row.inside else "  (outside)"
        axis.set_title(f"{row.name}{mark}", fontsize=8, loc="left")
        numbers = [f"{len(side.values)}" for side in (row.simulated, row.real)]
        axis.set_yticks([0, 1], [f"made up, n={numbers[0]}", f"real, n={numbers[1]}"])
        axis.set_ylim(-0.6, 1.6)
        axis.set_xlabel(row.unit or "ratio", labelpad=1)
        axis.set_facecolor("none")

    return paint


def _dots(axis: Axes, side: Side, height: float, colour: str) -> None:
    low, middle, high = side.quartiles
    places = [height + ((index * 7) % 11 - 5) * 0.045 for index in range(len(side.values))]
    axis.plot(side.values, places, "o", color=colour, markersize=2.6, alpha=0.7, mew=0)
    axis.plot([low, high], [height, height], "-", color=colour, linewidth=1.6)
    axis.plot([middle], [height], "|", color=colour, markersize=13, mew=2)


def _curve(sensor: str, real: Profile, made_up: Profile) -> Paint:
    """The quartiles as a band, the median as a line."""

    def paint(axis: Axes) -> None:
        hours = [hour + 0.5 for hour in range(HOURS)]
        for profile, colour, style in ((real, REAL, "-"), (made_up, MADE_UP, "--")):
            low, middle, high = profile.quartiles
            axis.fill_between(hours, low, high, color=colour, alpha=0.22, linewidth=0)
            axis.plot(hours, middle, style, color=colour, linewidth=1.6)
        counts = f"{real.homes} real (line), {made_up.homes} made up (dashes)"
        axis.set_title(f"{sensor}: {counts}", fontsize=8, loc="left")
        axis.set_xticks(range(0, HOURS + 1, 6))
        axis.set_xlabel("hour of the day", labelpad=1)
        axis.set_ylabel("share")
        axis.set_facecolor("none")

    return paint
