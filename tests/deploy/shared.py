"""What one process of a test run makes and the others use: they would each make the same."""

import fcntl
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


@contextmanager
def shared(
    factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]
) -> Iterator[Path]:
    """The folder of this name for as long as any process uses it, made by `make` where it is not.

    Args:
        factory: Knows the folder of the run.
        name: Its name within the run.
        make: Makes the folder and what is in it. Where it raises, the next who asks tries again.
    """
    run = factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        run = run.parent
    folder, users = run / name, run / f"{name}.users"
    with _alone(run / f"{name}.lock"):
        if not users.is_file():
            shutil.rmtree(folder, ignore_errors=True)
            make(folder)
            users.write_text("0")
        _count(users, +1)
    try:
        yield folder
    finally:
        with _alone(run / f"{name}.lock"):
            if _count(users, -1) == 0:
                users.unlink()
                shutil.rmtree(folder)


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _count(users: Path, more: int) -> int:
    number = int(users.read_text()) + more
    users.write_text(f"{number}")
    return number
