"""The centre over HTTPS: one request, and what its answer means for the hub."""

import gzip
import ssl
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from pathlib import Path
from typing import Self

import httpx
import msgspec

from contract import Batch, ContractError, Downlink, Receipt, decode, encode
from gateway.downlink.book import Cursor
from gateway.errors import HubError
from gateway.uplink.answers import Answer, Asked, Away, Received, Refused, Told, TooLarge
from gateway.uplink.exchange import MOST_S, SlowError, exchange

_TIMEOUT = httpx.Timeout(30.0, connect=10.0)
_WORTH_PACKING = 1024
_LONGEST_WORD = 300
_LONGEST_WAIT_S = 3600.0
"""Whatever the centre asks for: a person must not go unheard for days by a slip of a proxy."""
_PASSING = frozenset(
    {HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS}
)


class ProxyError(HubError):
    """There is no way through what is named as a proxy."""


class Centre:
    """Speaks with one centre.

    Args:
        url: Its address, with no path.
        ca: Certificates to trust besides the system's.
        proxy: The HTTP proxy on the way; None for none.

    Raises:
        ProxyError: `proxy` is no address, or of a kind that is not spoken to.
        HubError: There are no certificates in `ca`.

    Attributes:
        date: The centre's clock in its last answer, in epoch seconds; None where it gave none.
    """

    def __init__(self, url: str, ca: Path | None = None, proxy: str | None = None) -> None:
        try:
            self._client = httpx.AsyncClient(
                base_url=url, timeout=_TIMEOUT, verify=_trust(ca), proxy=proxy, trust_env=False
            )
        # The sentences do not name the address itself, which may hold a password.
        except ImportError as error:  # what SOCKS needs is not installed, on purpose
            raise ProxyError(
                "HTTPS_PROXY names a SOCKS proxy, which the hub does not speak to; name an HTTP "
                "proxy, such as http://host:3128"
            ) from error
        except (ValueError, httpx.InvalidURL) as error:
            raise ProxyError("HTTPS_PROXY names no proxy; such as http://host:3128") from error
        self.date: float | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._client.aclose()

    async def send(self, batch: Batch, token: str) -> Answer:
        """Posts one batch."""
        self.date = None  # an old one would say that the hub's clock is wrong
        body = encode(batch)
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        if len(body) > _WORTH_PACKING:
            body = gzip.compress(body, compresslevel=6, mtime=0)
            headers["Content-Encoding"] = "gzip"
        try:
            question = self._client.build_request(
                "POST", f"/v1/hubs/{batch.hub}/batches", content=body, headers=headers
            )
            response = await exchange(self._client, question)
        except httpx.HTTPError as error:
            return _away(error)
        self.date = _date(response)
        return _meaning(response)

    async def ask(self, hub: str, token: str, has: Cursor, wait: float) -> Asked:
        """Asks what is new; the answer may take `wait` seconds longer than others."""
        self.date = None
        try:
            question = self._client.build_request(
                "GET",
                f"/v1/hubs/{hub}/downlink",
                params={**has._asdict(), "wait": wait},
                headers={"Authorization": f"Bearer {token}"},
                timeout=httpx.Timeout(30.0 + wait, connect=10.0),
            )
            response = await exchange(self._client, question, MOST_S + wait)
        except httpx.HTTPError as error:
            return _away(error)
        self.date = _date(response)
        if response.status_code != HTTPStatus.OK:
            meaning = _trouble(response)
            return Away(meaning.why) if isinstance(meaning, TooLarge) else meaning
        try:
            return Told(decode(response.content, Downlink))
        except ContractError as error:
            return Away(f"the answer cannot be read: {error}")

    async def claim(self, code: str, public_key: str) -> httpx.Response:
        """Redeems a one-time code.

        Raises:
            httpx.HTTPError: The centre cannot be reached.
        """
        said = {"code": code, "public_key": public_key}
        question = self._client.build_request("POST", "/v1/claims", json=said)
        return await exchange(self._client, question)

    async def rotate(self, hub: str, token: str, said: dict[str, str]) -> httpx.Response:
        """Has the centre know the hub by another key; `said` is the key and both signatures.

        Raises:
            httpx.HTTPError: The centre cannot be reached.
        """
        self.date = None
        question = self._client.build_request(
            "POST",
            f"/v1/hubs/{hub}/key",
            json=said,
            headers={"Authorization": f"Bearer {token}"},
        )
        response = await exchange(self._client, question)
        self.date = _date(response)
        return response


def _trust(ca: Path | None) -> ssl.SSLContext:
    context = ssl.create_default_context()
    if ca is not None:
        try:
            context.load_verify_locations(ca)
        except OSError as error:  # not there, or no certificates in it
            raise HubError(f"{ca}: holds no certificates to trust: {error}") from error
    return context


def _away(error: httpx.HTTPError) -> Away:
    said = f"{type(error).__name__}: {error}".removesuffix(": ")
    return Away(said, slow=isinstance(error, SlowError), untrusted=_is_untrusted(error))


def _is_untrusted(error: BaseException | None) -> bool:
    """Whether it comes of the centre's certificate."""
    while error is not None and not isinstance(error, ssl.SSLCertVerificationError):
        error = error.__cause__ or error.__context__
    return error is not None


def _meaning(response: httpx.Response) -> Answer:
    status = response.status_code
    if status == HTTPStatus.OK:
        try:
            return Received(decode(response.content, Receipt))
        except ContractError as error:
            return Away(f"the answer is no receipt: {error}")
    return _trouble(response)


def _trouble(response: httpx.Response) -> Away | TooLarge | Refused:
    status, why = response.status_code, problem(response)
    if status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
        return TooLarge(why)
    if status in _PASSING or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return Away(why, _retry_after(response))
    return Refused(why, status, forget=status == HTTPStatus.GONE and _says_forget(response))


class _Problem(msgspec.Struct):
    """The parts of RFC 9457 that tell a person something."""

    title: str = ""
    detail: str = ""


class _Erased(msgspec.Struct):
    """What the centre adds where it erased the hub's home; a `410` of a proxy has none of it."""

    forget: bool = False


def _says_forget(response: httpx.Response) -> bool:
    try:
        return msgspec.json.decode(response.content, type=_Erased).forget
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return False


def problem(response: httpx.Response) -> str:
    """What the centre says is wrong, in one line."""
    said = f"the centre answers {response.status_code}"
    try:
        found = msgspec.json.decode(response.content, type=_Problem)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return said
    words = " ".join(part for part in (found.title, found.detail) if part)
    return f"{said}: {' '.join(words.split())[:_LONGEST_WORD]}" if words else said


def _retry_after(response: httpx.Response) -> float:
    """Seconds, from either form of the header (RFC 9110, 10.2.3); 0 where it is not there.

    At most an hour.
    """
    value = response.headers.get("Retry-After", "")
    if value.isascii() and value.isdigit():
        return min(float(value[:6]), _LONGEST_WAIT_S)
    until, date = _http_date(value), _date(response)
    if until is None or date is None:
        return 0.0
    return min(max(0.0, until - date), _LONGEST_WAIT_S)


def _date(response: httpx.Response) -> float | None:
    return _http_date(response.headers.get("Date", ""))


def _http_date(value: str) -> float | None:
    try:
        return parsedate_to_datetime(value).timestamp()
    except (ValueError, TypeError, OverflowError):  # the last for years beyond all calendars
        return None
