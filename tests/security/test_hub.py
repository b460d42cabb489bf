"""What a hub heard goes to the centre alone, and to nobody who poses as it or waits for a copy."""

import asyncio
import ssl
from pathlib import Path

import pytest

from contract import Batch
from gateway.journal import JournalError
from gateway.journal.backup import backup
from gateway.uplink.centre import Centre
from tests.api.channels.certificates import make
from tests.gateway.journal.test_journal import open_journal

BATCH = Batch(hub="hub-1", epoch="e1", records=[])


@pytest.mark.network
async def test_nothing_is_sent_to_a_centre_that_cannot_prove_who_it_is(tmp_path: Path) -> None:
    certificate, key = make(tmp_path)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, key)
    heard: list[bytes] = []

    async def hear(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.append(await reader.read(4096))
        writer.write(b"HTTP/1.1 503 X\r\ncontent-length: 0\r\n\r\n")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(hear, "127.0.0.1", 0, ssl=context)
    url = f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    async with server:
        async with Centre(url, None) as centre:
            await centre.send(BATCH, "a token")
        assert b"".join(heard) == b""
        async with Centre(url, certificate) as centre:
            await centre.send(BATCH, "a token")
    assert b"a token" in b"".join(heard)


def test_a_copy_is_not_written_through_a_link_that_somebody_planted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    theirs = tmp_path / "theirs"
    theirs.touch()
    (tmp_path / ".copy.part").symlink_to(theirs)
    # As if it were planted anew in the very moment after the old one was taken away.
    with open_journal(tmp_path):
        monkeypatch.setattr(Path, "unlink", lambda _path, missing_ok=False: missing_ok)
        with pytest.raises(JournalError, match="no copy could be made"):
            backup(tmp_path / "journal.sqlite", tmp_path / "copy")
        monkeypatch.undo()
    assert theirs.read_bytes() == b""
