"""One HTTP request to an address that somebody else chose: guarded, bounded, never redirected."""

import asyncio
import ipaddress
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import httpx

from api.channels.protocol import BadSettings, GiveUp, Gone, TryLater

TIMEOUT = httpx.Timeout(15.0, connect=5.0)
MOST_READ = 64 * 1024
"""Bytes of an answer that are read at most."""
# Asking again will not help; any other refusal may be mended at the other side while we try.
_HOPELESS = frozenset({400, 405, 410, 411, 413, 414, 415, 422, 501})
_OUTSIDE = ipaddress.ip_network("2000::/3")
"""All of IPv6 that is given out for the internet. What lies beyond it, such as the site-local
`fec0::`, Python calls global where a later standard took its special meaning back."""
_DISGUISES = (ipaddress.ip_network("2002::/16"),)
"""Of that, what leads to an IPv4 address of one's choice."""


@dataclass(frozen=True)
class Request:
    """What to send.

    Attributes:
        allow_private: Whether plain HTTP and addresses inside our own networks will do.
        not_there: Answers that say that whom it is for has left.
    """

    url: str
    content: bytes
    headers: Mapping[str, str]
    method: str = "POST"
    allow_private: bool = False
    not_there: frozenset[int] = frozenset()


def check_url(url: str, *, allow_private: bool) -> None:
    """Finds what is wrong with an address as it stands.

    Raises:
        BadSettings: It will not do.
    """
    try:
        parts = httpx.URL(url)
    except httpx.InvalidURL as error:
        raise BadSettings("url is not an address") from error
    if not parts.host or parts.scheme not in {"https", "http"}:
        raise BadSettings("url must begin with https:// and name a host")
    if parts.userinfo:
        raise BadSettings("url must hold no user and password")
    if parts.scheme == "http" and not allow_private:
        raise BadSettings("url must begin with https:// unless allow_private is true")


def is_public(address: str) -> bool:
    """Whether an IP address is out on the internet, also when it is written in another's form."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped:
            ip = ip.ipv4_mapped
        elif ip not in _OUTSIDE or any(ip in network for network in _DISGUISES):
            return False
    return ip.is_global and not ip.is_multicast


async def send(request: Request) -> str:
    """Sends, and gives the beginning of the answer where it was one of success.

    The name is looked up once and the address found is the one connected to, so that a name which
    changes its address between the look and the call gains nothing.

    Raises:
        TryLater, GiveUp: It was not accepted.
    """
    url = httpx.URL(request.url)
    address = await _look_up(url, allow_private=request.allow_private)
    # Nothing packed is wanted, or unpacked: a small answer could swell without end.
    headers = {
        **request.headers,
        "host": url.netloc.decode("ascii"),
        "accept-encoding": "identity",
    }
    try:
        async with (
            httpx.AsyncClient(timeout=TIMEOUT, follow_redirects=False, trust_env=False) as client,
            client.stream(
                request.method,
                url.copy_with(host=address),
                content=request.content,
                headers=headers,
                extensions={"sni_hostname": url.host},
            ) as answer,
        ):
            _judge(answer, request.not_there)
            return await _beginning(answer)
    except (httpx.UnsupportedProtocol, httpx.LocalProtocolError) as error:
        raise GiveUp("the request cannot be written as HTTP") from error
    except httpx.TimeoutException as error:
        raise TryLater("there was no answer in time") from error
    except httpx.HTTPError as error:
        raise TryLater(f"it could not be reached ({type(error).__name__})") from error


async def _look_up(url: httpx.URL, *, allow_private: bool) -> str:
    port = url.port or (443 if url.scheme == "https" else 80)
    try:
        found = await asyncio.get_running_loop().getaddrinfo(
            url.host, port, type=socket.SOCK_STREAM
        )
    except (OSError, UnicodeError) as error:
        raise TryLater("its name has no address just now") from error
    addresses = [str(entry[4][0]) for entry in found]
    if not allow_private and not all(is_public(address) for address in addresses):
        raise GiveUp("its address is not on the internet, and allow_private is not set")
    return addresses[0]


def _judge(answer: httpx.Response, not_there: frozenset[int]) -> None:
    status = answer.status_code
    if answer.is_success:
        return
    reason = f"it answered {status}"
    if answer.is_redirect:
        raise GiveUp(f"{reason}, a redirect, which is not followed")
    if status in not_there:
        raise Gone(reason)
    if status in _HOPELESS:
        raise GiveUp(reason)
    raise TryLater(reason, _retry_after(answer.headers.get("retry-after", "")))


async def _beginning(answer: httpx.Response) -> str:
    read = bytearray()
    async for part in answer.aiter_raw():
        read += part
        if len(read) >= MOST_READ:
            break
    return bytes(read[:MOST_READ]).decode("utf-8", "replace")


def _retry_after(given: str) -> float | None:
    """Seconds, from either of the header's two forms."""
    if given.isascii() and given.isdigit():
        return float(given[:6])
    try:
        at = parsedate_to_datetime(given)
        return max(0.0, (at - datetime.now(UTC)).total_seconds())
    except (ValueError, TypeError):  # nonsense, or a time without a zone
        return None
