"""Pictures by matplotlib as SVG that is the same on every day and suits light and dark pages."""

from io import StringIO
from typing import Any

from matplotlib.figure import Figure
from matplotlib.typing import RcKeyType

INK = "#24292f"
"""Lines and letters are drawn in it, and take the colour that the reader's page calls for."""
SETTINGS: dict[RcKeyType, Any] = {
    "svg.hashsalt": "telecare",
    "svg.fonttype": "none",
    "font.family": "sans-serif",
    "font.size": 8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "text.color": INK,
    "axes.labelcolor": INK,
    "axes.edgecolor": INK,
    "xtick.color": INK,
    "ytick.color": INK,
}


def as_svg(figure: Figure, style: str = "") -> str:
    """The figure as text; `style`, an element, is put before its definitions."""
    text = StringIO()
    figure.savefig(text, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    drawn = text.getvalue().replace(INK, "currentColor")
    lines = (line.rstrip() for line in drawn.replace("<defs>", f"{style}<defs>", 1).splitlines())
    return "\n".join(lines) + "\n"
