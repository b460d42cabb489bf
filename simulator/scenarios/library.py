"""The scenarios that come with the simulator, by name."""

from pathlib import Path

from simulator.scenarios.form import Scenario
from simulator.scenarios.reading import ScenarioError, read_scenario

_FOLDER = Path(__file__).parent / "library"


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
    raise ScenarioError(
        f"{text}: no such file, and no scenario of that name; there are {', '.join(known)}"
    )


def load(text: str) -> Scenario:
    """A scenario, named as in the library or by its path.

    Raises:
        ScenarioError: There is none, or it cannot be played.
    """
    return read_scenario(find(text))
