"""Request bodies: never more in memory than allowed, compressed or not."""

import re
import zlib
from typing import TypeVar

import msgspec
from fastapi import Request

from api.refusals import Invalid, TooLarge

MAX_JSON_BYTES = 64 * 1024

T = TypeVar("T")

_NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")
"""As JSON writes it; the database can keep none."""
_GZIP = 16 + zlib.MAX_WBITS


async def read_body(request: Request, limit: int, *, unpacked: int | None = None) -> bytes:
    """The whole body, unpacked where it came as gzip.

    Args:
        request: Whose body.
        limit: Bytes on the wire at most.
        unpacked: Bytes after unpacking at most, where gzip is welcome.

    Raises:
        TooLarge: There is more, before or after unpacking.
        Invalid: The content encoding is unknown, or the body is not what it says.
    """
    encoding = request.headers.get("content-encoding", "identity").lower()
    if encoding not in {"identity", "gzip"} or (encoding == "gzip" and unpacked is None):
        raise Invalid(f"Content-Encoding {encoding} is not understood here.")
    body = await _read(request, limit)
    if encoding == "gzip" and unpacked is not None:
        return gunzip(body, unpacked)
    return body


async def _read(request: Request, limit: int) -> bytes:
    """The body as it came, also for who asks a second time."""
    read: bytes | None = getattr(request.state, "body", None)
    if read is None:
        body = bytearray()
        async for chunk in request.stream():
            body += chunk
            if len(body) > limit:
                raise TooLarge(f"The body must not be longer than {limit} bytes.")
        read = request.state.body = bytes(body)
    return read


def gunzip(packed: bytes, limit: int) -> bytes:
    """Unpacks one gzip member without ever holding more than `limit` bytes of it.

    Raises:
        TooLarge: It would be more than `limit`.
        Invalid: It is not gzip, is cut short, or goes on behind its end.
    """
    unpacker = zlib.decompressobj(_GZIP)
    try:
        body = unpacker.decompress(packed, limit + 1)
    except zlib.error as error:
        raise Invalid("The body is not gzip, though Content-Encoding says so.") from error
    if len(body) > limit:
        raise TooLarge(f"The unpacked body must not be longer than {limit} bytes.")
    if not unpacker.eof or unpacker.unused_data:
        raise Invalid("The gzip body is cut short or goes on behind its end.")
    return body


async def read_json(request: Request, message: type[T]) -> T:
    """A small JSON body.

    Raises:
        TooLarge: It has more than `MAX_JSON_BYTES`.
        Invalid: It is not JSON or not such a message; the sentence says where.
    """
    body = await read_body(request, MAX_JSON_BYTES)
    if _NUL.search(body):
        raise Invalid("A text cannot hold a NUL character.")
    try:
        return msgspec.json.decode(body, type=message)
    except msgspec.MsgspecError as error:
        raise Invalid(f"Not a valid body: {error}.") from error
    except (RecursionError, UnicodeDecodeError) as error:
        raise Invalid("The body is not JSON.") from error
