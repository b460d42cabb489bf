"""A stolen database must give away no secret in it, and none may be moved to another place."""

import base64
import os
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given
from hypothesis import strategies as st

from api.store.sealed import BadKey, Seal, Unsealable, read_key, seal_of

SEAL = Seal(b"k" * 32)


@given(st.binary(max_size=200), st.text(max_size=40))
def test_what_is_sealed_comes_back_at_its_place(secret: bytes, place: str) -> None:
    assert SEAL.open(SEAL.close(secret, place), place) == secret


@given(st.integers(min_value=0), st.integers(min_value=1, max_value=255))
def test_a_changed_byte_is_noticed_wherever_it_is(at: int, by: int) -> None:
    sealed = bytearray(SEAL.close(b"hunter2", "here"))
    sealed[at % len(sealed)] ^= by
    with pytest.raises(Unsealable):
        SEAL.open(bytes(sealed), "here")


@pytest.mark.parametrize("sealed", [b"", b"\x01", b"\x01" * 13])
def test_what_was_cut_off_is_noticed(sealed: bytes) -> None:
    with pytest.raises(Unsealable):
        SEAL.open(sealed, "here")


def test_it_opens_nowhere_else_and_with_no_other_key() -> None:
    sealed = SEAL.close(b"hunter2", "destination/1")
    with pytest.raises(Unsealable):
        SEAL.open(sealed, "destination/2")
    with pytest.raises(Unsealable):
        Seal(b"l" * 32).open(sealed, "destination/1")


def test_the_same_secret_looks_different_each_time() -> None:
    assert SEAL.close(b"hunter2", "here") != SEAL.close(b"hunter2", "here")


def test_a_key_is_32_bytes_in_base64(tmp_path: Path) -> None:
    file = tmp_path / "key"
    key = os.urandom(32)
    file.write_text(base64.b64encode(key).decode() + "\n")
    assert read_key(file) == key
    for wrong in ("", "AAAA", "not base64!", "é"):
        file.write_text(wrong)
        with pytest.raises(BadKey, match="32"):
            read_key(file)
    with pytest.raises(BadKey):
        read_key(tmp_path / "none")


def test_what_an_old_key_sealed_still_opens_and_the_new_key_seals(tmp_path: Path) -> None:
    file = tmp_path / "key"
    lines = [base64.b64encode(one * 32).decode() for one in (b"n", b"k")]
    file.write_text("\n".join(lines))
    both, before = seal_of(file), SEAL.close(b"hunter2", "here")
    assert both.open(before, "here") == b"hunter2"
    after = both.close(b"hunter2", "here")
    assert [one.startswith(both.mark) for one in (before, after)] == [False, True]
    assert Seal(b"n" * 32).open(after, "here") == b"hunter2"
    with pytest.raises(Unsealable):
        SEAL.open(after, "here")


def test_what_an_earlier_version_sealed_without_naming_its_key_still_opens() -> None:
    nonce = bytes(12)
    text = AESGCM(b"k" * 32).encrypt(nonce, b"hunter2", b"here")
    for seal in (SEAL, Seal(b"n" * 32, older=[b"k" * 32])):
        assert seal.open(b"\x01" + nonce + text, "here") == b"hunter2"
    with pytest.raises(Unsealable):
        Seal(b"n" * 32).open(b"\x01" + nonce + text, "here")
