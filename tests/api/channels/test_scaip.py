"""An alarm must reach the receiving centre, name the right home, and be known as taken or not."""

import re
import ssl
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from api.channels.conformance import Behaviour, check_channel, message
from api.channels.protocol import BadSettings, GiveUp, TryLater
from api.channels.scaip import CHANNEL
from tests.api.channels.certificates import make
from tests.api.channels.scaip_receiver import ScaipReceiver, scaip_receiver

pytestmark = pytest.mark.network

HOMES = {"hsecret": "8031372"}


@pytest.fixture
def certificate(tmp_path: Path) -> tuple[Path, Path]:
    return make(tmp_path)


@pytest.fixture(params=["udp", "tcp", "tls"])
async def peer(
    request: pytest.FixtureRequest, certificate: tuple[Path, Path]
) -> AsyncIterator["ScaipPeer"]:
    tls = None
    if request.param == "tls":
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(*certificate)
    async with scaip_receiver(request.param, tls) as one:
        yield ScaipPeer(one, request.param, certificate[0])


class ScaipPeer:
    def __init__(self, receiver: ScaipReceiver, transport: str, ca_file: Path) -> None:
        self.receiver, self.transport, self.ca_file = receiver, transport, ca_file

    def given(self, **more: Any) -> dict[str, Any]:
        return {
            "host": "127.0.0.1", "port": self.receiver.port, "transport": self.transport,
            "ca_file": str(self.ca_file), "homes": HOMES, "centre": "1", "password": "hunter2",
            "username": "centre", "answer_seconds": 0.2, **more,
        }  # fmt: skip

    async def send(self, number: int = 1, **fields: Any) -> None:
        await CHANNEL.deliver(message(number, **fields), CHANNEL.read(self.given(t1_ms=20)))

    async def behave(self, how: Behaviour) -> dict[str, Any]:
        one = self.receiver
        one.snu = {Behaviour.BUSY: 6, Behaviour.REFUSE: 2}.get(how, 0)
        one.raw = b"\x00\xff no SIP at all\r\n\r\n" if how is Behaviour.NONSENSE else None
        one.hang_up = how is Behaviour.HANG_UP
        one.deaf = -1 if how is Behaviour.SILENT else 0
        quick = how in {Behaviour.NONSENSE, Behaviour.HANG_UP}
        return self.given(t1_ms=5) if quick else self.given()

    def keys(self) -> Sequence[str]:
        return [mrq.ref for mrq in self.receiver.got]


async def test_it_holds_to_what_every_channel_must(peer: ScaipPeer) -> None:
    await check_channel(CHANNEL, peer)


@pytest.mark.parametrize("first", [False, True])
async def test_an_answer_of_its_own_counts_before_and_after_the_ok(
    peer: ScaipPeer, first: bool
) -> None:
    peer.receiver.own, peer.receiver.first = True, first
    await peer.send()
    peer.receiver.snu = 2
    with pytest.raises(GiveUp, match="snu 2"):
        await peer.send()


async def test_an_answer_in_an_envelope_counts(peer: ScaipPeer) -> None:
    peer.receiver.wrap = True
    await peer.send()
    assert peer.receiver.got[0].cid == "8031372"


@pytest.mark.parametrize(
    ("snu", "means"),
    [(1, GiveUp), (2, GiveUp), (3, GiveUp), (7, GiveUp),
     (4, TryLater), (5, TryLater), (6, TryLater), (99, TryLater), (42, TryLater)],
)  # fmt: skip
async def test_what_is_only_put_off_is_sent_again_and_what_is_wrong_is_told(
    peer: ScaipPeer, snu: int, means: type[Exception]
) -> None:
    peer.receiver.snu = snu
    with pytest.raises(means, match=rf"\(snu {snu}\): \w+"):
        await peer.send()


@pytest.mark.parametrize(
    ("status", "means"),
    [(302, GiveUp), (400, GiveUp), (415, GiveUp), (603, GiveUp), (403, TryLater), (404, TryLater),
     (480, TryLater), (486, TryLater), (500, TryLater), (503, TryLater), (600, TryLater)],
)  # fmt: skip
async def test_each_refusal_of_sip_is_told_apart(
    peer: ScaipPeer, status: int, means: type[Exception]
) -> None:
    peer.receiver.status, peer.receiver.extra = status, [("Retry-After", "120 (at lunch)")]
    with pytest.raises(means, match=str(status)) as caught:
        await peer.send()
    if means is TryLater:
        assert getattr(caught.value, "after") == 120  # noqa: B009 - of one of the two alone


async def test_a_plain_ok_is_not_taken_for_an_alarm_that_was_taken(peer: ScaipPeer) -> None:
    peer.receiver.status = 202
    with pytest.raises(TryLater, match="whether it took"):
        await peer.send()


async def test_a_heartbeat_is_one(peer: ScaipPeer) -> None:
    await peer.send(action="heartbeat", home=None, alert=0)
    (got,) = peer.receiver.got
    assert (got.mty, got.cid, got.dty) == ("PI", "1", "0002")


async def test_lost_datagrams_are_sent_again_with_the_same_branch() -> None:
    async with scaip_receiver("udp") as one:
        one.deaf = 3
        await ScaipPeer(one, "udp", Path()).send()
    assert len(one.heard) == 4
    assert len({heard.branch for heard in one.heard}) == 1
    assert one.heard[0].branch.startswith("z9hG4bK")
    assert ";rport" in one.heard[0].one("via")


@pytest.mark.parametrize(
    "challenge",
    ['Digest realm="arc", nonce="n1"',
     'Digest realm="arc", nonce="n1", qop="auth,auth-int", opaque="o"',
     'Digest realm="arc", nonce="n1", qop="auth", algorithm=SHA-256'],
)  # fmt: skip
async def test_it_says_who_it_is_once_it_is_asked(peer: ScaipPeer, challenge: str) -> None:
    said: list[str] = []

    def allowed(credentials: str) -> bool:
        said.append(credentials)
        return True

    peer.receiver.challenge, peer.receiver.allowed = challenge, allowed
    await peer.send()
    assert re.search(r'username="centre", realm="arc", nonce="n1"', said[0])
    first, second = peer.receiver.heard
    assert first.branch != second.branch
    assert (first.cseq, second.cseq) == ((1, "MESSAGE"), (2, "MESSAGE"))
    assert "hunter2" not in said[0]


async def test_a_refused_password_is_not_tried_without_end(peer: ScaipPeer) -> None:
    peer.receiver.challenge, peer.receiver.allowed = 'Digest realm="a", nonce="n"', lambda _: False
    with pytest.raises(TryLater, match="401"):
        await peer.send()
    assert len(peer.receiver.heard) == 2


async def test_a_home_whose_number_was_never_set_is_told_to_staff_and_nobody_else(
    peer: ScaipPeer,
) -> None:
    with pytest.raises(GiveUp, match="no cid"):
        await peer.send(home="h-other")
    assert peer.receiver.heard == []


async def test_a_receiver_that_cannot_prove_who_it_is_gets_nothing(
    certificate: tuple[Path, Path],
) -> None:
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(*certificate)
    async with scaip_receiver("tls", tls) as one:
        settings = CHANNEL.read(ScaipPeer(one, "tls", Path()).given(ca_file=""))
        with pytest.raises(TryLater, match="could not be reached"):
            await CHANNEL.deliver(message(), settings)
    assert one.heard == []


@pytest.mark.parametrize(
    "wrong",
    [{"homes": {"h1": "1", "h2": "1"}}, {"homes": {"h1": "A1"}}, {"homes": {"h1": "1" * 17}},
     {"user": "a>b"}, {"host": ""}, {"host": "x y"}, {"port": 70000}, {"transport": "sctp"},
     {"username": 'a"b'}, {"content_type": "x"}, {"answer_seconds": 0}],
)  # fmt: skip
def test_what_will_not_do_is_found_when_it_is_set(wrong: dict[str, Any]) -> None:
    fine = {"host": "receiver.example", "homes": {"h1": "1"}}
    CHANNEL.read(fine)
    with pytest.raises(BadSettings):
        CHANNEL.read({**fine, **wrong})
