"""The service on the network: with TLS of its own, and with clients it must not believe."""

from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from api.clock import utc_now
from api.services import Services
from tests.api.server import CentreProcess
from tests.api.support import PASSWORD, add_user

pytestmark = pytest.mark.network

CREDENTIALS = {"username": "ann", "password": PASSWORD}


@pytest.fixture
def certificate(tmp_path: Path) -> dict[str, str]:
    """A certificate for the loopback address, as the settings that use it."""
    key = Ed25519PrivateKey.generate()
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "centre")])
    now = utc_now()
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, None)
    )
    cert_file, key_file = tmp_path / "cert.pem", tmp_path / "key.pem"
    cert_file.write_bytes(made.public_bytes(Encoding.PEM))
    key_file.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return {"TELECARE_TLS_CERT": str(cert_file), "TELECARE_TLS_KEY": str(key_file)}


async def test_with_its_own_tls_the_session_is_held_to_it(
    services: Services, migrated_url: str, tmp_path: Path, certificate: dict[str, str]
) -> None:
    await add_user(services)
    with CentreProcess(tmp_path, migrated_url, **certificate) as centre:
        # Not verified: the certificate is of the test's own making.
        async with httpx.AsyncClient(base_url=centre.url, verify=False) as client:  # noqa: S501 - as said
            answer = await client.post("/v1/session", json=CREDENTIALS)
            assert answer.status_code == 201
            assert answer.headers["set-cookie"].startswith("__Host-telecare=")
            assert "Secure" in answer.headers["set-cookie"]
            assert "strict-transport-security" in answer.headers
            assert (await client.get("/v1/session")).status_code == 200


async def test_only_a_trusted_proxy_may_say_where_a_request_comes_from(
    services: Services, migrated_url: str, tmp_path: Path
) -> None:
    await add_user(services)
    wrong = {**CREDENTIALS, "password": "wrong"}

    def tries(centre: CentreProcess) -> list[int]:
        return [
            httpx.post(
                f"{centre.url}/v1/session",
                json=wrong,
                headers={"X-Forwarded-For": f"192.0.2.{number}"},
            ).status_code
            for number in range(7)
        ]

    with CentreProcess(tmp_path, migrated_url) as centre:
        assert tries(centre) == [401] * 5 + [429] * 2
    behind = {"TELECARE_TRUSTED_PROXIES": "127.0.0.1"}
    with CentreProcess(tmp_path, migrated_url, **behind) as centre:
        assert tries(centre) == [401] * 7
