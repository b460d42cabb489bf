"""The embedded server opens no folder for others to look into."""

import asyncio
import stat
from pathlib import Path
from tempfile import TemporaryDirectory

import asyncpg
import pytest

from api.store.embedded import EmbeddedError, embedded

pytestmark = pytest.mark.network


async def answer(url: str) -> int:
    connection = await asyncpg.connect(url)
    try:
        return int(await connection.fetchval("select 1"))
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
