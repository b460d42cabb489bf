"""A nudge must reach the browser, be readable by it alone, and name nobody on the way."""

from collections.abc import AsyncIterator, Sequence
from typing import Any

import jwt
import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePublicKey

from api.channels.conformance import NOBODY, Behaviour, check_channel, message
from api.channels.protocol import BadSettings, GiveUp, Gone
from api.channels.webpush import CHANNEL, vapid
from tests.api.channels.browser import Browser, raw
from tests.api.channels.receiver import Receiver, answer, ok, receiver

pytestmark = pytest.mark.network

KEY = vapid.new_key()
CONTACT = "mailto:duty@centre.example"


@pytest.fixture
async def service() -> AsyncIterator[Receiver]:
    """A push service on loopback."""
    async with receiver() as one:
        yield one


def given(service: Receiver, browser: Browser, **more: Any) -> dict[str, Any]:
    return {
        "contact": CONTACT, "endpoint": service.url, "key": KEY, "allow_private": True,
        **browser.keys, **more,
    }  # fmt: skip


class PushPeer:
    def __init__(self, service: Receiver) -> None:
        self.service = service
        self.browser = Browser.new()

    async def behave(self, how: Behaviour) -> dict[str, Any]:
        replies = {
            Behaviour.ACCEPT: lambda _: answer(201),
            Behaviour.BUSY: lambda _: answer(429, retry_after="5"),
            Behaviour.REFUSE: lambda _: answer(410),
            Behaviour.NONSENSE: lambda _: b"\x00\xff not HTTP at all\r\n\r\n",
            Behaviour.HANG_UP: lambda _: b"",
            Behaviour.SILENT: lambda _: None,
        }
        self.service.reply = replies[how]
        return given(self.service, self.browser)

    def keys(self) -> Sequence[str]:
        return [self.browser.shown(got.body)["key"] for got in self.service.got]


async def test_it_holds_to_what_every_channel_must(service: Receiver) -> None:
    await check_channel(CHANNEL, PushPeer(service))


def test_the_browser_of_these_tests_reads_what_the_standard_says() -> None:
    """RFC 8291, section 5: else what the others here find would say nothing."""
    browser = Browser.of("q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94", "BTBZMqHH6r4Tts7J_aSIgg")
    body = (
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27ml"
        "mlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPT"
        "pK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
    )
    assert browser.opened(raw(body)) == b"When I grow up, I want to be a watermelon"


async def test_the_browser_alone_reads_that_something_waits_and_nothing_of_whom(
    service: Receiver,
) -> None:
    browser = Browser.new()
    await CHANNEL.deliver(message(), CHANNEL.read(given(service, browser)))
    (got,) = service.got
    shown = browser.opened(got.body)
    assert browser.shown(got.body)["title"] == "Urgent alert 17 raised."
    assert browser.shown(got.body)["alert"] == 17
    for part in (shown, str(got.headers).encode(), got.line.encode()):
        assert not any(word.encode() in part for word in (*NOBODY, "fall", "bathroom", "Ours"))
    with pytest.raises(InvalidTag):  # another browser's key opens nothing
        Browser.new().opened(got.body)


async def test_the_push_service_can_prove_that_it_comes_from_us(service: Receiver) -> None:
    sent = message()
    await CHANNEL.deliver(sent, CHANNEL.read(given(service, Browser.new())))
    (got,) = service.got
    scheme, _, rest = got.headers["authorization"].partition(" ")
    parts = dict(part.strip().split("=", 1) for part in rest.split(","))
    assert scheme == "vapid"
    assert parts["k"] == vapid.public(vapid.read_key(KEY))
    key = EllipticCurvePublicKey.from_encoded_point(SECP256R1(), raw(parts["k"]))
    origin = service.url.rpartition("/")[0]
    options: Any = {"verify_exp": False}  # the message's own clock stands in the past
    claims = jwt.decode(parts["t"], key, ["ES256"], audience=origin, options=options)
    assert claims["sub"] == CONTACT
    assert 0 < claims["exp"] - sent.tried_at.timestamp() <= 24 * 3600
    assert got.headers["content-encoding"] == "aes128gcm"
    assert got.headers["urgency"] == "high"
    assert int(got.headers["ttl"]) > 0


@pytest.mark.parametrize("status", [404, 410])
async def test_a_browser_that_has_left_is_told_from_one_that_is_away(
    service: Receiver, status: int
) -> None:
    service.reply = lambda _: answer(status)
    with pytest.raises(Gone, match=str(status)):
        await CHANNEL.deliver(message(), CHANNEL.read(given(service, Browser.new())))


async def test_nothing_is_sent_into_our_own_network_because_a_browser_says_so(
    service: Receiver,
) -> None:
    service.reply = ok
    inside = "https://127.0.0.1:" + service.url.rpartition(":")[2]
    strict = CHANNEL.read(given(service, Browser.new(), endpoint=inside, allow_private=False))
    with pytest.raises(GiveUp, match="not on the internet"):
        await CHANNEL.deliver(message(), strict)
    assert service.got == []


@pytest.mark.parametrize(
    "wrong",
    [{"contact": "duty"}, {"contact": "http://x.example"}, {"p256dh": "AAAA"}, {"p256dh": "é"},
     {"auth": "AAAA"}, {"auth": ""}, {"endpoint": "http://push.example/1", "allow_private": False}],
)  # fmt: skip
def test_a_subscription_that_nobody_could_read_is_found_when_it_is_set(
    wrong: dict[str, Any],
) -> None:
    fine = {"contact": CONTACT, "endpoint": "https://push.example/1", "key": KEY}
    with pytest.raises(BadSettings):
        CHANNEL.read({**fine, **Browser.new().keys, **wrong})


async def test_a_destination_without_a_subscription_says_so(service: Receiver) -> None:
    with pytest.raises(GiveUp, match="names none"):
        await CHANNEL.deliver(message(), CHANNEL.read({"contact": CONTACT}))
    assert service.got == []
