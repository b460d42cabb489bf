"""Nobody whom the centre asks or tells something turns it against itself or its neighbours."""

import gzip
from typing import Any

import httpx
import pytest

from api.channels.conformance import message
from api.channels.email.letter import write
from api.channels.http import Request, is_public, send
from api.oidc.refusing import NotLetIn, Why
from api.oidc.settings import Provider
from api.oidc.wire import MOST_BYTES, Wire
from tests.api.channels.receiver import Got, receiver

PACKED = gzip.compress(b" " * 50_000_000)
"""50 MB in 50 kB."""


def packed(_: Got) -> bytes:
    head = f"HTTP/1.1 200 X\r\ncontent-encoding: gzip\r\ncontent-length: {len(PACKED)}\r\n\r\n"
    return head.encode() + PACKED


def provider(issuer: str) -> Provider:
    return Provider(issuer, "id", "telecare", "", "https://c.example", "sub", "groups", (), ())


@pytest.mark.parametrize(
    "address",
    ["fec0::1", "::127.0.0.1", "::10.0.0.1", "64:ff9b:1::a00:1", "2001::1", "5f00::1", "fd00::1"],
)
def test_no_address_that_only_python_calls_global_is_taken_for_an_outer_one(address: str) -> None:
    assert not is_public(address)


@pytest.mark.network
async def test_a_receiver_cannot_swell_the_centre_s_memory_by_a_packed_answer() -> None:
    async with receiver() as other:
        other.reply = packed
        said = await send(Request(other.url, b"{}", {}, allow_private=True))
    assert other.got[0].headers["accept-encoding"] == "identity"
    assert len(said) <= len(PACKED)
    assert said.strip(" ") != ""  # as it came, never unpacked


@pytest.mark.network
async def test_a_provider_cannot_swell_the_centre_s_memory_by_a_packed_answer() -> None:
    assert len(PACKED) < MOST_BYTES  # as it comes it would be taken
    async with receiver() as other:
        other.reply = packed
        issuer = other.url.removesuffix("/told")
        with pytest.raises(NotLetIn, match="is no JSON"):
            await Wire(provider(issuer), lambda: 0.0).metadata()
    assert other.got[0].headers["accept-encoding"] == "identity"


@pytest.mark.parametrize("key", ["authorization_endpoint", "token_endpoint", "jwks_uri"])
def test_a_provider_elsewhere_cannot_have_the_centre_ask_its_own_machine(key: str) -> None:
    wire = Wire(provider("https://id.example"), lambda: 0.0)
    good = _said("https://id.example")
    assert wire._believable(good) == good
    with pytest.raises(NotLetIn) as refused:
        wire._believable({**good, key: "http://127.0.0.1:5432/"})
    assert refused.value.why is Why.NONSENSE


@pytest.mark.parametrize("address", ["javascript:alert(1)", "http://127.0.0.1/", "//x", 7, None])
def test_signing_out_leads_only_to_an_address_over_tls(address: Any) -> None:
    wire = Wire(provider("https://id.example"), lambda: 0.0)
    said = wire._believable({**_said("https://id.example"), "end_session_endpoint": address})
    assert "end_session_endpoint" not in said


def _said(issuer: str) -> dict[str, Any]:
    named = ("authorization_endpoint", "token_endpoint", "jwks_uri", "end_session_endpoint")
    return {"issuer": issuer, **{name: f"{issuer}/{name}" for name in named}}


@pytest.mark.network
async def test_no_header_of_ours_can_be_split_by_what_is_filled_in() -> None:
    async with receiver() as other:
        for text in ("a\r\nx-evil: 1", "a\nb", "a\x00b"):
            with pytest.raises(Exception, match="cannot be written as HTTP"):
                await send(Request(other.url, b"", {"x-text": text}, allow_private=True))
        assert other.got == []
        assert httpx.URL("http://x/%0d%0a").raw_path == b"/%0d%0a"


@pytest.mark.parametrize("field", ["lane", "action", "label", "condition", "text", "prompt"])
def test_no_condition_of_a_hub_s_own_adds_a_header_to_an_e_mail(field: str) -> None:
    evil = "x\r\nBcc: evil@example.org\r\n\r\nbody"
    evil_field: dict[str, Any] = {field: evil}
    told = message(1, **evil_field)
    letter = write(told, sender="a@example.org", to="b@example.org", full=True, link="")
    head = letter.as_bytes().partition(b"\r\n\r\n")[0]
    assert b"\nBcc" not in head
    assert letter["Bcc"] is None
