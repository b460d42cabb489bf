"""Serves the page of metrics over HTTP to this machine alone, apart from staff and hubs."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from http import HTTPStatus

from api.operation.metrics import CONTENT_TYPE

log = logging.getLogger(__name__)

HOST = "127.0.0.1"
_PATIENCE_S = 15.0
_MOST_BYTES = 8192


async def serve_page(port: int, page: Callable[[], Awaitable[bytes]]) -> None:
    """Answers `GET /metrics` until cancelled.

    A port that is taken does not end the centre: it is said, and the centre goes on without.

    Args:
        port: On loopback; 0 serves no page.
        page: Makes the answer.
    """
    if not port:
        return

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await _answer(reader, writer, page)

    try:
        server = await asyncio.start_server(answer, HOST, port, limit=_MOST_BYTES)
    except OSError as error:
        log.error("no metrics on %s:%d: %s", HOST, port, error.strerror or error)  # noqa: TRY400 - its words say it
        return
    log.info("metrics on http://%s:%d/metrics", HOST, port)
    try:
        await asyncio.Event().wait()
    finally:
        server.close()  # who is being answered is not waited for


async def _answer(
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    page: Callable[[], Awaitable[bytes]],
) -> None:
    try:
        async with asyncio.timeout(_PATIENCE_S):
            line = (await reader.readuntil(b"\r\n\r\n")).split(b"\r\n", 1)[0]
            writer.write(await _response(line, page))
            await writer.drain()
    except (OSError, EOFError, asyncio.LimitOverrunError):  # gone, too slow, or no HTTP at all
        return
    finally:
        writer.close()


async def _response(line: bytes, page: Callable[[], Awaitable[bytes]]) -> bytes:
    method, path, *_ = [*line.split(), b"", b""]
    if method not in {b"GET", b"HEAD"}:
        return _framed(HTTPStatus.METHOD_NOT_ALLOWED, b"")
    if path.split(b"?", 1)[0] != b"/metrics":
        return _framed(HTTPStatus.NOT_FOUND, b"It is /metrics.\n")
    body = await page()
    return _framed(HTTPStatus.OK, b"" if method == b"HEAD" else body)


def _framed(status: HTTPStatus, body: bytes) -> bytes:
    head = (
        f"HTTP/1.1 {status.value} {status.phrase}\r\nContent-Type: {CONTENT_TYPE}\r\n"
        f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    )
    return head.encode() + body
