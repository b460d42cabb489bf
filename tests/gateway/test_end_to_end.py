"""One hub process between a real broker and a centre: from a message to a receipt."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import aiomqtt
import pytest

from contract import HubHealth, SensorEvent, decode
from gateway.cli import main
from tests.gateway.centre_peer import Peer, serving
from tests.gateway.household import Household
from tests.support.broker import Mosquitto

pytestmark = pytest.mark.network


async def until(holds: Callable[[], bool], what: str, log: Callable[[], str]) -> None:
    for _ in range(1500):
        if holds():
            return
        await asyncio.sleep(0.02)
    raise AssertionError(f"never: {what}\n{log()}")


def bodies(peer: Peer, kind: bytes) -> list[bytes]:
    """Of one kind; a heartbeat names the kinds of the sensors, too."""
    found = [body for body in peer.bodies("hub-1") if kind in body]
    return [body for body in found if kind == b'"software"' or b'"software"' not in body]


async def test_a_movement_reaches_the_centre_and_the_hub_tells_how_it_fares(
    tmp_path: Path, broker: Mosquitto, capsys: pytest.CaptureFixture[str]
) -> None:
    async with serving(Peer(codes={"7KQ2": ("hub-1", "h1")})) as peer:
        household = Household(tmp_path / "hub", port=broker.port, centre=peer.url, clock="wall")
        settings = ["--settings", str(household.path)]
        assert await asyncio.to_thread(main, ["claim", "7KQ2", *settings]) == 0
        household.program.start()
        said = household.program.said
        await until(lambda: "connected to the broker" in said(), "connected", said)
        async with aiomqtt.Client(broker.host, broker.port) as devices:
            for shut in (b"true", b"false"):
                said_now = b'{"contact":%s}' % shut
                await devices.publish("zigbee2mqtt/front-door", said_now, qos=1)
            await devices.publish("zigbee2mqtt/front-door", b"\xff\xff", qos=1)
            await devices.publish("zigbee2mqtt/stranger", b'{"contact":false}', qos=1)
        await until(lambda: bool(bodies(peer, b'"opening"')), "received", said)
        await until(lambda: bool(bodies(peer, b'"software"')), "a heartbeat", said)
        assert await asyncio.to_thread(household.program.stop) == 0
    event = decode(bodies(peer, b'"opening"')[0], SensorEvent)
    assert (event.home, event.sensor, event.value) == ("h1", "front-door", 1)
    assert decode(bodies(peer, b'"software"')[0], HubHealth).hub == "hub-1"
    capsys.readouterr()
    assert main(["status", *settings]) == 0
    shown = capsys.readouterr().out
    assert "not JSON" in shown
    assert "unknown_sensor" in shown
    assert "front-door" in shown
    assert "in touch" in shown
    log = household.program.said()
    assert "Traceback" not in log
    assert "contact" not in log
