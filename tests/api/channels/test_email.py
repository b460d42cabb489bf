"""An e-mail must arrive, readable and once, and only by a server that proves who it is."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable, Sequence
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any, cast

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from api.channels.conformance import Behaviour, check_channel, message
from api.channels.email import CHANNEL
from api.channels.protocol import BadSettings, GiveUp, TryLater
from tests.api.channels.certificates import make

pytestmark = pytest.mark.network


class Post:
    """A real SMTP server on loopback, with STARTTLS and a password."""

    def __init__(self, certificate: tuple[Path, Path]) -> None:
        self.certificate = certificate
        self.got: list[EmailMessage] = []
        self.answers = {"rcpt": "250 OK", "data": "250 OK"}
        self.silent = False
        self.raw: bytes | None = None
        self.port = 0
        self.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.tls.load_cert_chain(*certificate)

    def settings(self, **more: Any) -> dict[str, Any]:
        return {
            "host": "127.0.0.1", "port": self.port, "sender": "centre@centre.example",
            "to": "desk@desk.example", "ca_file": str(self.certificate[0]),
            "username": "centre", "password": "hunter2", **more,
        }  # fmt: skip

    async def handle_RCPT(  # noqa: N802 - aiosmtpd names it - the library's name
        self, _: SMTP, __: Session, envelope: Envelope, address: str, ___: list[str]
    ) -> str:
        if self.answers["rcpt"].startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.answers["rcpt"]

    async def handle_DATA(self, _: SMTP, __: Session, envelope: Envelope) -> str:  # noqa: N802 - its name
        if self.silent:
            await asyncio.Event().wait()
        if self.answers["data"].startswith("250"):
            content = cast("bytes", envelope.content)
            self.got.append(message_from_bytes(content, policy=default))
        return self.answers["data"]

    def protocol(self) -> asyncio.Protocol:
        if self.raw is not None:
            return Rude(self.raw)
        return SMTP(
            self, hostname="peer", tls_context=self.tls, require_starttls=True,
            authenticator=known, auth_required=True, loop=asyncio.get_running_loop(),
        )  # fmt: skip


class Rude(asyncio.Protocol):
    def __init__(self, says: bytes) -> None:
        self.says = says

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        wire = cast("asyncio.WriteTransport", transport)
        wire.write(self.says)
        wire.close()


def known(_: object, __: object, ___: object, ____: str, data: LoginPassword) -> AuthResult:
    right = (data.login, data.password) == (b"centre", b"hunter2")
    return AuthResult(success=right, handled=False)


@pytest.fixture
async def post(tmp_path: Path) -> AsyncIterator[Post]:
    one = Post(make(tmp_path))
    server = await asyncio.get_running_loop().create_server(one.protocol, "127.0.0.1", 0)
    one.port = server.sockets[0].getsockname()[1]
    yield one
    server.close()


class EmailPeer:
    def __init__(self, post: Post) -> None:
        self.post = post

    async def behave(self, how: Behaviour) -> dict[str, Any]:
        self.post.raw = {
            Behaviour.NONSENSE: b"\x00\xff not SMTP at all\r\n\r\n", Behaviour.HANG_UP: b"",
        }.get(how)  # fmt: skip
        self.post.silent = how is Behaviour.SILENT
        self.post.answers = {
            "rcpt": {
                Behaviour.BUSY: "450 Mrs Onoma's mailbox is busy",
                Behaviour.REFUSE: "550 no Mrs Onoma here",
            }.get(how, "250 OK"),
            "data": "250 OK",
        }
        return self.post.settings(full=True)

    def keys(self) -> Sequence[str]:
        return [letter["Message-ID"] for letter in self.post.got]


async def test_it_holds_to_what_every_channel_must(post: Post) -> None:
    await check_channel(CHANNEL, EmailPeer(post))


async def test_it_can_be_read_and_what_is_told_of_an_alert_is_one_thread(post: Post) -> None:
    link = "https://centre.example"
    settings = CHANNEL.read(post.settings(full=True, link=link))
    await CHANNEL.deliver(message(1), settings)
    await CHANNEL.deliver(message(2, action="clear"), settings)
    first, second = post.got
    assert first["Subject"] == "Urgent alert 17 raised"
    assert (first["From"], first["To"]) == ("centre@centre.example", "desk@desk.example")
    text = first.get_content()
    assert 'Flat Secret: Mrs Onoma <fell> & "lies" at 5 °C' in text
    assert text.replace("\r\n", "\n").endswith(f"Ring her.\n\n{link}/alerts/17\n")
    assert first["Bcc"] is None
    assert first["References"] == second["References"]
    assert first["Auto-Submitted"] == "auto-generated"


async def test_it_names_nobody_unless_that_was_asked_for(post: Post) -> None:
    await CHANNEL.deliver(message(), CHANNEL.read(post.settings()))
    assert post.got[0].get_content().strip() == "Urgent alert 17 raised."


@pytest.mark.parametrize(
    ("where", "said", "means"),
    [("rcpt", "451 greylisted", TryLater), ("data", "452 full", TryLater),
     ("rcpt", "550 unknown", GiveUp), ("data", "554 refused", GiveUp)],
)  # fmt: skip
async def test_each_refusal_is_told_apart(
    post: Post, where: str, said: str, means: type[Exception]
) -> None:
    post.answers[where] = said
    with pytest.raises(means, match=f"^it answered {said[:3]}$"):
        await CHANNEL.deliver(message(), CHANNEL.read(post.settings()))
    assert post.got == []


async def test_a_wrong_password_may_be_mended_while_we_try(post: Post) -> None:
    with pytest.raises(TryLater, match="Authentication"):
        await CHANNEL.deliver(message(), CHANNEL.read(post.settings(password="other")))


@pytest.mark.parametrize(
    "spoil", [lambda s: s.update(ca_file=""), lambda s: s.update(ca_file="/no")]
)
async def test_nothing_is_told_to_a_server_that_cannot_prove_who_it_is(
    post: Post, spoil: Callable[[dict[str, Any]], None]
) -> None:
    settings = post.settings()
    spoil(settings)
    with pytest.raises(TryLater):
        await CHANNEL.deliver(message(), CHANNEL.read(settings))
    assert post.got == []


async def test_a_server_that_hides_its_starttls_gets_neither_password_nor_message(
    post: Post,
) -> None:
    heard: list[bytes] = []

    async def plain(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 peer\r\n")
        while line := await reader.readline():
            heard.append(line)
            writer.write(b"250-peer\r\n250 AUTH PLAIN\r\n" if b"EHLO" in line else b"250 OK\r\n")
        writer.close()

    server = await asyncio.start_server(plain, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        with pytest.raises(TryLater):
            await CHANNEL.deliver(message(), CHANNEL.read(post.settings(port=port)))
    assert not any(line[:4] in {b"AUTH", b"MAIL"} for line in heard)


@pytest.mark.parametrize(
    "wrong",
    [{"to": "Ann <a@x.example>"}, {"to": "a@x.example, b@x.example"},
     {"to": "a@x.example\r\nBcc: b"}, {"sender": ""}, {"port": 0}, {"security": "maybe"},
     {"security": "none"}],
)  # fmt: skip
def test_what_will_not_do_is_found_when_it_is_set(wrong: dict[str, Any]) -> None:
    fine = {"host": "mail", "sender": "c@x.example", "to": "a@x.example", "password": "hunter2"}
    CHANNEL.read(fine)
    with pytest.raises(BadSettings):
        CHANNEL.read({**fine, **wrong})
