"""A webhook must be provably ours, reach only where it should, and tell every refusal apart."""

import base64
import hashlib
import hmac
from collections.abc import AsyncIterator, Sequence
from typing import Any

import pytest

from api.channels.conformance import Behaviour, check_channel, message
from api.channels.http import check_url, is_public
from api.channels.protocol import BadSettings, GiveUp, TryLater
from api.channels.webhook import CHANNEL
from tests.api.channels.receiver import Got, Receiver, answer, ok, receiver

pytestmark = pytest.mark.network

KEY = bytes(range(32))
SECRET = "whsec_" + base64.b64encode(KEY).decode()


@pytest.fixture
async def other() -> AsyncIterator[Receiver]:
    async with receiver() as one:
        yield one


def settings(url: str, **more: Any) -> Any:
    return CHANNEL.read({"url": url, "secret": SECRET, "allow_private": True, **more})


class WebhookPeer:
    def __init__(self, receiver: Receiver) -> None:
        self.receiver = receiver

    async def behave(self, how: Behaviour) -> dict[str, Any]:
        replies = {
            Behaviour.ACCEPT: ok,
            Behaviour.BUSY: lambda _: answer(503),
            Behaviour.REFUSE: lambda _: answer(410),
            Behaviour.NONSENSE: lambda _: b"\x00\xff not HTTP at all\r\n\r\n",
            Behaviour.HANG_UP: lambda _: b"",
            Behaviour.SILENT: lambda _: None,
        }
        self.receiver.reply = replies[how]
        return {"url": self.receiver.url, "secret": SECRET, "allow_private": True}

    def keys(self) -> Sequence[str]:
        return [got.headers["webhook-id"] for got in self.receiver.got]


async def test_it_holds_to_what_every_channel_must(other: Receiver) -> None:
    await check_channel(CHANNEL, WebhookPeer(other))


def signature(got: Got, key: bytes) -> str:
    """As a receiver works it out from the form's own words: id, time and body with dots between."""
    signed = b".".join(
        [got.headers["webhook-id"].encode(), got.headers["webhook-timestamp"].encode(), got.body]
    )
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


async def test_the_receiver_can_prove_that_it_comes_from_us(other: Receiver) -> None:
    sent = message()
    await CHANNEL.deliver(sent, settings(other.url))
    (got,) = other.got
    assert got.headers["webhook-signature"] == signature(got, KEY)
    assert got.body == sent.body
    assert got.headers["webhook-timestamp"] == str(int(sent.tried_at.timestamp()))


async def test_a_receiver_can_change_its_secret_without_missing_anything(other: Receiver) -> None:
    new = bytes(32)
    both = settings(other.url, secret="whsec_" + base64.b64encode(new).decode(), old_secret=SECRET)
    await CHANNEL.deliver(message(), both)
    (got,) = other.got
    assert got.headers["webhook-signature"].split(" ") == [signature(got, new), signature(got, KEY)]


async def test_a_redirect_is_not_followed(other: Receiver) -> None:
    async with receiver() as elsewhere:
        other.reply = lambda _: answer(307, location=elsewhere.url)
        with pytest.raises(GiveUp, match="redirect"):
            await CHANNEL.deliver(message(), settings(other.url))
        assert elsewhere.got == []


@pytest.mark.parametrize(("said", "after"), [("120", 120.0), ("soon", None), ("", None)])
async def test_it_waits_as_long_as_it_is_asked_to(
    other: Receiver, said: str, after: float | None
) -> None:
    other.reply = lambda _: answer(429, retry_after=said)
    with pytest.raises(TryLater, match="429") as caught:
        await CHANNEL.deliver(message(), settings(other.url))
    assert caught.value.after == after


async def test_nothing_is_sent_into_our_own_network_by_its_name(other: Receiver) -> None:
    port = other.url.rpartition(":")[2]
    for host in ("localhost", "127.0.0.1", "[::1]"):
        url = f"https://{host}:{port}"
        strict = CHANNEL.read({"url": url, "secret": SECRET})
        with pytest.raises(GiveUp, match="not on the internet"):
            await CHANNEL.deliver(message(), strict)
    assert other.got == []


@pytest.mark.parametrize(
    "address",
    ["10.0.0.1", "127.0.0.1", "169.254.169.254", "172.16.0.1", "192.168.1.1", "100.64.0.1",
     "0.0.0.0", "224.0.0.1",  # noqa: S104 - nothing is bound
     "255.255.255.255", "::1", "::", "fe80::1%eth0", "fc00::1", "ff02::1",
     "::ffff:10.0.0.1", "64:ff9b::a00:1", "2002:a00:1::"],
)  # fmt: skip
def test_no_form_of_an_inner_address_is_taken_for_an_outer_one(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c"])
def test_an_address_on_the_internet_will_do(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "url", ["http://x.example/", "ftp://x.example/", "https://", "x", "https://u:p@x.example/", "http://["]
)  # fmt: skip
def test_an_address_that_will_not_do_is_found_when_it_is_set(url: str) -> None:
    with pytest.raises(BadSettings):
        check_url(url, allow_private=False)


@pytest.mark.parametrize("secret", ["", "whsec_", "whsec_AAAA", "whsec_%%%", "hunter2"])
def test_a_secret_that_anybody_could_guess_is_refused(secret: str) -> None:
    with pytest.raises(BadSettings):
        CHANNEL.read({"url": "https://x.example/", "secret": secret})
