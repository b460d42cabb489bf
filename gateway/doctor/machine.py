"""Checks of the machine: versions, disk, memory, heat, power and clock."""

import sys
from collections.abc import Iterator
from pathlib import Path
from shutil import disk_usage

from contract import MachineHealth
from gateway.doctor.finding import Finding, note, ok, skipped, wrong
from gateway.health.heartbeat import software

FULL, NEARLY_FULL = 100e6, 1e9
"""Bytes that are left of a disk; the second is about a year of a home."""
SHORT_OF_MEMORY = 64 * 1024 * 1024
HOT, NEARLY_HOT = 80.0, 70.0
"""Degrees Celsius; a Raspberry Pi slows down from 80 on."""
_SET_CLOCK = (
    "let the machine reach a time server (timedatectl; sudo timedatectl set-ntp true); "
    "until then events may bear wrong times"
)


def check_machine(found: MachineHealth, folder: Path) -> Iterator[Finding]:
    """All that a machine tells.

    Args:
        found: What it told.
        folder: On the disk that the journal grows on; it may not be there yet.
    """
    told = [software(), f"Python {found.python}", found.system or sys.platform, found.hardware]
    yield ok("versions", ", ".join(one for one in told if one))
    yield _disk(folder)
    yield _memory(found)
    yield _heat(found.temperature_c)
    yield _power(found.under_voltage)
    yield _clock(found.clock_synchronised)


def _disk(folder: Path) -> Finding:
    there = next(one for one in (folder, *folder.parents) if one.exists())
    free = disk_usage(there).free
    said = f"{free / 1e9:.1f} GB free at {there}"
    if free < FULL:
        return wrong("disk", said, "make room: the hub acknowledges nothing while the disk is full")
    if free < NEARLY_FULL:
        return note("disk", said, "make room before it is full")
    return ok("disk", said)


def _memory(found: MachineHealth) -> Finding:
    if found.memory_free_bytes is None:
        return skipped("memory", "this machine does not tell")
    said = f"{found.memory_free_bytes / 1e6:,.0f} MB left"
    if found.memory_free_bytes < SHORT_OF_MEMORY:
        return wrong("memory", said, "see what takes it (top), and end or move it")
    return ok("memory", said)


def _heat(degrees: float | None) -> Finding:
    if degrees is None:
        return skipped("temperature", "this machine does not tell")
    said = f"{degrees:.0f} degrees Celsius"
    if degrees >= HOT:
        return wrong("temperature", said, "give it air: it slows down, and its card wears faster")
    if degrees >= NEARLY_HOT:
        return note("temperature", said, "give it air, away from radiators and sun")
    return ok("temperature", said)


def _power(weak: bool | None) -> Finding:
    if weak is None:
        return skipped("power", "only a Raspberry Pi tells whether its supply is strong enough")
    if weak:
        return wrong(
            "power", "too little voltage now", "use the supply and cable made for this board"
        )
    return ok("power", "enough voltage")


def _clock(synchronised: bool | None) -> Finding:
    if synchronised is None:
        return skipped("clock", "no time service can be seen here that would keep the clock")
    if not synchronised:
        return wrong("clock", "never set from the network since the start", _SET_CLOCK)
    return ok("clock", "set from the network")
