"""A power cut or a worn card costs what it destroyed and no more; the hub always starts again."""

import random
from collections.abc import Callable
from contextlib import closing
from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from gateway.journal import Journal, swap
from gateway.journal.outbox import LOST
from tests.gateway.journal.lived import BEFORE, FRAME, LOG_HEADER, Lived, Survived, live

PAGE = 4096


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Lived:
    return live(tmp_path_factory.mktemp("lived"))


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("scratch") / "hub"


def believable(lived: Lived, found: Survived) -> None:
    """Nothing is invented, and no number that may be known elsewhere is used again."""
    assert {seq: lived.bodies.get(seq) for seq in found.bodies} == found.bodies
    assert found.epochs == sorted(found.epochs)
    if found.last < len(lived.bodies) or found.alerts:
        assert found.epochs[-1] >= max(found.bodies, default=0)
    assert found.cursor <= found.last
    assert found.offset <= found.last


def kept_until(lived: Lived, length: int) -> int:
    """How many records SQLite promises when the log is cut to a length."""
    return max(last for end, last in lived.commits if end <= length)


def test_a_log_cut_anywhere_keeps_every_commit_before_the_cut(lived: Lived, scratch: Path) -> None:
    whole = lived.log.stat().st_size
    chance = random.Random(7)  # noqa: S311 - the same every time, nothing secret
    frames = range(LOG_HEADER, whole + 1, FRAME)
    cuts = {0, 1, *frames, *(chance.randrange(whole) for _ in range(15))}
    for cut in sorted(cuts):
        hub = lived.copy(scratch)
        with hub.log.open("r+b") as log:
            log.truncate(cut)
        found = hub.survive()
        believable(lived, found)
        assert len(found.bodies) == found.last == kept_until(lived, cut), cut
        assert not found.alerts, "a log that ends early is no damage"
        starts = {0, lived.commits[0][1], found.last}
        assert found.epochs == sorted(starts), "its numbers may be known at the centre"


@pytest.mark.parametrize("seed", range(3))
def test_a_flipped_bit_in_the_log_costs_only_what_follows_it(
    lived: Lived, scratch: Path, seed: int
) -> None:
    chance = random.Random(seed)  # noqa: S311 - the same every time, nothing secret
    for _ in range(12):
        hub = lived.copy(scratch)
        data = bytearray(hub.log.read_bytes())
        at = chance.randrange(len(data))
        data[at] ^= 1 << chance.randrange(8)
        hub.log.write_bytes(data)
        found = hub.survive()
        believable(lived, found)
        assert len(found.bodies) == found.last >= kept_until(lived, at if at > LOG_HEADER else 0)


def test_without_the_log_s_index_nothing_is_missed(lived: Lived, scratch: Path) -> None:
    hub = lived.copy(scratch)
    for junk in (b"", b"\xff" * 32_768):
        hub.path.with_name("journal.sqlite-shm").write_bytes(junk)
        assert hub.survive().bodies == lived.bodies


@pytest.mark.parametrize("how", ["emptied", "gone"])
def test_where_only_the_log_is_left_what_it_holds_is_given_back_and_the_centre_is_told(
    lived: Lived, scratch: Path, how: str
) -> None:
    hub = lived.copy(scratch)
    if how == "emptied":
        hub.path.write_bytes(b"")
    else:
        hub.path.unlink()
    found = hub.survive()
    believable(lived, found)
    assert len(lived.bodies) in found.bodies, "of the log the newest is what nobody else has"
    assert found.alerts


def tear(data: bytearray, page: int, how: str) -> None:
    at = page * PAGE
    if how == "empty":
        data[at : at + PAGE] = bytes(PAGE)
    elif how == "half old":
        data[at + PAGE // 2 : at + PAGE] = bytes(PAGE // 2)
    elif how == "another":
        data[at : at + PAGE] = data[-PAGE:]
    else:
        data[at : at + PAGE] = random.Random(page).randbytes(PAGE)  # noqa: S311 - as above


@pytest.fixture(scope="module")
def closed(tmp_path_factory: pytest.TempPathFactory) -> Lived:
    """All of it in the file, as after a good end; so damage is not mended by the log."""
    hub = live(tmp_path_factory.mktemp("closed"))
    with closing(Journal.open(hub.path, "hub-1", "h1", boot=BEFORE)):
        pass
    assert not hub.log.exists()
    return hub


@pytest.mark.parametrize("how", ["empty", "half old", "another", "noise"])
@pytest.mark.parametrize("step", [5, pytest.param(1, marks=pytest.mark.slow)])
def test_a_torn_page_costs_what_stood_on_it_and_the_centre_is_told(
    closed: Lived, scratch: Path, how: str, step: int
) -> None:
    pages = range(0, closed.path.stat().st_size // PAGE, step)
    noticed = 0
    for page in pages:
        hub = closed.copy(scratch)
        data = bytearray(hub.path.read_bytes())
        tear(data, page, how)
        hub.path.write_bytes(data)
        found = hub.survive()
        believable(closed, found)
        lost = len(closed.bodies) - len(found.bodies)
        assert lost <= PAGE // 130, "no more than a page of records, of 130 bytes at least"
        if lost:
            assert found.alerts
            assert found.lost >= lost
        noticed += bool(found.alerts)
    assert noticed > len(pages) // 2


def misplaced(closed: Lived, scratch: Path, page: int, source: int) -> None:
    hub = closed.copy(scratch)
    data = bytearray(hub.path.read_bytes())
    data[page * PAGE : (page + 1) * PAGE] = data[source * PAGE : (source + 1) * PAGE]
    hub.path.write_bytes(data)
    believable(closed, hub.survive())


@given(page=st.integers(0, 2**20), source=st.integers(0, 2**20))
@example(page=11, source=2)  # events where the engine's memory stood
@example(page=12, source=7)  # how far time had come, where it stood what the centre has
@settings(max_examples=25, deadline=None)
def test_a_page_that_was_written_in_another_s_place_ends_no_hub(
    closed: Lived, scratch: Path, page: int, source: int
) -> None:
    pages = closed.path.stat().st_size // PAGE
    misplaced(closed, scratch, page % pages, source % pages)


@pytest.mark.slow
def test_no_page_ends_a_hub_in_whichever_place_it_was_written(closed: Lived, scratch: Path) -> None:
    for page, source in permutations(range(closed.path.stat().st_size // PAGE), 2):
        misplaced(closed, scratch, page, source)


FLIPS = st.tuples(st.integers(0, 2**20), st.integers(0, 7))


@given(st.lists(FLIPS, min_size=1, max_size=3))
@settings(max_examples=25, deadline=None)
def test_a_flipped_bit_anywhere_invents_nothing(
    closed: Lived, scratch: Path, flips: list[tuple[int, int]]
) -> None:
    hub = closed.copy(scratch)
    raw = bytearray(hub.path.read_bytes())
    for at, bit in flips:
        raw[at % len(raw)] ^= 1 << bit
    hub.path.write_bytes(raw)
    believable(closed, hub.survive())


WRECKS: dict[str, Callable[[bytes], bytes]] = {
    "garbage header": lambda raw: b"\xa5" * 100 + raw[100:],
    "garbage first page": lambda raw: b"\xa5" * PAGE + raw[PAGE:],
    "first page gone": lambda raw: bytes(PAGE) + raw[PAGE:],
    "end gone": lambda raw: raw[: len(raw) * 3 // 4 // PAGE * PAGE],
    "end gone within a page": lambda raw: raw[: len(raw) * 3 // 4 + 17],
    "newer by one flipped bit": lambda raw: raw[:62] + b"\x01" + raw[63:],
    "tables renamed": lambda raw: raw.replace(b"CREATE TABLE devices", b"CREATE TABLE devicez"),
}


@pytest.mark.parametrize("wreck", WRECKS)
def test_a_wrecked_file_gives_back_what_is_still_there(
    closed: Lived, scratch: Path, wreck: str
) -> None:
    hub = closed.copy(scratch)
    raw = hub.path.read_bytes()
    damaged = WRECKS[wreck](raw)
    assert damaged != raw
    hub.path.write_bytes(damaged)
    found = hub.survive()
    believable(closed, found)
    assert found.alerts
    if "end" in wreck:
        assert found.lost == len(closed.bodies) - len(found.bodies) > 0
    else:
        assert found.bodies == closed.bodies
        assert found.lost == 0
        assert found.cursor == closed.cursor
    (aside,) = swap.kept_aside(hub.path)
    assert aside.read_bytes() == damaged


def test_a_file_of_no_length_gives_back_what_the_log_has(lived: Lived, scratch: Path) -> None:
    hub = lived.copy(scratch)
    hub.path.write_bytes(b"")
    found = hub.survive()
    believable(lived, found)
    assert max(found.bodies) == max(lived.bodies)
    assert found.alerts
    assert found.lost > 0


@pytest.mark.parametrize("junk", [b"", b"certainly not a database" * 100])
def test_a_file_of_which_nothing_is_left_is_begun_anew_and_told(scratch: Path, junk: bytes) -> None:
    hub = Lived(scratch / "journal.sqlite", {}, [], 0).copy(scratch)
    hub.path.write_bytes(junk)
    found = hub.survive()
    assert (found.bodies, found.last, len(found.alerts)) == ({}, 1, 1)
    assert "could not be read" in found.alerts[0].text


def test_what_is_lost_does_not_hold_up_what_follows(closed: Lived, scratch: Path) -> None:
    hub = closed.copy(scratch)
    data = bytearray(hub.path.read_bytes())
    leaves = [
        page
        for page in range(len(data) // PAGE)
        if data[page * PAGE] == 13 and b"bathroom-motion" in data[page * PAGE : (page + 1) * PAGE]
    ]
    tear(data, leaves[-1], "empty")
    hub.path.write_bytes(data)
    found = hub.survive()
    assert found.lost > 0
    with hub.open() as journal:
        records = journal.outbox.records(found.cursor, 10**6, 10**9)
    lost = [one.seq for one in records if one.kind == LOST]
    assert set(lost) == set(closed.bodies) - set(found.bodies) - set(range(found.cursor + 1))


def test_damaged_files_do_not_pile_up(closed: Lived, scratch: Path) -> None:
    hub = closed.copy(scratch)
    for _ in range(swap.KEPT_ASIDE + 3):
        hub.path.write_bytes(b"\xa5" * 100 + hub.path.read_bytes()[100:])
        assert hub.survive().alerts
    assert len(swap.kept_aside(hub.path)) == swap.KEPT_ASIDE
    names = {one.name for one in hub.path.parent.iterdir() if "damaged" not in one.name}
    assert names <= {"journal.sqlite", "journal.sqlite-wal", "journal.sqlite-shm"}


@pytest.mark.parametrize("step", range(3))
def test_a_power_cut_while_the_new_journal_takes_its_place_is_gone_on_from(
    closed: Lived, scratch: Path, step: int
) -> None:
    hub = closed.copy(scratch)
    hub.path.rename(hub.path.with_suffix(".rebuilt"))
    if step:
        hub.path.write_bytes(b"damaged")
    if step > 1:
        hub.log.write_bytes(b"its log")
    found = hub.survive()
    assert found.bodies == closed.bodies
    assert len(swap.kept_aside(hub.path)) == (1 if step else 0)
