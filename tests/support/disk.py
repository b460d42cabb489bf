"""A small disk of its own, in memory: filled, emptied, made to be read only. Root alone may."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def may_mount() -> bool:
    """Whether a disk could be mounted here at all."""
    return os.geteuid() == 0 and shutil.which("mount") is not None


class Disk:
    """A mounted disk."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._filler = folder / "filler"

    def fill(self) -> None:
        """Takes all the room there is."""
        with self._filler.open("ab", buffering=0) as filler:
            for size in (65_536, 4096):
                try:
                    while filler.write(bytes(size)) == size:
                        pass
                except OSError:
                    continue

    def free(self) -> None:
        """Gives it back."""
        self._filler.unlink()

    def leave(self, size: int) -> None:
        """Gives so many bytes of it back."""
        os.truncate(self._filler, self._filler.stat().st_size - size)

    def remount(self, how: str) -> None:
        """Has it be read only (`ro`), or not (`rw`)."""
        subprocess.run(["mount", "-o", f"remount,{how}", self.folder], check=True)


@contextmanager
def small_disk(folder: Path, size: str = "2m") -> Iterator[Disk | None]:
    """Mounts a disk while the block runs; None where that may not be done."""
    folder.mkdir(parents=True)
    command = ["mount", "-t", "tmpfs", "-o", f"size={size}", "telecare-test", str(folder)]
    if not may_mount() or subprocess.run(command, capture_output=True, check=False).returncode:
        yield None
        return
    try:
        yield Disk(folder)
    finally:
        subprocess.run(["umount", "-l", folder], check=True)
