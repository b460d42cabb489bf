"""A centre hears of a hot, starved or clockless machine before it fails; none has to tell."""

import sys
from pathlib import Path

import pytest

from contract import MachineHealth
from gateway.clock.clock_sync import Sync, read_sync
from gateway.health.machine_health import look
from tests.gateway.made_up_machine import FILES, machine_in


def test_all_that_a_raspberry_pi_tells_is_told(tmp_path: Path) -> None:
    assert look(machine_in(tmp_path)) == MachineHealth(
        system="Debian GNU/Linux 12 (bookworm)",
        hardware="Raspberry Pi 4 Model B Rev 1.4",
        python=sys.version.split()[0],
        temperature_c=51.121,
        under_voltage=False,
        memory_used_bytes=91_000 * 1024,
        memory_free_bytes=700_000 * 1024,
        load_1m=0.25,
        clock_synchronised=True,
    )


def test_a_supply_that_is_too_weak_is_told(tmp_path: Path) -> None:
    assert look(machine_in(tmp_path, in0_lcrit_alarm="1\n")).under_voltage is True


def test_a_clock_that_was_never_set_is_told(tmp_path: Path) -> None:
    machine_in(tmp_path)
    (tmp_path / "run/systemd/timesync/synchronized").unlink()
    assert look(tmp_path).clock_synchronised is False


def test_a_clock_that_another_service_keeps_is_asked_after_as_the_hub_asks() -> None:
    expected = {Sync.YES: True, Sync.NO: False, Sync.UNKNOWN: None}[read_sync()]
    assert look().clock_synchronised is expected


def test_a_machine_that_tells_nothing_is_no_error(tmp_path: Path) -> None:
    assert look(tmp_path) == MachineHealth(python=sys.version.split()[0])


@pytest.mark.parametrize("path", FILES)
def test_a_file_that_holds_nonsense_costs_no_more_than_its_own_figure(
    tmp_path: Path, path: str
) -> None:
    machine_in(tmp_path)
    (tmp_path / path).write_bytes(b"\xff\xfe nonsense: kB\n")
    whole, found = look(machine_in(tmp_path / "whole")), look(tmp_path)
    told = [
        name
        for name in MachineHealth.__struct_fields__
        if name != "unknown" and getattr(found, name) != getattr(whole, name)
    ]
    assert len(told) <= 1


def test_this_very_machine_can_be_looked_at() -> None:
    found = look()
    if sys.platform == "linux":
        assert found.memory_used_bytes is not None
        assert found.memory_used_bytes > 1_000_000
