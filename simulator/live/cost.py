"""What a run costs: processor, memory, and how late the latest message was."""

import resource
import sys
import time

_KILOBYTES = 1 if sys.platform == "darwin" else 1024  # what the system counts memory in


class Cost:
    """Counts from its making on."""

    def __init__(self) -> None:
        self._began = time.monotonic()
        self._used = _cpu_s()

    def in_words(self, homes: int, slowest_s: float) -> str:
        """One line for a person."""
        wall = time.monotonic() - self._began
        cpu = _cpu_s() - self._used
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _KILOBYTES / 1e6
        return (
            f"{homes:,} homes for {wall:.1f} s: {cpu / max(wall, 1e-9):.3f} s of processor a "
            f"second, slowest message {slowest_s:.3f} s after it was due, {peak:.0f} MB at most"
        )


def _cpu_s() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime
