"""A bare subscriber, for comparison: aiomqtt hears, msgspec decodes, and nothing is kept.

    python -m tests.benchmarks.bare HOST PORT subscribe     makes its session, and ends
    python -m tests.benchmarks.bare HOST PORT drain         hears what has gathered for it

It prints the number of messages, and the seconds of CPU that they took.
"""

import asyncio
import contextlib
import sys
import time

import aiomqtt
import msgspec

TOPIC = "zigbee2mqtt/#"
QUIET_S = 3.0


class Payload(msgspec.Struct):
    """What most devices say."""

    last_seen: str = ""
    occupancy: bool | None = None
    contact: bool | None = None
    presence: bool | None = None
    power: float | None = None
    temperature: float | None = None
    battery: float | None = None


async def main(host: str, port: int, *, drain: bool) -> None:
    """Subscribes, and hears until all has been quiet for a while."""
    decode = msgspec.json.Decoder(Payload).decode
    count, first, spent = 0, 0.0, 0.0
    async with aiomqtt.Client(host, port, identifier="bare", clean_session=False) as client:
        await client.subscribe(TOPIC, qos=1)
        messages = aiter(client.messages)
        with contextlib.suppress(TimeoutError):
            while drain:
                message = await asyncio.wait_for(anext(messages), QUIET_S)
                first = first or time.process_time()
                with contextlib.suppress(msgspec.DecodeError):
                    decode(message.payload)
                count, spent = count + 1, time.process_time() - first
    sys.stdout.write(f"{count} {spent}\n")


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2]), drain=sys.argv[3] == "drain"))
