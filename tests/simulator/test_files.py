"""What fails must leave nothing that looks like a result, and must not cost an older result."""

import gzip
import os
import stat
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from secrets import token_bytes

import pytest

from simulator import files
from simulator.files import Write, log, recording, whole, write_whole


class FailedError(Exception):
    """Something went wrong while a file was written."""


def fail_in(opened: AbstractContextManager[Write], *lines: bytes) -> None:
    def write_and_fail() -> None:
        with opened as write:
            for line in lines:
                write(line)
            raise FailedError

    with pytest.raises(FailedError):
        write_and_fail()


@pytest.mark.parametrize("name", ["r.jsonl", "r.jsonl.gz"])
def test_a_recording_that_fails_leaves_nothing(tmp_path: Path, name: str) -> None:
    fail_in(recording(tmp_path / name), b"half a line")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("opened", [recording, log])
def test_a_failure_before_anything_is_told_does_not_cost_the_older_file(
    tmp_path: Path, opened: Callable[[Path], AbstractContextManager[Write]]
) -> None:
    path = tmp_path / "r.jsonl"
    path.write_bytes(b"weeks of life\n")
    fail_in(opened(path))
    assert path.read_bytes() == b"weeks of life\n"
    assert list(tmp_path.iterdir()) == [path]


def test_what_was_told_before_a_run_was_ended_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "r.jsonl.gz"
    fail_in(log(path), b"a fall\n", b"a call\n")
    assert gzip.decompress(path.read_bytes()) == b"a fall\na call\n"
    assert list(tmp_path.iterdir()) == [path]


def test_what_is_told_now_can_be_read_now_and_nothing_told_is_an_empty_file(tmp_path: Path) -> None:
    path = tmp_path / "r.jsonl"
    with log(path) as write:
        assert not path.exists()
        write(b"a fall\n")
        assert path.exists()
    assert path.read_bytes() == b"a fall\n"
    with log(path):
        pass
    assert path.read_bytes() == b""


def test_the_file_is_not_there_before_it_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "r.jsonl"
    with recording(path) as write:
        write(b"a line\n")
        assert not path.exists()
    assert path.read_bytes() == b"a line\n"


def test_two_runs_that_write_one_file_at_once_do_not_mix(tmp_path: Path) -> None:
    path = tmp_path / "r.jsonl"
    with recording(path) as write:
        write(b"one\n")
        with recording(path) as other:
            other(b"other\n")
        assert path.read_bytes() == b"other\n"
    assert path.read_bytes() == b"one\n"
    assert list(tmp_path.iterdir()) == [path]


def test_a_recording_kept_from_others_is_still_kept_from_them(tmp_path: Path) -> None:
    path = tmp_path / "truth.jsonl"
    write_whole(path, "old")
    path.chmod(0o600)
    write_whole(path, "new")
    assert path.read_text() == "new"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_link_still_points_where_it_did(tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir()
    target, link = tmp_path / "disk" / "r.jsonl", tmp_path / "link.jsonl"
    target.write_bytes(b"")
    link.symlink_to(target)
    write_whole(link, b"new")
    assert link.is_symlink()
    assert target.read_bytes() == b"new"


def test_a_pipe_is_written_to_and_stays_a_pipe(tmp_path: Path) -> None:
    pipe, heard = tmp_path / "truth.jsonl", []
    os.mkfifo(pipe)
    reader = threading.Thread(target=lambda: heard.append(pipe.read_bytes()))
    reader.start()
    write_whole(pipe, b"a fall\n")
    reader.join()
    assert heard == [b"a fall\n"]
    assert pipe.is_fifo()


def test_an_error_names_the_file_that_was_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "nowhere" / "r.jsonl"
    with pytest.raises(FileNotFoundError, match=r"/nowhere/r\.jsonl'"), whole(path) as part:
        part.write_bytes(b"")


@pytest.mark.parametrize("name", ["a.jsonl", "a.jsonl.gz"])
def test_a_recording_of_gigabytes_does_not_fill_the_memory_of_the_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(files, "_KEPT", 50_000)
    monkeypatch.setattr(files, "_ASKED", 10_000)
    asked: list[int] = []
    monkeypatch.setattr(files, "_let_go", lambda _, upto: asked.append(upto))
    lines = [token_bytes(500).hex().encode() + b"\n" for _ in range(400)]
    with files.recording(tmp_path / name) as write:
        for line in lines:
            write(line)
    written = (tmp_path / name).read_bytes()
    assert (gzip.decompress(written) if name.endswith(".gz") else written) == b"".join(lines)
    assert asked == sorted(asked)
    assert 50_000 <= len(written) - asked[-1] < 75_000, "what was written last can still be read"


def test_letting_go_of_what_is_written_loses_nothing_of_it(tmp_path: Path) -> None:
    path = tmp_path / "written"
    with path.open("wb") as file:
        file.write(bytes(100_000))
        file.flush()
        files._let_go(file.fileno(), 90_000)
    assert path.read_bytes() == bytes(100_000)
