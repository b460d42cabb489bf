"""One question to the centre and its answer, bounded in size and in time.

Nobody knows what stands between a home and its centre. An answer without an end would cost the hub
its memory, one that trickles would hold the line for ever.
"""

import asyncio
import zlib

import httpx

MOST_BYTES = 1024 * 1024
"""Of an answer, as it came and unpacked; the largest configuration is a tenth of that."""
MOST_S = 60.0
"""From the question to the whole answer."""
_GZIP = 16 + zlib.MAX_WBITS
_OF_THE_WAY = frozenset({"content-encoding", "content-length", "transfer-encoding"})
"""Headers that are not true any more of what was read and unpacked."""


class SlowError(httpx.TimeoutException):
    """The whole took too long."""


async def exchange(
    client: httpx.AsyncClient, question: httpx.Request, within: float = MOST_S
) -> httpx.Response:
    """Asks once.

    Args:
        client: By whom.
        question: What; it is asked for plain text.
        within: Seconds that all of it may take.

    Returns:
        The answer, read and unpacked.

    Raises:
        SlowError: The whole took longer, however much of it came.
        httpx.DecodingError: It is too large, or packed in a way that nobody asked for.
        httpx.HTTPError: The centre cannot be reached.
    """
    question.headers["Accept-Encoding"] = "identity"
    try:
        async with asyncio.timeout(within):
            answer = await client.send(question, stream=True)
            try:
                packed = await _read(answer)
            finally:
                await answer.aclose()
    except TimeoutError as error:
        raise SlowError(f"no whole answer within {within:g} s", request=question) from error
    kept = [pair for pair in answer.headers.multi_items() if pair[0] not in _OF_THE_WAY]
    content = _unpacked(answer, packed)
    return httpx.Response(answer.status_code, headers=kept, content=content, request=question)


async def _read(answer: httpx.Response) -> bytes:
    found = bytearray()
    async for chunk in answer.aiter_raw():
        found += chunk
        if len(found) > MOST_BYTES:
            raise _too_large(answer)
    return bytes(found)


def _unpacked(answer: httpx.Response, packed: bytes) -> bytes:
    coding = answer.headers.get("Content-Encoding", "identity").strip().lower()
    if coding in {"identity", ""}:
        return packed
    if coding not in {"gzip", "x-gzip"}:
        raise httpx.DecodingError("the answer is packed in an unknown way", request=answer.request)
    try:
        plain = zlib.decompressobj(_GZIP).decompress(packed, MOST_BYTES + 1)
    except zlib.error as error:
        raise httpx.DecodingError(
            f"the answer cannot be unpacked: {error}", request=answer.request
        ) from error
    if len(plain) > MOST_BYTES:
        raise _too_large(answer)
    return plain


def _too_large(answer: httpx.Response) -> httpx.DecodingError:
    said = f"the answer ({answer.status_code}) is larger than {MOST_BYTES >> 20} MiB"
    return httpx.DecodingError(said, request=answer.request)
