"""What is made once and then kept in the user's cache folder, also where several tests make it."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path


def kept(name: str, make: Callable[[Path], object]) -> Path:
    """The folder of this name, made by `make` where nobody has; who is quicker wins."""
    cache = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "telecare-tests"
    folder = cache / name
    if folder.is_dir():
        return folder
    cache.mkdir(parents=True, exist_ok=True)
    unfinished = cache / f"{name}.{os.getpid()}"
    make(unfinished)
    try:
        unfinished.rename(folder)
    except OSError:
        if not folder.is_dir():
            raise
        shutil.rmtree(unfinished)
    return folder
