"""What only our own receiver understands would be no SIP: the same against another maker's."""

import asyncio
import os
import shutil
import time
from pathlib import Path

import pytest

from api.channels.conformance import message
from api.channels.protocol import GiveUp
from api.channels.scaip import CHANNEL
from tests.support.ports import free_port

TABLES = Path("/proc/net")
SCENARIO = Path(__file__).with_name("sipp_receiver.xml")

pytestmark = [
    pytest.mark.network,
    pytest.mark.skipif(
        shutil.which("sipp") is None or not TABLES.exists(), reason="sipp or /proc is not there"
    ),
]


@pytest.mark.parametrize("transport", ["udp", "tcp"])
@pytest.mark.parametrize("snu", [0, 3])
async def test_a_real_sip_peer_takes_an_alarm_and_its_answer_is_understood(
    transport: str, snu: int, tmp_path: Path
) -> None:
    scenario = tmp_path / "receiver.xml"
    scenario.write_text(SCENARIO.read_text().replace("<snu>0<", f"<snu>{snu}<"))
    port = free_port()
    sipp = await asyncio.create_subprocess_exec(
        "sipp", "-sf", str(scenario), "-i", "127.0.0.1", "-p", str(port), "-nostdin", "-m", "1",
        "-t", "t1" if transport == "tcp" else "u1", "-timeout", "20",
        cwd=tmp_path, env={**os.environ, "TERM": "dumb"},
        stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        await asyncio.to_thread(listening, transport, port)
        given = {"host": "127.0.0.1", "port": port, "transport": transport}
        settings = CHANNEL.read({**given, "homes": {"hsecret": "8031372"}})
        if snu:
            with pytest.raises(GiveUp, match="snu 3"):
                await CHANNEL.deliver(message(), settings)
        else:
            await CHANNEL.deliver(message(), settings)
        assert await asyncio.wait_for(sipp.wait(), 10) == 0  # by its own count one call went well
    finally:
        if sipp.returncode is None:
            sipp.kill()
            await sipp.wait()


def listening(transport: str, port: int) -> None:
    """Waits until the peer has its port; to ask on TCP would be a call in itself."""
    until = time.monotonic() + 10
    while f":{port:04X} " not in TABLES.joinpath(transport).read_text():
        assert time.monotonic() < until, "sipp did not start"
        time.sleep(0.02)
