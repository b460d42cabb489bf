"""Files of a source, line by line: nothing lost, nothing counted twice, no stop at bad bytes."""

import gzip
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.importers.source import SourceError, identifier, read_lines


@pytest.mark.parametrize("name", ["a.csv", "a.csv.gz"])
def test_lines_are_numbered_and_progress_ends_at_the_size_of_the_file(
    tmp_path: Path, name: str
) -> None:
    path = tmp_path / name
    data = b"".join(b"row %d\r\n" % number for number in range(20_000))
    path.write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
    told: list[int] = []
    lines = list(read_lines(path, told.append))
    assert lines[0] == (1, "row 0")
    assert lines[-1] == (20_000, "row 19999")
    assert sum(told) == path.stat().st_size


def test_bytes_that_are_no_text_are_marked(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"fine\n\xff\xfe\nfine\n")
    assert [line for _, line in read_lines(path, lambda _: None)] == [
        "fine",
        "\ufffd\ufffd",
        "fine",
    ]


@pytest.mark.parametrize("content", [b"no archive", gzip.compress(b"x" * 9999, mtime=0)[:-9]])
def test_an_archive_that_is_none_is_said_to_be_none(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.csv.gz"
    path.write_bytes(content)
    with pytest.raises(SourceError, match=r"a\.csv\.gz cannot be read"):
        list(read_lines(path, lambda _: None))


@given(st.text(alphabet="abcXYZ019._-", min_size=1, max_size=64))
def test_an_ordinary_identifier_stays_as_it_is(text: str) -> None:
    assert identifier(text) == text


@pytest.mark.parametrize("text", ["", "a" * 65, "a b", "a/b", "é", "a\n"])
def test_anything_else_is_no_identifier(text: str) -> None:
    with pytest.raises(ValueError, match="no identifier"):
        identifier(text)
