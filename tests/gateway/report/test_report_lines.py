"""Whoever looks at a hub in trouble sees in capitals what to mend."""

from pathlib import Path

import msgspec

from contract import MachineHealth
from gateway.report.report import Report, Trouble, report
from gateway.report.report_lines import human
from gateway.settings import files
from tests.gateway.commands.lived_in import lived_in
from tests.gateway.events import START


def reported(folder: Path) -> Report:
    household, _ = lived_in(folder)
    return report(household.settings, files(household.path, household.settings), START)


def shown(found: Report, machine: MachineHealth | None, **changes: object) -> str:
    health = msgspec.structs.replace(found.health, machine=machine)
    changed = msgspec.structs.replace(found, health=health, **changes)
    return "\n".join(human(changed, START))


def test_a_weak_supply_and_a_clock_that_was_never_set_are_said_in_capitals(tmp_path: Path) -> None:
    found = reported(tmp_path)
    ill = MachineHealth(under_voltage=True, clock_synchronised=False, temperature_c=81.4)
    assert "machine   81 degrees, TOO LITTLE VOLTAGE, CLOCK NEVER SET" in shown(found, ill)
    well = shown(found, MachineHealth(under_voltage=False, clock_synchronised=True, load_1m=0.5))
    assert "machine   load 0.50\n" in well


def test_a_machine_that_tells_nothing_of_itself_has_no_line(tmp_path: Path) -> None:
    found = reported(tmp_path)
    for machine in (None, MachineHealth()):
        assert "machine" not in shown(found, machine)


def test_that_messages_wait_for_the_time_is_said_with_the_reason(tmp_path: Path) -> None:
    trouble = Trouble(START, "nobody has set the clock")
    said = shown(reported(tmp_path), None, clock=trouble)
    assert "CLOCK     nobody has set the clock: what is heard is kept, and dated once it is" in said


def test_a_sensor_that_cannot_be_believed_says_so_in_its_line(tmp_path: Path) -> None:
    found = reported(tmp_path)
    first, *others = found.health.sensors
    assert "stuck" not in shown(found, None)
    odd = msgspec.structs.replace(first, stuck=True, unlike=["button"])
    health = msgspec.structs.replace(found.health, sensors=[odd, *others])
    said = shown(msgspec.structs.replace(found, health=health), None)
    (line,) = [one for one in said.splitlines() if one.strip().startswith(first.sensor)]
    assert line.endswith(", stuck: what it says is not believed, listed as button, not like it")
