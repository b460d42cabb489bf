"""Care homes stand behind proxies: the hub gets through, and tells when it does not."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import asyncpg
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from api.store.migrate import migrate
from contract import Batch
from gateway.cli import main
from gateway.downlink.book import Cursor
from gateway.errors import HubError
from gateway.settings import Centre as CentreSettings
from gateway.settings import proxy_problem
from gateway.uplink.answers import Away, Received, Told
from gateway.uplink.centre import Centre
from gateway.uplink.key import load_key
from gateway.uplink.proxy import proxy_of
from gateway.uplink.token import Signer
from tests.api.server import CentreProcess
from tests.gateway.household import Household
from tests.support.program import run
from tests.support.proxy import Proxy, proxying

URL = "https://centre.example:8443"


@pytest.mark.parametrize(
    ("says", "environment", "expected"),
    [
        (None, {}, None),
        (None, {"HTTPS_PROXY": "http://p:1"}, "http://p:1"),
        (None, {"https_proxy": "p:1", "HTTPS_PROXY": "http://q:1"}, "http://p:1"),
        (None, {"HTTPS_PROXY": "http://ann:secret@p:1"}, "http://ann:secret@p:1"),
        (None, {"HTTPS_PROXY": "http://p:1", "NO_PROXY": "other,centre.example"}, None),
        (None, {"HTTPS_PROXY": "http://p:1", "no_proxy": "*"}, None),
        (None, {"HTTPS_PROXY": "http://p:1", "NO_PROXY": ".example"}, None),
        (None, {"HTTPS_PROXY": "http://p:1", "NO_PROXY": "ample"}, "http://p:1"),
        (None, {"HTTPS_PROXY": "http://p:1", "NO_PROXY": "other"}, "http://p:1"),
        ("http://own:3128", {"HTTPS_PROXY": "http://p:1", "NO_PROXY": "*"}, "http://own:3128"),
        ("none", {"HTTPS_PROXY": "http://p:1"}, None),
    ],
)
def test_the_settings_count_and_else_the_environment(
    says: str | None, environment: dict[str, str], expected: str | None
) -> None:
    assert proxy_of(CentreSettings(url=URL, proxy=says), environment) == expected


def test_a_centre_on_this_machine_needs_no_proxy() -> None:
    here = CentreSettings(url="http://127.0.0.1:8000")
    assert proxy_of(here, {"HTTPS_PROXY": "http://p:1"}) is None


@pytest.mark.parametrize(
    "proxy", ["proxy:3128", "socks5://proxy:1", "http://", "http://proxy:x", "http://p/path"]
)
def test_what_is_no_proxy_is_refused_with_what_is_allowed(proxy: str) -> None:
    assert "allowed are http://host:port, and none" in (proxy_problem(proxy) or "")


def test_a_password_is_not_kept_in_the_settings_nor_told() -> None:
    wrong = proxy_problem("http://ann:secret@proxy:3128")
    assert wrong is not None
    assert "HTTPS_PROXY" in wrong
    assert "secret" not in wrong
    with pytest.raises(HubError) as error:
        Centre(URL, None, "ftp://ann:secret@proxy")
    assert "secret" not in str(error.value)


@pytest.mark.network
@pytest.mark.parametrize("command", ["doctor", "claim"])
def test_a_socks_proxy_is_told_in_a_sentence_and_without_its_password(
    tmp_path: Path,
    command: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "socks5://ann:secret@proxy:1080")
    household = Household(tmp_path, centre="https://centre.example")
    more = ["--listen", "0"] if command == "doctor" else ["CODE"]
    assert main([command, *more, "--settings", str(household.path)]) == 1
    printed = capsys.readouterr()
    said = printed.out + printed.err
    assert "a SOCKS proxy, which the hub does not speak to; name an HTTP proxy" in said
    assert "secret" not in said
    assert "Traceback" not in said


@pytest.fixture
def certificate(tmp_path: Path) -> dict[str, str]:
    """Of a centre at the loopback address with an authority of its own."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "centre")])
    address = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(address, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    cert, private = tmp_path / "cert.pem", tmp_path / "key.pem"
    cert.write_bytes(made.public_bytes(Encoding.PEM))
    private.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return {"TELECARE_TLS_CERT": str(cert), "TELECARE_TLS_KEY": str(private)}


@pytest.mark.network
async def test_who_looks_for_the_fault_is_told_of_a_certificate_and_not_sent_to_the_line(
    certificate: dict[str, str],
) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate["TELECARE_TLS_CERT"], certificate["TELECARE_TLS_KEY"])
    server = await asyncio.start_server(lambda _, to: to.close(), "127.0.0.1", 0, ssl=context)
    url = f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    async with server:
        for ca, untrusted in ((None, True), (Path(certificate["TELECARE_TLS_CERT"]), False)):
            async with Centre(url, ca) as centre:
                answer = await centre.send(Batch(hub="hub-1", epoch="e", records=[]), "token")
            assert isinstance(answer, Away)
            assert answer.untrusted == untrusted


@pytest.fixture
async def centre(
    tmp_path: Path, database_url: str, certificate: dict[str, str]
) -> AsyncIterator[CentreProcess]:
    connection = await asyncpg.connect(database_url)
    await migrate(connection)
    await connection.close()
    with CentreProcess(tmp_path, database_url, **certificate) as running:
        yield running


@pytest.mark.network
async def test_a_hub_behind_a_proxy_that_asks_for_a_password_claims_sends_and_hears(
    tmp_path: Path,
    centre: CentreProcess,
    certificate: dict[str, str],
) -> None:
    added = run("telecare-api", "add-hub", "--home", "h1", environment=centre.environment)
    hub = added.stderr.split("hub-")[1].split()[0].strip(".,:")
    settings = tmp_path / "hub.toml"
    settings.write_text(
        f'[hub]\nid = "hub-{hub}"\nhome = "h1"\n'
        f'[centre]\nurl = "{centre.url}"\nca_file = "{certificate["TELECARE_TLS_CERT"]}"\n'
    )
    ca = Path(certificate["TELECARE_TLS_CERT"])
    async with proxying(Proxy(secret="ann:secret")) as proxy:
        there = f"http://ann:secret@127.0.0.1:{proxy.port}"
        environment = {"HTTPS_PROXY": there, "https_proxy": "", "NO_PROXY": "", "no_proxy": ""}
        await asyncio.to_thread(
            run, "telecare-gateway", "claim", added.stdout.strip(), "--settings", settings,
            environment=environment,
        )  # fmt: skip
        signer = Signer(f"hub-{hub}", load_key(tmp_path / "data" / "hub.key"))
        token = signer.token(datetime.now(UTC).timestamp())
        async with Centre(centre.url, ca, there) as wire:
            sent = await wire.send(Batch(hub=f"hub-{hub}", epoch="e", records=[]), token)
            assert isinstance(sent, Received)
            assert isinstance(await wire.ask(f"hub-{hub}", token, Cursor(0, 0), 0), Told)
        target = centre.url.removeprefix("https://")
        assert set(proxy.asked) == {f"CONNECT {target} HTTP/1.1"}
        async with Centre(centre.url, ca, f"http://127.0.0.1:{proxy.port}") as stranger:
            answer = await stranger.send(Batch(hub=f"hub-{hub}", epoch="e", records=[]), token)
            assert isinstance(answer, Away)
            assert "407" in answer.why
        proxy.open = False
        async with Centre(centre.url, ca, there) as wire:
            shut = await wire.send(Batch(hub=f"hub-{hub}", epoch="e", records=[]), token)
            assert isinstance(shut, Away)
            assert "503" in shut.why
            assert "secret" not in shut.why
