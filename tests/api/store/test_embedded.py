"""The embedded server opens no folder for others to look into."""

import asyncio
import stat
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import asyncpg
import psutil
import pytest

from api.store.database import UNUSABLE
from api.store.embedded import EmbeddedError, embedded

pytestmark = pytest.mark.network


async def answer(url: str, query: str = "select 1") -> int:
    connection = await asyncpg.connect(url)
    try:
        return int(await connection.fetchval(query))
    finally:
        await connection.close()


def test_private_folders_above_the_data_stay_private() -> None:
    with TemporaryDirectory(prefix="telecare-private-") as private:
        home = Path(private)
        home.chmod(0o700)
        with embedded(home / "centre" / "data") as url:
            assert asyncio.run(answer(url)) == 1
            readable = home.stat().st_mode & (stat.S_IRGRP | stat.S_IROTH)
        assert not readable, "others can list what lies beside the data"
        assert home.stat().st_mode & stat.S_IRWXU == stat.S_IRWXU


def test_a_folder_that_cannot_hold_it_is_told_in_a_sentence(tmp_path: Path) -> None:
    taken = tmp_path / "data"
    taken.write_text("a file, not a folder")
    with pytest.raises(EmbeddedError, match="does not start"), embedded(taken):
        pytest.fail("there is no server to use")
    assert taken.is_file()


def test_a_server_that_does_not_start_fills_the_log_with_nothing_that_rows_said(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with TemporaryDirectory(prefix="telecare-broken-") as folder:
        data = Path(folder) / "d"
        with embedded(data) as url, pytest.raises(asyncpg.InvalidTextRepresentationError):
            asyncio.run(answer(url, "select 'Mrs Needle'::int"))
        assert "Needle" in (data / "log").read_text()
        with (data / "postgresql.auto.conf").open("a") as settings:
            settings.write("work_mem = 'nonsense'\n")
        with pytest.raises(EmbeddedError) as told, embedded(data):
            pytest.fail("there is no server to use")
    assert str(data / "log") in str(told.value)
    assert "Needle" not in caplog.text + str(told.value)


def test_a_server_that_was_killed_is_back_with_all_that_was_stored() -> None:
    with (
        TemporaryDirectory(prefix="telecare-killed-") as folder,
        embedded(Path(folder) / "d") as url,
    ):
        asyncio.run(stored(url))
        number = int((Path(folder) / "d" / "postmaster.pid").read_text().split()[0])
        server = psutil.Process(number)
        for one in [server, *server.children(recursive=True)]:
            one.kill()
        deadline = time.monotonic() + 30
        while True:
            try:
                assert asyncio.run(answer(url)) == 1
                break
            except UNUSABLE:
                assert time.monotonic() < deadline, "nobody has started it again"
                time.sleep(0.1)
        assert asyncio.run(answer(url, "select n from kept")) == 17


async def stored(url: str) -> None:
    connection = await asyncpg.connect(url)
    await connection.execute("create table kept as select 17 as n")
    await connection.close()
