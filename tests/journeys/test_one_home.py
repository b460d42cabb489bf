"""One home, its sensors to the centre, by the real programs: all arrives, once, as it was."""

import pytest

from contract import encode
from tests.journeys.conftest import Told
from tests.journeys.house import House

pytestmark = [pytest.mark.network, pytest.mark.timeout(280)]


async def test_the_centre_holds_what_the_sensors_said_and_the_alerts_a_replay_gives(
    house: House, told: Told
) -> None:
    house.open(told.path, told.home)
    player = house.player(told.path, told.home, speed=0)
    player.start()
    assert player.wait(240) == 0, player.said()
    await house.settled(len(told.events))
    held = await house.holds(told.events)
    if not told.has_appliances:  # then the hub learns of things in the order of the recording
        assert [encode(alert) for alert in held] == [encode(alert) for alert in told.alerts]
