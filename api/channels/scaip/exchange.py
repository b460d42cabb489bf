"""One SIP MESSAGE and what becomes of it: RFC 3261, 17.1.2, and the answer that SCAIP adds.

A receiver's answer comes in the body of the 200 OK, or as a MESSAGE of its own, before or after it.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from api.channels.scaip import digest, sip
from api.channels.scaip.codec import Malformed, Mrs, read_mrs
from api.channels.scaip.link import Link, Reply
from api.channels.scaip.sip import SipMessage

T2 = 4.0
"""Seconds between two repeats at most."""


@dataclass(frozen=True)
class Letter:
    """What is sent, to whom and by whom.

    Attributes:
        uri: `sip:alarm@receiver.example`.
        user: Ours, in `From`.
        ref: By which the receiver's answer is known.
        t1: Seconds until the first repeat; 64 times that until it is given up.
        patience: Seconds to wait for an answer of its own behind a 200 OK.
    """

    uri: str
    user: str
    domain: str
    kind: str
    body: bytes
    ref: str
    username: str
    password: str
    t1: float
    patience: float


@dataclass(frozen=True)
class Ended:
    """How it ended.

    Attributes:
        status: SIP's; 0 where none came in time.
        mrs: SCAIP's answer; None where none came in time.
        retry_after: Seconds, where the peer asks for that.
    """

    status: int
    mrs: Mrs | None = None
    retry_after: float | None = None


async def send(letter: Letter, link: Link, token: Callable[[], str]) -> Ended:
    """Sends a letter, once more with credentials where the peer asks for them.

    Args:
        letter: The letter.
        link: The way.
        token: A new random word each time.

    Raises:
        Lost: The link broke.
        CannotAnswer: The peer asks who we are, and we cannot say.
    """
    exchange = _Exchange(letter, link, token)
    return await exchange.run()


class _Exchange:
    def __init__(self, letter: Letter, link: Link, token: Callable[[], str]) -> None:
        self._letter = letter
        self._link = link
        self._token = token
        self._call, self._tag, self._number = token(), token(), 1
        self._mrs: Mrs | None = None

    async def run(self) -> Ended:
        response = await self._transaction([])
        if response and response.status in {401, 407} and self._letter.password:
            response = await self._transaction([self._credentials(response)])
        if self._mrs:
            return Ended(response.status if response else 200, self._mrs)
        if response is None:
            return Ended(0)
        if not 200 <= response.status < 300:  # noqa: PLR2004 - RFC - SIP's class of success
            return Ended(response.status, retry_after=_seconds(response.one("retry-after")))
        self._keep(response.body)
        if self._mrs is None:
            await self._until(None, self._letter.patience)
        return Ended(response.status, self._mrs)

    async def _transaction(self, more: list[tuple[str, str]]) -> SipMessage | None:
        """The final response to one request; None where none came, or the answer came without."""
        branch = "z9hG4bK" + self._token()
        data = self._request(branch, more)
        self._number += 1
        wait, left = self._letter.t1, 64 * self._letter.t1
        if self._link.kind != "UDP":
            wait = left
        while left > 0:
            self._link.send(data)
            wait = min(wait, left)
            response = await self._until(branch, wait)
            if response is not None or self._mrs is not None:
                return response
            left -= wait
            wait = min(2 * wait, T2) if self._link.kind == "UDP" else left
        return None

    async def _until(self, branch: str | None, seconds: float) -> SipMessage | None:
        """Listens until the final response, SCAIP's answer, or the end of the time."""
        try:
            async with asyncio.timeout(seconds):
                while self._mrs is None:
                    message, reply = await self._link.receive()
                    if message.method:
                        self._asked(message, reply)
                    elif branch and message.status >= 200 and self._ours(message, branch):  # noqa: PLR2004 - RFC
                        return message
        except TimeoutError:
            pass
        return None

    def _ours(self, response: SipMessage, branch: str) -> bool:
        return response.branch == branch and response.cseq == (self._number - 1, "MESSAGE")

    def _asked(self, request: SipMessage, reply: Reply) -> None:
        """Answers what the peer asks of us."""
        if request.method == "MESSAGE":
            self._keep(request.body)
            reply(sip.answer(request, 200, "OK", self._tag))
        elif request.method != "ACK":
            reply(sip.answer(request, 405, "Method Not Allowed", self._tag))

    def _keep(self, body: bytes) -> None:
        """Keeps SCAIP's answer to this letter, where that is what it is."""
        try:
            mrs = read_mrs(body)
        except Malformed:
            return
        if mrs.ref == self._letter.ref:
            self._mrs = mrs

    def _request(self, branch: str, more: list[tuple[str, str]]) -> bytes:
        letter, link = self._letter, self._link
        headers = [
            ("Via", f"SIP/2.0/{link.kind} {link.local};branch={branch};rport"),
            ("Max-Forwards", "70"),
            ("From", f"<sip:{letter.user}@{letter.domain or link.local}>;tag={self._tag}"),
            ("To", f"<{letter.uri}>"),
            ("Call-ID", self._call),
            ("CSeq", f"{self._number} MESSAGE"),
            ("User-Agent", "telecare"),
            *more,
            ("Content-Type", letter.kind),
        ]
        return sip.write(f"MESSAGE {letter.uri} SIP/2.0", headers, letter.body)

    def _credentials(self, response: SipMessage) -> tuple[str, str]:
        asked, said = "www-authenticate", "Authorization"
        if response.status == 407:  # noqa: PLR2004 - a proxy asks
            asked, said = "proxy-authenticate", "Proxy-Authorization"
        value = digest.respond(
            response.all(asked), method="MESSAGE", uri=self._letter.uri,
            username=self._letter.username, password=self._letter.password, nonce=self._token(),
        )  # fmt: skip
        return said, value


def _seconds(told: str) -> float | None:
    digits = told.partition(";")[0].partition("(")[0].strip()
    return float(digits[:6]) if digits.isascii() and digits.isdigit() else None
