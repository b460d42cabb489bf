"""A publisher for the tests of the broker's side."""

import json
from collections.abc import AsyncIterator

import aiomqtt
import pytest

from tests.support.broker import Mosquitto


class Voice:
    """Devices that speak to the broker."""

    def __init__(self, client: aiomqtt.Client) -> None:
        self._client = client

    async def say(
        self, device: str, said: dict[str, object] | bytes, *, qos: int = 1, retain: bool = False
    ) -> None:
        payload = said if isinstance(said, bytes) else json.dumps(said).encode()
        await self._client.publish(f"zigbee2mqtt/{device}", payload, qos=qos, retain=retain)


@pytest.fixture
async def voice(broker: Mosquitto) -> AsyncIterator[Voice]:
    """Something that speaks to this test's broker."""
    async with aiomqtt.Client(broker.host, broker.port, identifier="devices") as client:
        yield Voice(client)
