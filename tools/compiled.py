"""Runs Python with the simulator's lives compiled to C, by mypyc; the bytes they give are the same.

    python tools/compiled.py                            # `make compiled`
    python tools/compiled.py tools/bench_simulator.py   # any program that imports the simulator

Nothing compiled ever stands beside the sources: a copy of the simulator is compiled under `.cache`,
and serves for as long as the sources are what they were. A C compiler is needed, and the packages
that `make check` installs. Compiling takes about a minute.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from simulator.compiled import C_FLAGS, CACHE, MODULES, become, digest  # noqa: E402 - of this checkout


class CompileError(Exception):
    """There is no compiled simulator. The sentence says why."""


def compiled(cache: Path = CACHE) -> Path:
    """The folder in which `simulator` is compiled, for the sources as they are now.

    Raises:
        CompileError: No C compiler is here, or it fails.
    """
    folder = cache / digest(ROOT)
    if not folder.exists():
        shutil.rmtree(cache, ignore_errors=True)
        begun = cache / "begun"
        shutil.copytree(ROOT / "simulator", begun / "simulator", ignore=_no_bytecode)
        _compile(begun)
        begun.rename(folder)
    return folder


def _compile(folder: Path) -> None:
    told = {**os.environ, "CFLAGS": C_FLAGS, "MYPYPATH": f"{folder}{os.pathsep}{ROOT}"}
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


_no_bytecode = shutil.ignore_patterns("__pycache__")


def main(arguments: list[str]) -> None:
    """Compiles where that is not done; becomes Python with these arguments, if there are any."""
    try:
        folder = compiled()
    except CompileError as error:
        raise SystemExit(f"-- {error}") from None
    if arguments:
        become(folder, arguments)
    print(f"compiled: `telecare-simulator` runs from {folder.relative_to(ROOT)}")


if __name__ == "__main__":
    main(sys.argv[1:])
