"""The scenarios that come with the simulator, by name."""

import stat
from pathlib import Path

from simulator.scenarios.form import Scenario
from simulator.scenarios.reading import ScenarioError, read_scenario

_FOLDER = Path(__file__).parent / "library"
_NO_FILES = (
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)


def library() -> dict[str, Path]:
    """All of them, by name in alphabetical order."""
    return {path.stem: path for path in sorted(_FOLDER.glob("*.toml"))}


def find(text: str) -> Path:
    """The file of a scenario, named as in the library or by its path.

    Raises:
        ScenarioError: There is no such scenario.
    """
    known = library()
    if text in known:
        return known[text]
    path = Path(text)
    if path.is_file():
        return path
    if path.exists():
        raise ScenarioError(f"{text}: {_kind(path)}; a scenario is an ordinary file")
    raise ScenarioError(
        f"{text}: no such file, and no scenario of that name; there are {', '.join(known)}"
    )


def load(text: str) -> Scenario:
    """A scenario, named as in the library or by its path.

    Raises:
        ScenarioError: There is none, or it cannot be played.
    """
    return read_scenario(find(text))


def _kind(path: Path) -> str:
    mode = path.stat().st_mode
    return next((kind for is_one, kind in _NO_FILES if is_one(mode)), "no ordinary file")
