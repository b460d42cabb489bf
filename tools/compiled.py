"""Runs Python with the simulator's lives compiled to C, by mypyc; the bytes they give are the same.

    python tools/compiled.py -m simulator generate --homes 1000 --days 90 --out street.jsonl
    python tools/compiled.py tools/bench_simulator.py

Nothing compiled ever stands beside the sources: a copy of the simulator is compiled under `.cache`,
and serves for as long as the sources are what they were. A C compiler is needed, and the packages
that `make check` installs. Compiling takes about a minute.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from importlib.metadata import version
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
_C_FLAGS = "-ffp-contract=off -fno-semantic-interposition"


class CompileError(Exception):
    """There is no compiled simulator. The sentence says why."""


def compiled(cache: Path = CACHE) -> Path:
    """The folder in which `simulator` is compiled, for the sources as they are now.

    Raises:
        CompileError: No C compiler is here, or it fails.
    """
    folder = cache / _digest()
    if not folder.exists():
        shutil.rmtree(cache, ignore_errors=True)
        begun = cache / "begun"
        shutil.copytree(ROOT / "simulator", begun / "simulator", ignore=_no_bytecode)
        _compile(begun)
        begun.rename(folder)
    return folder


def _compile(folder: Path) -> None:
    told = {**os.environ, "CFLAGS": _C_FLAGS, "MYPYPATH": f"{folder}{os.pathsep}{ROOT}"}
    told.setdefault("MYPYC_OPT_LEVEL", "3")
    command = [sys.executable, "-P", "-m", "mypyc", "--config-file=", *MODULES]
    done = subprocess.run(  # nosec B603 # of our own
        command,
        cwd=folder,
        env=told,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        raise CompileError(f"mypyc ended with {done.returncode}:\n{done.stdout}")
    shutil.rmtree(folder / "build")


def _digest() -> str:
    """Of all sources of the simulator and of what compiles them."""
    found = hashlib.sha256(f"{sys.version} {version('mypy')} {_C_FLAGS} {MODULES}".encode())
    for path in sorted((ROOT / "simulator").rglob("*")):
        if path.is_file() and path.suffix != ".pyc":
            found.update(f"{path.relative_to(ROOT)} {path.stat().st_size} ".encode())
            found.update(path.read_bytes())
    return found.hexdigest()[:32]


_no_bytecode = shutil.ignore_patterns("__pycache__")


def main(arguments: list[str]) -> None:
    """Compiles where that is not done, and becomes Python with these arguments."""
    if not arguments:
        raise SystemExit(__doc__)
    try:
        folder = compiled()
    except CompileError as error:
        raise SystemExit(f"-- {error}") from None
    path = os.pathsep.join((str(folder), str(ROOT)))
    # -P: the folder one stands in is not looked at first, for the sources may lie there.
    command = [sys.executable, "-P", *arguments]
    environment = {**os.environ, "PYTHONPATH": path}
    os.execve(sys.executable, command, environment)  # noqa: S606 # nosec B606 # Python, by its path


if __name__ == "__main__":
    main(sys.argv[1:])
