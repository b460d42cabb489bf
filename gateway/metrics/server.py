"""Serves one page over HTTP to this machine alone, in as little memory as it can."""

import asyncio
import logging
import sqlite3
from collections.abc import Callable
from http import HTTPStatus

from gateway.metrics.exposition import CONTENT_TYPE

HOST = "127.0.0.1"
_PATIENCE_S = 5.0
_MOST_BYTES = 8192
_log = logging.getLogger(__name__)


async def serve(port: int, page: Callable[[], str]) -> None:
    """Answers `GET /metrics` for ever.

    A port that is taken is no reason for a hub to end: it is said, and the hub goes on without.

    Args:
        port: On loopback.
        page: Makes the answer; a journal that cannot be read costs that answer alone.
    """
    try:
        server = await asyncio.start_server(
            lambda reader, writer: _answer(reader, writer, page), HOST, port, limit=_MOST_BYTES
        )
    except OSError as error:
        _log.error("no metrics on %s:%d: %s", HOST, port, error.strerror or error)
        await asyncio.Event().wait()
        return
    _log.info("metrics on http://%s:%d/metrics", HOST, port)
    async with server:
        await server.serve_forever()


async def _answer(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, page: Callable[[], str]
) -> None:
    """One request, one answer, and the connection is closed."""
    try:
        async with asyncio.timeout(_PATIENCE_S):
            request = await reader.readuntil(b"\r\n\r\n")
            writer.write(_response(request, page))
            await writer.drain()
    except (OSError, EOFError, asyncio.LimitOverrunError):  # gone, too slow, or no HTTP at all
        return
    finally:
        writer.close()


def _response(request: bytes, page: Callable[[], str]) -> bytes:
    method, path, *_ = [*request.split(b"\r\n", 1)[0].split(), b"", b""]
    if method not in {b"GET", b"HEAD"}:
        return _framed(HTTPStatus.METHOD_NOT_ALLOWED, "", "Allow: GET, HEAD\r\n")
    if path.split(b"?", 1)[0] != b"/metrics":
        return _framed(HTTPStatus.NOT_FOUND, "It is /metrics.\n")
    try:
        body = page()
    except (sqlite3.Error, OSError) as error:  # the journal or the disk; others tell of it
        _log.warning("no metrics could be told: %s", error)
        return _framed(HTTPStatus.SERVICE_UNAVAILABLE, "")
    return _framed(HTTPStatus.OK, "" if method == b"HEAD" else body)


def _framed(status: HTTPStatus, body: str, headers: str = "") -> bytes:
    told = body.encode()
    head = (
        f"HTTP/1.1 {status.value} {status.phrase}\r\nContent-Type: {CONTENT_TYPE}\r\n"
        f"Content-Length: {len(told)}\r\nConnection: close\r\n{headers}\r\n"
    )
    return head.encode() + told
