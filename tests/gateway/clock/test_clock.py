"""A hub that wakes up in 1970, or at the time of its last shutdown, knows that it does not know."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from gateway.clock.clock import FLOOR, PATIENCE_S, STOOD_S, HubClock, Machine
from gateway.clock.clock_sync import Sync, boot_id, has_battery, kernel_says, read_sync
from tests.gateway.events import START


@dataclass
class Board:
    """A machine whose clocks are moved by hand."""

    wall: float = START
    elapsed: float = 30.0
    sync: Sync = Sync.NO
    battery: bool = False
    boot: str = "boot-1"

    def machine(self) -> Machine:
        return Machine(
            lambda: self.wall,
            lambda: self.elapsed,
            lambda: self.sync,
            lambda: self.battery,
            self.boot,
        )

    def run(self, seconds: float) -> None:
        self.wall += seconds
        self.elapsed += seconds


@pytest.mark.parametrize(
    ("board", "past", "sure"),
    [
        (Board(sync=Sync.YES), None, True),
        (Board(sync=Sync.UNKNOWN), None, True),
        (Board(), None, False),
        (Board(battery=True), START - 100, True),
        (Board(battery=True), START + 100, False),
        (Board(elapsed=PATIENCE_S), START + 100, True),
        (Board(wall=30.0, sync=Sync.UNKNOWN), None, False),
        (Board(wall=30.0, sync=Sync.YES), None, False),
        (Board(wall=30.0, elapsed=PATIENCE_S), None, False),
    ],
    ids=[
        "kept right",
        "nobody keeps it, as on a laptop",
        "a time service has not set it yet",
        "from a battery",
        "from a battery that was flat",
        "no network for an hour",
        "1970",
        "1970, whatever anybody says",
        "1970, however long",
    ],
)
def test_it_knows_whether_it_knows_the_time(
    board: Board, past: float | None, *, sure: bool
) -> None:
    assert HubClock(board.machine(), past).sure is sure


def test_once_the_clock_is_set_the_hub_goes_by_it() -> None:
    board = Board(wall=FLOOR + 100)
    clock = HubClock(board.machine())
    board.run(60)
    board.wall, board.sync = START, Sync.YES
    clock.look()
    assert clock.sure
    assert clock.now() == START
    assert clock.leaps == 1


@pytest.mark.parametrize("leap", [-86_400.0, -3600.0, 3600.0, 86_400.0])
def test_a_leap_of_a_clock_that_nobody_keeps_is_not_followed(leap: float) -> None:
    board = Board(sync=Sync.YES)
    clock = HubClock(board.machine())
    board.run(100)
    board.sync = Sync.NO
    board.wall += leap
    clock.look()
    board.run(1)
    clock.look()
    assert clock.now() == START + 101
    assert clock.leaps == 1


def test_a_correction_from_the_network_is_followed_and_counted() -> None:
    board = Board(sync=Sync.YES)
    clock = HubClock(board.machine())
    board.wall += 30
    clock.look()
    assert clock.now() == START + 30
    assert clock.leaps == 1


DAY_S = 86_400.0


def test_a_clock_that_stands_a_month_ahead_for_a_moment_does_not_deafen_the_hub() -> None:
    board = Board(sync=Sync.YES)
    clock = HubClock(board.machine())
    board.wall += 30 * DAY_S
    for _ in range(int(STOOD_S) - 1):
        clock.look()
        assert clock.now() == START + board.elapsed - 30
        board.run(1)
    board.wall -= 30 * DAY_S
    clock.look()
    assert clock.now() == board.wall
    assert clock.leaps == 2


def test_a_clock_that_stays_far_ahead_is_believed_in_the_end() -> None:
    board = Board(sync=Sync.YES)
    clock = HubClock(board.machine())
    board.wall += 30 * DAY_S
    clock.look()
    board.run(STOOD_S)
    clock.look()
    assert clock.now() == board.wall


def test_a_clock_that_leaps_on_and_on_is_never_believed() -> None:
    board = Board(sync=Sync.YES)
    clock = HubClock(board.machine())
    for _ in range(10):
        board.wall += 30 * DAY_S
        clock.look()
        board.run(STOOD_S / 2)
        clock.look()
    assert clock.now() == START + board.elapsed - 30


def test_a_hub_that_was_really_put_right_by_days_need_not_wait_where_the_centre_agrees() -> None:
    board = Board(sync=Sync.YES)
    clock = HubClock(board.machine())
    board.wall += 30 * DAY_S
    clock.look()
    clock.told(board.wall - DAY_S)
    assert clock.now() == START
    clock.told(board.wall + 2)
    assert clock.now() == board.wall
    board.run(1)
    clock.look()
    assert clock.now() == board.wall


def test_a_centre_that_is_decades_ahead_is_not_believed() -> None:
    clock = HubClock(Board(wall=FLOOR + 5).machine(), START)
    clock.told(START + 20 * 366 * DAY_S)
    assert not clock.sure
    clock.told(START + 366 * DAY_S)
    assert clock.sure


def test_between_two_looks_time_goes_on_whatever_is_set() -> None:
    board = Board(sync=Sync.YES)
    clock = HubClock(board.machine())
    board.run(1)
    board.wall -= 86_400
    assert clock.now() == START + 1


def test_a_small_correction_is_followed_also_while_the_network_is_away() -> None:
    board = Board(sync=Sync.YES)
    clock = HubClock(board.machine())
    board.sync = Sync.NO
    board.wall += 0.5
    clock.look()
    assert clock.now() == START + 0.5
    assert clock.leaps == 0


def test_the_centre_may_tell_the_time_to_a_hub_that_has_none_and_to_no_other() -> None:
    board = Board(wall=FLOOR + 5)
    clock = HubClock(board.machine())
    clock.told(START)
    assert clock.sure
    board.run(10)
    clock.look()
    assert clock.now() == START + 10
    clock.told(START + 9999)
    assert clock.now() == START + 10


def test_a_machine_is_asked_where_services_leave_word(tmp_path: Path) -> None:
    assert read_sync(tmp_path, lambda: None) is Sync.UNKNOWN
    assert read_sync(tmp_path, lambda: True) is Sync.YES
    (tmp_path / "chrony").mkdir()
    assert read_sync(tmp_path, lambda: False) is Sync.NO
    assert read_sync(tmp_path, lambda: None) is Sync.UNKNOWN
    (tmp_path / "systemd/timesync").mkdir(parents=True)
    assert read_sync(tmp_path, lambda: None) is Sync.NO
    (tmp_path / "systemd/timesync/synchronized").touch()
    assert read_sync(tmp_path, lambda: False) is Sync.YES


def test_a_battery_and_the_name_of_this_start_are_read_from_the_kernel(tmp_path: Path) -> None:
    told = tmp_path / "told"
    assert not has_battery(told)
    assert not boot_id(told)
    told.write_text("1\n", "ascii")
    assert has_battery(told)
    assert boot_id(told) == "1"
    told.write_bytes(b"\xff")
    assert not has_battery(told)


def test_the_kernel_of_this_machine_can_be_asked_or_says_that_it_cannot() -> None:
    assert kernel_says() in {True, False, None}


@pytest.mark.parametrize("sync", [Sync.NO, Sync.UNKNOWN])
def test_what_the_centre_told_is_not_forgotten_for_a_clock_that_stands_in_1970(sync: Sync) -> None:
    board = Board(wall=30.0, sync=sync)
    clock = HubClock(board.machine())
    clock.told(START)
    board.run(60)
    clock.look()
    assert clock.sure
    assert clock.now() == START + 60
