"""A certificate that ends makes every hub silent at once; one that was renewed must be served."""

import asyncio
import shutil
import socket
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path

import httpx
import pytest
from cryptography import x509

from api.certificate import LOOK_SECONDS, Certificate
from tests.api.channels.certificates import make
from tests.api.operation.test_metrics import values
from tests.api.server import CentreProcess
from tests.support.ports import free_port
from tests.support.program import wait_until

pytestmark = pytest.mark.network


class Pair:
    """The files that the service reads, and pairs that somebody may put there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.chain, self.key = folder / "served.pem", folder / "served.key"

    def made(self, name: str) -> tuple[Path, Path]:
        where = self.folder / name
        if not where.is_dir():
            where.mkdir()
            make(where)
        return where / "peer.pem", where / "peer.key"

    def put(self, name: str) -> None:
        for source, target in zip(self.made(name), (self.chain, self.key), strict=True):
            shutil.copyfile(source, target)

    def is_served(self, name: str, port: int) -> bool:
        return shown(port) == x509.load_pem_x509_certificate(self.made(name)[0].read_bytes())


def shown(port: int) -> x509.Certificate:
    """What a caller is shown by a handshake."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    with (
        socket.create_connection(("127.0.0.1", port), timeout=10) as plain,
        context.wrap_socket(plain) as link,
    ):
        found = link.getpeercert(binary_form=True)
    assert found is not None
    return x509.load_der_x509_certificate(found)


@pytest.fixture
def pair(tmp_path: Path) -> Pair:
    one = Pair(tmp_path)
    one.put("first")
    return one


@asynccontextmanager
async def serving(pair: Pair) -> AsyncIterator[tuple[Certificate, list[datetime], int]]:
    """The pair behind a socket; when each that was taken up ends, and the port."""
    ends: list[datetime] = []
    certificate = Certificate(pair.chain, pair.key, ends.append)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pair.chain, pair.key)
    certificate.serve_in(context)
    await certificate.look()
    server = await asyncio.start_server(lambda _, w: w.close(), "127.0.0.1", 0, ssl=context)
    async with server:
        yield certificate, ends, server.sockets[0].getsockname()[1]


def _half(pair: Pair) -> None:
    whole = pair.made("second")[0].read_bytes()
    pair.chain.write_bytes(whole[: len(whole) // 2])


def _other_key(pair: Pair) -> None:
    shutil.copyfile(pair.made("second")[0], pair.chain)


def _no_key(pair: Pair) -> None:
    shutil.copyfile(pair.made("second")[0], pair.chain)
    pair.key.unlink()


def _nonsense(pair: Pair) -> None:
    pair.key.write_bytes(b"\x00 no key at all")


@pytest.mark.parametrize("spoil", [_half, _other_key, _no_key, _nonsense])
async def test_a_pair_that_does_not_serve_is_refused_once_and_the_one_before_goes_on(
    pair: Pair, caplog: pytest.LogCaptureFixture, spoil: Callable[[Pair], None]
) -> None:
    async with serving(pair) as (certificate, ends, port):
        spoil(pair)
        for _ in range(3):
            await certificate.look()
        assert await asyncio.to_thread(pair.is_served, "first", port)
        refused = [one for one in caplog.records if "is not taken up" in one.getMessage()]
        assert (len(refused), len(ends)) == (1, 1)
        pair.put("second")
        await certificate.look()
        assert await asyncio.to_thread(pair.is_served, "second", port)
        assert ends[1:] == [shown_ends(pair, "second")]


def shown_ends(pair: Pair, name: str) -> datetime:
    return x509.load_pem_x509_certificate(pair.made(name)[0].read_bytes()).not_valid_after_utc


async def test_what_a_link_leads_to_since_is_served_and_the_first_of_a_chain_to_end_is_told(
    pair: Pair,
) -> None:
    """As certbot and mounted secrets renew: the name stays, what it leads to is another."""
    for file in (pair.chain, pair.key):
        file.unlink()
    for file, source in zip((pair.chain, pair.key), pair.made("first"), strict=True):
        file.symlink_to(source)
    async with serving(pair) as (certificate, ends, port):
        chain, _ = pair.made("second")
        chain.write_bytes(chain.read_bytes() + pair.made("first")[0].read_bytes())
        for file, source in zip((pair.chain, pair.key), pair.made("second"), strict=True):
            file.unlink()
            file.symlink_to(source)
        await certificate.look()
        assert await asyncio.to_thread(pair.is_served, "second", port)
        assert ends[1] == shown_ends(pair, "first")


async def test_a_centre_serves_a_renewed_certificate_without_a_restart_and_tells_when_it_ends(
    migrated_url: str, tmp_path: Path, pair: Pair
) -> None:
    metrics = free_port()
    tls = {"TELECARE_TLS_CERT": str(pair.chain), "TELECARE_TLS_KEY": str(pair.key)}
    more = {"TELECARE_METRICS_PORT": str(metrics), **tls}
    with CentreProcess(tmp_path, migrated_url, **more) as centre:

        def told() -> float:
            page = httpx.get(f"http://127.0.0.1:{metrics}/metrics").content
            return values(page)["telecare_api_certificate_ends_seconds", frozenset()]

        async with httpx.AsyncClient(base_url=centre.url, verify=False) as open_link:  # noqa: S501 - its own certificate
            assert (await open_link.get("/readyz")).status_code == httpx.codes.OK
            assert pair.is_served("first", centre.port)
            assert told() == shown_ends(pair, "first").timestamp()
            _other_key(pair)
            patience = 3 * LOOK_SECONDS
            wait_until(lambda: "is not taken up" in centre.said(), patience, "it is refused")
            assert pair.is_served("first", centre.port)
            pair.put("second")
            renewed = "the renewed certificate is served"
            wait_until(lambda: pair.is_served("second", centre.port), patience, renewed)
            assert told() == shown_ends(pair, "second").timestamp()
            stays = await open_link.get("/readyz")
            assert stays.status_code == httpx.codes.OK, "who was there stays"
