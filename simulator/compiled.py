"""The simulator's lives compiled to C: where they are, and going on in them.

`make compiled` makes them, where there is a C compiler. They give the same bytes, and serve for as
long as the sources are what they were: whoever changes one goes on in plain Python.
"""

import hashlib
import os
import sys
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CACHE = ROOT / ".cache" / "compiled"

_LIVING = (
    # drawn, walked and drunk at every step of a life
    "body", "chance", "clock", "days", "fate", "moods", "needs", "own", "person", "pottering",
    "rooms", "company/guest", "company/pet",
    "habits/habit", "habits/kitchen", "habits/outdoors", "habits/rest", "habits/upkeep",
    # what collects and unfolds the steps, in many small calls of NumPy
    "arrays", "layout", "lives", "population", "trace", "weather",
    "senses/air", "senses/block", "senses/contacts", "senses/motion", "senses/uses",
)  # fmt: skip
MODULES = [f"simulator/living/{name}.py" for name in _LIVING]
"""What takes time. What is sent to workers cannot be compiled."""

# Where a processor could multiply and add in one step, which rounds once and not twice, a compiler
# would use it: other bytes on another machine. And nobody else's functions stand in for ours, so
# that the small ones are written out where they are called.
C_FLAGS = "-ffp-contract=off -fno-semantic-interposition"


def digest(root: Path = ROOT) -> str:
    """Of all sources of the simulator and of what compiles them."""
    try:
        compiler = version("mypy")
    except PackageNotFoundError:
        compiler = ""
    found = hashlib.sha256(f"{sys.version} {compiler} {C_FLAGS} {MODULES}".encode())
    for path in sorted((root / "simulator").rglob("*")):
        if path.is_file() and path.suffix != ".pyc":
            found.update(f"{path.relative_to(root)} {path.stat().st_size} ".encode())
            found.update(path.read_bytes())
    return found.hexdigest()[:32]


def in_place(root: Path = ROOT, cache: Path = CACHE) -> Path | None:
    """The folder in which the simulator is compiled for the sources as they are; None without."""
    if not cache.is_dir():
        return None
    folder = cache / digest(root)
    return folder if folder.is_dir() else None


def become(folder: Path, arguments: Sequence[str]) -> None:
    """Ends this program, and goes on as Python with these arguments and the compiled lives."""
    beside = filter(None, [os.environ.get("PYTHONPATH")])  # libraries may have come from there
    path = os.pathsep.join((str(folder), str(ROOT), *beside))
    # -P: the folder one stands in is not looked at first, for the sources may lie there.
    command = [sys.executable, "-P", *arguments]
    environment = {**os.environ, "PYTHONPATH": path}
    os.execve(sys.executable, command, environment)  # noqa: S606 # nosec B606 # Python, by its path
