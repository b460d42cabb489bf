"""Who sets up SCAIP without a receiving centre must see what one would get."""

import asyncio
import sys
from asyncio.subprocess import PIPE

import pytest

from api.channels.conformance import message
from api.channels.protocol import TryLater
from api.channels.scaip import CHANNEL

pytestmark = pytest.mark.network


@pytest.mark.parametrize("transport", ["udp", "tcp"])
@pytest.mark.parametrize("more", [[], ["--separate"], ["--snu", "6"]])
async def test_an_alarm_is_shown_and_answered_as_was_asked(transport: str, more: list[str]) -> None:
    command = ["scaip-receiver", "--port", "0", "--transport", transport, *more]
    receiver = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "simulator", *command, stdout=PIPE
    )
    assert receiver.stdout
    try:
        line = (await asyncio.wait_for(receiver.stdout.readline(), 20)).decode()
        port = int(line.rpartition(":")[2])
        given = {"host": "127.0.0.1", "port": port, "transport": transport}
        settings = CHANNEL.read({**given, "homes": {"hsecret": "8031372"}})
        told = message(text="No movement for 25 minutes.")
        if "--snu" in more:
            with pytest.raises(TryLater, match="busy"):
                await CHANNEL.deliver(told, settings)
        else:
            await CHANNEL.deliver(told, settings)
        shown = (await asyncio.wait_for(receiver.stdout.readline(), 20)).decode()
        assert shown.startswith("ME cid 8031372 dty 0005 stc 0009 lco 011 ref ")
        assert shown.endswith(": No movement for 25 minutes.\n")
    finally:
        receiver.kill()
        await receiver.communicate()
