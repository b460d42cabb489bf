"""How the machine fares that the hub runs on, as the kernel tells it in files.

Every reader takes the root of the file system, so that a made-up tree can stand in for a machine.
What a machine does not tell is None: no two of them tell the same.
"""

import platform
from collections.abc import Iterator
from pathlib import Path

from contract import MachineHealth
from gateway.clock.clock_sync import Sync, kernel_says, read_sync

ROOT = Path("/")
_KIB = 1024


def look(root: Path = ROOT) -> MachineHealth:
    """Everything that the machine tells of itself now."""
    return MachineHealth(
        system=operating_system(root),
        hardware=hardware(root),
        python=platform.python_version(),
        temperature_c=temperature_c(root),
        under_voltage=under_voltage(root),
        memory_used_bytes=memory_used(root),
        memory_free_bytes=memory_free(root),
        load_1m=load(root),
        clock_synchronised=clock_synchronised(root),
    )


def operating_system(root: Path = ROOT) -> str:
    """Its name and release, such as `Debian GNU/Linux 12 (bookworm)`: os-release(5)."""
    for line in _lines(root / "etc/os-release"):
        key, _, value = line.partition("=")
        if key == "PRETTY_NAME":
            return value.strip().strip("\"'")
    return ""


def hardware(root: Path = ROOT) -> str:
    """The board, such as `Raspberry Pi 4 Model B Rev 1.4`; empty on a PC."""
    return next(_lines(root / "proc/device-tree/model"), "").rstrip("\0")


def temperature_c(root: Path = ROOT) -> float | None:
    """Of the hottest of its thermal zones, in degrees Celsius."""
    zones = sorted((root / "sys/class/thermal").glob("thermal_zone*/temp"))
    found = [value for zone in zones if (value := _number(zone)) is not None]
    return max(found) / 1000 if found else None


def under_voltage(root: Path = ROOT) -> bool | None:
    """Whether a Raspberry Pi gets too little voltage now, by its own sensor `rpi_volt`."""
    for name in sorted((root / "sys/class/hwmon").glob("hwmon*/name")):
        if next(_lines(name), "") == "rpi_volt":
            alarm = _number(name.with_name("in0_lcrit_alarm"))
            return None if alarm is None else alarm > 0
    return None


def memory_used(root: Path = ROOT) -> int | None:
    """What this process holds of the memory, in bytes."""
    return _field(root / "proc/self/status", "VmRSS")


def memory_free(root: Path = ROOT) -> int | None:
    """What programs could still have without swapping, in bytes."""
    return _field(root / "proc/meminfo", "MemAvailable")


def load(root: Path = ROOT) -> float | None:
    """How many processes wanted to run at once, over the last minute."""
    words = next(_lines(root / "proc/loadavg"), "").split()
    return _float(words[0]) if words else None


def clock_synchronised(root: Path = ROOT) -> bool | None:
    """Whether the clock is kept right from the network; None where nobody is seen to keep it."""
    asked = kernel_says if root == ROOT else _nobody  # it is this machine's alone
    return {Sync.YES: True, Sync.NO: False}.get(read_sync(root / "run", asked))


def _nobody() -> None:
    """There is no kernel to ask."""


def _lines(path: Path) -> Iterator[str]:
    try:
        yield from path.read_text("utf-8", errors="replace").splitlines()
    except OSError:  # this machine does not tell, or not to this user
        return


def _field(path: Path, name: str) -> int | None:
    """A field such as `VmRSS:   12 kB`, in bytes."""
    for line in _lines(path):
        key, _, value = line.partition(":")
        if key == name:
            kib = _float(value.removesuffix("kB"))
            return None if kib is None else int(kib) * _KIB
    return None


def _number(path: Path) -> float | None:
    return _float(next(_lines(path), ""))


def _float(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None
