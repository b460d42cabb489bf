"""The hub's key stays the hub's own."""

from base64 import urlsafe_b64decode
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key

from gateway.uplink.key import KeyFileError, load_key, load_or_make_key, public_text


def test_a_key_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "data" / "hub.key"
    made = public_text(load_or_make_key(path))
    assert path.stat().st_mode & 0o777 == 0o600
    assert public_text(load_or_make_key(path)) == made == public_text(load_key(path))
    assert len(urlsafe_b64decode(made + "=")) == 32
    assert "=" not in made


def test_a_key_that_others_can_read_is_not_used(tmp_path: Path) -> None:
    path = tmp_path / "hub.key"
    load_or_make_key(path)
    path.chmod(0o644)
    with pytest.raises(KeyFileError, match="run chmod 600"):
        load_key(path)


def test_a_hub_without_a_key_is_told_to_claim(tmp_path: Path) -> None:
    with pytest.raises(KeyFileError, match="telecare-gateway claim makes one"):
        load_key(tmp_path / "hub.key")


def test_a_file_that_is_no_key_is_named(tmp_path: Path) -> None:
    path = tmp_path / "hub.key"
    path.write_text("hello")
    path.chmod(0o600)
    with pytest.raises(KeyFileError, match="not a private key in PEM form; move it away"):
        load_key(path)
    other = generate_private_key(SECP256R1())
    path.write_bytes(
        other.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    with pytest.raises(KeyFileError, match="not an Ed25519 key"):
        load_key(path)


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file, not a folder")
    with pytest.raises(KeyFileError, match="cannot be written"):
        load_or_make_key(tmp_path / "data" / "hub.key")
