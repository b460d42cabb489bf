"""SIP messages as text: the little of RFC 3261 and RFC 3428 that MESSAGE needs. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

LONGEST = 64 * 1024
"""Bytes of a message that is read."""
_STATUS = re.compile(r"SIP/2\.0 ([1-6][0-9]{2}) [^\r\n]*")
_REQUEST = re.compile(r"([A-Z]+) (sips?:[^ ]+) SIP/2\.0")
_NAME = re.compile(r"[A-Za-z0-9\-.!%*_+`'~]+")
_BRANCH = re.compile(r";\s*branch\s*=\s*([^;,\s]+)", re.IGNORECASE)
_COMPACT = {
    "v": "via", "f": "from", "t": "to", "i": "call-id", "m": "contact", "l": "content-length",
    "c": "content-type", "k": "supported", "s": "subject", "e": "content-encoding",
}  # fmt: skip


class NotSip(ValueError):  # noqa: N818 - said of bytes, as `unreadable` is
    """These bytes are no SIP message."""


@dataclass(frozen=True)
class SipMessage:
    """A request or a response.

    Attributes:
        method, uri: Of a request; empty for a response.
        status: Of a response; 0 for a request.
        headers: Names in lower case and in full, in their order, some more than once.
    """

    method: str = ""
    uri: str = ""
    status: int = 0
    headers: tuple[tuple[str, str], ...] = field(default_factory=tuple)
    body: bytes = b""

    def all(self, name: str) -> list[str]:
        """Each value of a header."""
        return [value for known, value in self.headers if known == name]

    def one(self, name: str) -> str:
        """A header's first value; empty for none."""
        return next(iter(self.all(name)), "")

    @property
    def branch(self) -> str:
        """Of the topmost `Via`: which transaction it belongs to."""
        found = _BRANCH.search(self.one("via"))
        return found[1] if found else ""

    @property
    def cseq(self) -> tuple[int, str]:
        """Its number and method."""
        number, _, method = self.one("cseq").partition(" ")
        return (int(number) if number.isascii() and number.isdigit() else -1, method.strip())


def write(start: str, headers: Iterable[tuple[str, str]], body: bytes = b"") -> bytes:
    """A message as it goes out, its length told."""
    lines = [start, *(f"{name}: {value}" for name, value in headers)]
    if any("\r" in line or "\n" in line for line in lines):
        raise NotSip("a header would break its line")
    lines += [f"Content-Length: {len(body)}", "", ""]
    return "\r\n".join(lines).encode() + body


def answer(request: SipMessage, status: int, reason: str, tag: str, body: bytes = b"") -> bytes:
    """The response to a request: RFC 3261, 8.2.6."""
    headers = [("Via", value) for value in request.all("via")]
    to = request.one("to")
    headers += [
        ("From", request.one("from")),
        ("To", to if ";tag=" in to.lower() else f"{to};tag={tag}"),
        ("Call-ID", request.one("call-id")),
        ("CSeq", request.one("cseq")),
    ]
    return write(f"SIP/2.0 {status} {reason}", headers, body)


def read_datagram(data: bytes) -> SipMessage:
    """One message, which fills its datagram, or ends where its length says.

    Raises:
        NotSip: It is none.
    """
    head, found, rest = data.lstrip(b"\r\n").partition(b"\r\n\r\n")
    if not found or len(data) > LONGEST:
        raise NotSip("no end of the headers")
    message = read_head(head)
    length = content_length(message)
    if length is not None and length > len(rest):
        raise NotSip("shorter than it says")
    return with_body(message, rest if length is None else rest[:length])


def read_head(head: bytes) -> SipMessage:
    """A message without its body.

    Raises:
        NotSip: It is none.
    """
    try:
        lines = re.sub(r"\r\n[ \t]+", " ", head.decode("utf-8")).split("\r\n")
    except UnicodeDecodeError as error:
        raise NotSip("no text") from error
    headers = tuple(_header(line) for line in lines[1:])
    if status := _STATUS.fullmatch(lines[0]):
        message = SipMessage(status=int(status[1]), headers=headers)
    elif request := _REQUEST.fullmatch(lines[0]):
        message = SipMessage(method=request[1], uri=request[2], headers=headers)
    else:
        raise NotSip("neither a request nor a response")
    for name in ("via", "from", "to", "call-id", "cseq"):
        if not message.one(name):
            raise NotSip(f"no {name}")
    return message


def content_length(message: SipMessage) -> int | None:
    """How long the body is; None where that is not told.

    Raises:
        NotSip: What is told is no length.
    """
    told = message.one("content-length")
    if not told:
        return None
    if not (told.isascii() and told.isdigit() and len(told) <= 6) or int(told) > LONGEST:  # noqa: PLR2004 - digits
        raise NotSip("no length")
    return int(told)


def with_body(message: SipMessage, body: bytes) -> SipMessage:
    """The message with its body."""
    return SipMessage(message.method, message.uri, message.status, message.headers, body)


def _header(line: str) -> tuple[str, str]:
    name, found, value = line.partition(":")
    name = name.strip()
    if not found or not _NAME.fullmatch(name):
        raise NotSip("no header")
    lower = name.lower()
    return _COMPACT.get(lower, lower), value.strip()
