"""Whatever a row holds, its pages give it back as SQLite wrote it; what is torn they do not."""

import random
import sqlite3
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.journal.pages import PAGE, rows_in

SIX = frozenset({6})
_NUMBERS = st.one_of(
    st.sampled_from(
        [0, 1, -1, *(sign * 2**n for n in (7, 15, 23, 31, 47, 62) for sign in (1, -1))]
    ),
    st.integers(-(2**63), 2**63 - 1),
)
_VALUES = st.one_of(
    st.none(),
    _NUMBERS,
    st.floats(allow_nan=False, allow_infinity=False).filter(lambda one: not one.is_integer()),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40),
    st.binary(max_size=300),
)
Row = tuple[object, ...]


def written(rows: dict[int, Row]) -> bytes:
    """A file in which SQLite has stored rows of six columns, the first of them their number."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "some.sqlite"
        with closing(sqlite3.connect(path, isolation_level=None)) as some:
            some.execute("pragma synchronous = off")
            some.execute("create table six (id integer primary key, a, b, c, d, e)")
            some.executemany(
                "insert into six values (?, ?, ?, ?, ?, ?)", [(n, *row) for n, row in rows.items()]
            )
        return path.read_bytes()


def found(data: bytes, columns: frozenset[int] = SIX) -> dict[int, Row]:
    rows = list(rows_in(data, columns))
    assert [row.values[0] for row in rows] == [None] * len(rows)
    return {row.rowid: tuple(row.values[1:]) for row in rows}


@given(st.dictionaries(_NUMBERS, st.tuples(*[_VALUES] * 5), max_size=30))
def test_every_row_is_read_as_it_was_written(rows: dict[int, Row]) -> None:
    assert found(written(rows)) == rows


@pytest.mark.parametrize(
    "size", [4040, 4050, 4051, 4052, 4053, 4060, 4096, 8170, 8180, 8190, 12_300, 100_000, 3_000_000]
)
def test_a_body_longer_than_a_page_is_put_together_again(size: int) -> None:
    body = bytes(n * 31 % 256 for n in range(size))
    rows: dict[int, Row] = {n: (n, None, "x", 0.5, body[n:]) for n in range(1, 4)}
    assert found(written(rows)) == rows


@pytest.mark.parametrize("length", [126, 127, 128, 129, 16_370, 16_383, 16_384])
def test_a_text_of_any_length_is_read_to_its_last_letter(length: int) -> None:
    rows: dict[int, Row] = {1: ("é" * length, None, None, None, None)}
    assert found(written(rows)) == rows


def test_rows_of_another_table_are_told_by_how_many_values_they_have() -> None:
    data = written({1: (1, 2, 3, 4, 5)})
    assert found(data, frozenset({7})) == {}
    (schema,) = rows_in(data, frozenset({5}))
    assert schema.values[:3] == ["table", "six", "six"]


def one_row(body: bytes = b"body") -> tuple[bytearray, int]:
    """A file with one row, and where its cell begins."""
    data = bytearray(written({7: (1, 2.5, "text", None, body)}))
    return data, PAGE + int.from_bytes(data[PAGE + 8 : PAGE + 10], "big")


def test_a_page_that_claims_more_cells_than_it_can_hold_is_passed_over() -> None:
    data, _ = one_row()
    data[PAGE + 3 : PAGE + 5] = ((PAGE - 8) // 2 + 1).to_bytes(2, "big")
    assert found(bytes(data)) == {}


def test_a_page_of_another_sort_holds_no_rows() -> None:
    data, _ = one_row()
    data[PAGE] = 10  # a leaf of an index
    assert found(bytes(data)) == {}


def test_pages_after_one_that_is_torn_are_read_on() -> None:
    rows: dict[int, Row] = {n: (n, "x" * 900, None, None, b"") for n in range(20)}
    data = bytearray(written(rows))
    leaves = [at for at in range(PAGE, len(data), PAGE) if data[at] == 13]
    data[leaves[0]] = 0
    left = found(bytes(data))
    assert 0 < len(left) < len(rows)
    assert left == {n: rows[n] for n in left}


@pytest.mark.parametrize("size", [b"\x00", b"\x88\x80\x80\x01"])
def test_a_row_of_no_length_or_of_an_impossible_one_is_none(size: bytes) -> None:
    data, cell = one_row()
    data[cell : cell + len(size)] = size
    assert found(bytes(data)) == {}


@pytest.mark.parametrize(("at", "byte"), [(0, 5), (0, 8), (2, 10), (2, 11), (6, 200)])
def test_a_header_that_does_not_fit_its_values_is_no_row(at: int, byte: int) -> None:
    """Its length, its kinds (10 and 11 are reserved), or a blob longer than what is there."""
    data, cell = one_row()
    data[cell + 2 + at] = byte
    assert found(bytes(data)) == {}


def test_a_chain_that_ends_early_or_runs_out_of_the_file_is_no_row() -> None:
    data, cell = one_row(bytes(9000))
    whole = found(bytes(data))
    assert len(whole) == 1
    least = (PAGE - 12) * 32 // 255 - 23
    for page in (0, 1, 2**31):
        torn = bytearray(data)
        begin = cell + 3  # its length in two bytes, and its number
        length = (data[cell] & 0x7F) << 7 | data[cell + 1]
        local = least + (length - least) % (PAGE - 4)
        torn[begin + local : begin + local + 4] = page.to_bytes(4, "big")
        assert found(bytes(torn)) == {}
    assert found(bytes(data[: -PAGE // 2])) == {}


@pytest.mark.parametrize("seed", range(50))
def test_noise_that_looks_like_a_page_stops_nobody(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - the same every time, nothing secret
    page = bytearray(chance.randbytes(PAGE))
    page[0] = 13
    page[3:5] = (1000).to_bytes(2, "big")
    for row in rows_in(bytes(2 * PAGE) + bytes(page), SIX):
        assert len(row.values) == 6
