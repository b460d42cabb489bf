"""Power cuts: hub and centre are killed again and again while a home is played through them."""

import random
from collections.abc import Callable
from time import sleep

import pytest

from tests.journeys.conftest import Told
from tests.journeys.house import House
from tests.support.program import Program

pytestmark = [pytest.mark.network, pytest.mark.timeout(290)]

HUB_KILLS = 20
CENTRE_KILLS = 8
PLAY_SECONDS = 60.0


def span(told: Told) -> float:
    """Seconds from a recording's first event to its last."""
    return (told.events[-1].at - told.events[0].at).total_seconds()


def strike(player: Program, kills: list[Callable[[], None]], chance: random.Random) -> int:
    """Carries out the kills at random instants while the player plays; how many there were."""
    done = 0
    for kill in kills:
        sleep(chance.uniform(0.3, 1.6) * PLAY_SECONDS / len(kills))
        if not player.running():
            break
        kill()
        done += 1
    return done


def killed(program: Program) -> Callable[[], None]:
    def cut() -> None:
        program.kill()
        program.start()

    return cut


async def test_no_power_cut_loses_an_event_or_doubles_an_alert(house: House, longest: Told) -> None:
    chance = random.Random(20)  # noqa: S311 - the instants need no secrecy, only to be told again
    house.open(longest.path, longest.home)
    player = house.player(longest.path, longest.home, speed=span(longest) / PLAY_SECONDS)
    player.start()
    kills = [killed(house.hub)] * HUB_KILLS + [killed(house.centre)] * CENTRE_KILLS
    chance.shuffle(kills)
    done = strike(player, kills, chance)
    assert player.wait(120) == 0, player.said()
    for cut in kills[done:]:  # the play was over sooner than thought: the rest while it settles
        cut()
    await house.settled(len(longest.events))
    await house.holds(longest.events)
