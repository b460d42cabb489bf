"""A machine's clock that may be set at will, for one process alone: libfaketime, told by a file.

Only what can be set leaps; the seconds since the machine started (`CLOCK_BOOTTIME`) go on as ever.
"""

from collections.abc import Mapping
from pathlib import Path


def libfaketime() -> Path | None:
    """Where it is; None where it is not installed."""
    return next(Path("/usr/lib").glob("*/faketime/libfaketime.so.1"), None)


class LeapingClock:
    """The clock by which some processes go.

    Args:
        path: The file that tells them by how much it is wrong.
        library: libfaketime.

    Attributes:
        environment: What a process is started with that is to go by it.
    """

    def __init__(self, path: Path, library: Path) -> None:
        self._path = path
        self.environment: Mapping[str, str] = {
            "LD_PRELOAD": str(library),
            "FAKETIME_TIMESTAMP_FILE": str(path),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "NO_FAKE_STAT": "1",
        }
        self.set_ahead(0)

    def set_ahead(self, seconds: float) -> None:
        """Sets it so far ahead of the right time, at once and wholly."""
        new = self._path.with_suffix(".new")
        new.write_text(f"{seconds:+}\n", "ascii")
        new.replace(self._path)
