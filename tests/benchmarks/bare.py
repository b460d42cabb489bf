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
LOOK_S = 0.1


class Payload(msgspec.Struct):
    """What most devices say."""

    last_seen: str = ""
    occupancy: bool | None = None
    contact: bool | None = None
    presence: bool | None = None
    power: float | None = None
    temperature: float | None = None
    battery: float | None = None


class Drain:
    """Hears what has gathered, with nothing between one message and the next.

    Attributes:
        count: Messages so far.
        first: Seconds of CPU that the process had taken at the first of them.
    """

    count = 0
    first = 0.0

    async def run(self, client: aiomqtt.Client) -> None:
        """Hears for ever."""
        decode = msgspec.json.Decoder(Payload).decode
        async for message in client.messages:
            if not self.count:
                self.first = time.process_time()
            with contextlib.suppress(msgspec.DecodeError):
                decode(message.payload)
            self.count += 1

    async def watched(self, client: aiomqtt.Client) -> float:
        """Hears until all has been quiet for a while; seconds of CPU until then."""
        # One look a tenth of a second: a time limit for each message would be a task for each.
        hearing = asyncio.create_task(self.run(client))
        seen, spent, quiet = 0, 0.0, 0.0
        while quiet < QUIET_S:
            await asyncio.sleep(LOOK_S)
            quiet += LOOK_S
            if self.count != seen:
                seen, spent, quiet = self.count, time.process_time() - self.first, 0.0
        hearing.cancel()
        await asyncio.gather(hearing, return_exceptions=True)
        return spent


async def main(host: str, port: int, *, drain: bool) -> None:
    """Subscribes, and hears until all has been quiet for a while."""
    heard, spent = Drain(), 0.0
    async with aiomqtt.Client(host, port, identifier="bare", clean_session=False) as client:
        await client.subscribe(TOPIC, qos=1)
        if drain:
            spent = await heard.watched(client)
    sys.stdout.write(f"{heard.count} {spent}\n")


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2]), drain=sys.argv[3] == "drain"))
