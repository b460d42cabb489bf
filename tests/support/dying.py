"""A PostgreSQL in its last moment: it says that it ends, and does not live to end the exchange."""

import asyncio


async def dying(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Says that it ends, as a server does whose first process was killed, and gets no further."""
    await reader.readexactly(int.from_bytes(await reader.readexactly(4)) - 4)
    for kind, said in (
        (b"R", b"\0\0\0\0"),
        (b"S", b"server_version\x0018.0\0"),
        (b"Z", b"I"),
        (b"E", b"SFATAL\0C57P02\0Mterminating connection\0\0"),
    ):
        writer.write(kind + (len(said) + 4).to_bytes(4) + said)
    await reader.read()
    writer.close()
