"""Files that stand under their name only once they hold something; a failure leaves nothing."""

import gzip
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BufferedWriter, FileIO
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

Write = Callable[[bytes], object]
Settle = Callable[[], None]

_KEPT = 1 << 27  # bytes of what was written last that stay in memory, for whoever reads it next
_ASKED = 1 << 25  # after so many bytes the system is asked to let go of the others


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """Where to write what is to stand at `path`, and does once the block has ended well.

    Where the block fails, nothing is left, and an older file stays as it was.

    Raises:
        OSError: It cannot be put there.
    """
    with _beside(path) as (part, settle):
        yield part
        settle()


def write_whole(path: Path, content: bytes | str) -> None:
    """Writes a file, as UTF-8, or leaves what was there.

    Raises:
        OSError: It cannot be written.
    """
    with whole(path) as part:
        part.write_bytes(content.encode() if isinstance(content, str) else content)


@contextmanager
def recording(path: Path) -> Iterator[Write]:
    """A recording to write, whole or not at all; compressed where it is named so.

    The same lines give the same bytes: a gzip header carries no time.

    Raises:
        OSError: It cannot be written.
    """
    with whole(path) as part, _opened(part, path.suffix) as write:
        yield write


@contextmanager
def log(path: Path) -> Iterator[Write]:
    """As a recording, but it stands there from the first word on, and stays whatever happens then.

    Raises:
        OSError: It cannot be written.
    """
    settled = False
    with _beside(path) as (part, settle), _opened(part, path.suffix) as write:

        def noted(content: bytes) -> object:
            nonlocal settled
            if not settled:
                settle()
                settled = True
            return write(content)

        yield noted
        noted(b"")


@contextmanager
def _beside(path: Path) -> Iterator[tuple[Path, Settle]]:
    """A file to write, and what puts it in its place. A pipe or a device is its own place."""
    target = path.resolve()  # a link goes on pointing where it did
    if target.exists() and not target.is_file():
        yield path, lambda: None
        return
    part = target.with_name(f".part-{uuid4().hex}-{target.name}")  # another run may write there too
    try:
        yield part, lambda: _settle(part, target)
    except OSError as error:
        if error.filename == str(part):  # of which whoever asked for the file knows nothing
            error.filename = str(path)
        raise
    finally:
        part.unlink(missing_ok=True)


def _settle(part: Path, target: Path) -> None:
    if target.exists():
        part.chmod(target.stat().st_mode)  # whom it was kept from, it is still kept from
    part.replace(target)


@contextmanager
def _opened(path: Path, suffix: str) -> Iterator[Write]:
    with BufferedWriter(_Passing(path, "wb")) as raw:
        if suffix != ".gz":
            yield raw.write
            return
        with gzip.GzipFile(filename="", fileobj=raw, mode="wb", mtime=0, compresslevel=1) as packed:
            yield packed.write


class _Passing(FileIO):
    """A file whose gigabytes go by: what else runs on the machine keeps its memory.

    And where a machine has to find memory for each page first, that takes longer than to write it.
    """

    _upto = 0
    _asked = 0

    def write(self, content: "ReadableBuffer", /) -> int:
        written = super().write(content)
        self._upto += written
        if self._upto >= self._asked + _KEPT + _ASKED:
            self._asked = self._upto - _KEPT
            _let_go(self.fileno(), self._asked)
        return written


def _let_go(file: int, upto: int) -> None:
    """Asks the system not to remember what is on the disk, and to bring there what is not yet."""
    if hasattr(os, "posix_fadvise"):  # not on macOS
        os.posix_fadvise(file, 0, upto, os.POSIX_FADV_DONTNEED)
