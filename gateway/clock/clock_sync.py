"""Whether somebody keeps the machine's clock right: read from the kernel, systemd and chrony.

A Raspberry Pi has no battery for its clock. It wakes up in 1970, or at the time of its last
shutdown, until a time service has heard from the network.
"""

import ctypes
import sys
from collections.abc import Callable
from enum import Enum
from pathlib import Path

_UNSYNCHRONISED = 0x40  # STA_UNSYNC, adjtimex(2)
_OURS = "systemd/timesync"
_OTHERS = ("chrony", "chronyd.pid", "ntpd.pid", "ntp.pid")  # they leave word with the kernel alone


class Sync(Enum):
    """How the machine's clock stands."""

    YES = "it is kept right from the network"
    NO = "a time service runs, and has not set it yet"
    UNKNOWN = "nobody can be seen to keep it; it is what it is"


class _Timex(ctypes.Structure):
    """The head of `struct timex`, with room for the rest."""

    _fields_ = (
        ("modes", ctypes.c_uint),
        ("offset", ctypes.c_long),
        ("freq", ctypes.c_long),
        ("maxerror", ctypes.c_long),
        ("esterror", ctypes.c_long),
        ("status", ctypes.c_int),
        ("rest", ctypes.c_char * 512),
    )


def kernel_says() -> bool | None:
    """Whether the kernel holds its clock to be synchronised; None where it cannot be asked.

    chrony, ntpd and timesyncd all tell it. See adjtimex(2).
    """
    if not sys.platform.startswith("linux"):
        return None
    try:
        asked = _Timex()  # modes 0: nothing is changed
        state = ctypes.CDLL(None, use_errno=True).adjtimex(ctypes.byref(asked))
    except (OSError, AttributeError):
        return None
    return None if state < 0 else not asked.status & _UNSYNCHRONISED


def read_sync(run: Path = Path("/run"), kernel: Callable[[], bool | None] = kernel_says) -> Sync:
    """How the machine's clock stands.

    Args:
        run: Where services leave word of themselves; all of it is from since the machine started.
        kernel: Asks the kernel.
    """
    said = kernel()
    if said or (run / _OURS / "synchronized").exists():
        return Sync.YES
    others = said is False and any((run / one).exists() for one in _OTHERS)
    return Sync.NO if others or (run / _OURS).exists() else Sync.UNKNOWN


def has_battery(rtc: Path = Path("/sys/class/rtc/rtc0/hctosys")) -> bool:
    """Whether the machine's clock was set at its start from one that runs on a battery."""
    try:
        return rtc.read_text("ascii").strip() == "1"
    except (OSError, UnicodeDecodeError):
        return False


def boot_id(path: Path = Path("/proc/sys/kernel/random/boot_id")) -> str:
    """Names the time since the machine started; empty where nothing does."""
    try:
        return path.read_text("ascii").strip()
    except (OSError, UnicodeDecodeError):
        return ""
