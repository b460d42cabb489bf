"""A budget that is set for the wrong home, or over another's, alarms nobody or everybody."""

import pytest

from api.downlink.budgets import MOST_AT_ONCE, USUAL, SetInAll
from api.refusals import Conflict, Invalid, NotAllowed, NotFound
from api.services import Services
from contract import HomeSettings, encode
from detectors.budgets import BUDGETS
from tests.api.support import add_device, add_user


def test_what_is_called_usual_is_what_hubs_bear() -> None:
    assert USUAL == BUDGETS


async def test_one_home_is_set_and_all_else_stays(services: Services) -> None:
    sue = await add_user(services, "sue", role="supervisor", organisations=[1])
    home, configurations = (await add_device(services)).home, services.configurations
    await configurations.put(home, encode(HomeSettings(people=2)), sue, seen=0)
    await configurations.put_budget(home, {"uti_risk": 0.5, "fall_risk": 0.1}, sue, seen=1)
    await configurations.put_budget(home, {"fall_risk": None}, sue, seen=2)
    put = (await configurations.of(sue.reach, home)).settings
    assert put == HomeSettings(people=2, budget={"uti_risk": 0.5})
    await configurations.put_budget(home, {"uti_risk": None}, sue, seen=3)
    put = (await configurations.of(sue.reach, home)).settings
    assert put == HomeSettings(people=2), "the hub's own file holds again"
    with pytest.raises(Conflict):
        await configurations.put_budget(home, {"uti_risk": 1.0}, sue, seen=1)
    for odd in ({"uti_risk": 31.0}, {"uti_risk": 0.0}, {"boredom": 1.0}):
        with pytest.raises(Invalid):
            await configurations.put_budget(home, odd, sue, seen=4)


async def test_all_of_an_organisation_s_homes_are_set_and_no_other_s(services: Services) -> None:
    other = (await services.organisations.add("Others")).organisation
    sue = await add_user(services, "sue", role="supervisor", organisations=[1])
    boss = await add_user(services, "boss", role="administrator")
    ours = [(await add_device(services)).home for _ in range(3)]
    theirs = (await add_device(services, organisation=other)).home
    await services.configurations.put_budget(ours[0], {"fall_risk": 0.1}, sue, seen=0)
    await services.configurations.put_budget(ours[1], {"uti_risk": 0.5}, sue, seen=0)
    assert await services.budgets.put_all(sue, 1, {"uti_risk": 0.5}) == SetInAll(2, 0)
    found = {one.home: one for one in await services.budgets.of(sue, 1)}
    assert {home: found[home].budget for home in ours} == {
        ours[0]: {"fall_risk": 0.1, "uti_risk": 0.5},
        ours[1]: {"uti_risk": 0.5},
        ours[2]: {"uti_risk": 0.5},
    }
    assert found[ours[1]].version == 1, "what bears it already is told nothing new"
    (hub,) = found[ours[0]].hubs
    assert (hub.applied, found[ours[0]].version) == (None, 2)
    assert (await services.configurations.of(boss.reach, theirs)).settings is None
    with pytest.raises(NotFound):
        await services.budgets.put_all(sue, other, {"uti_risk": 0.5})
    with pytest.raises(NotFound):
        await services.budgets.of(sue, other)


async def test_who_may_not_set_a_home_sets_none(services: Services) -> None:
    ann = await add_user(services, "ann", organisations=[1])
    home = (await add_device(services)).home
    with pytest.raises(NotAllowed):
        await services.configurations.put_budget(home, {"uti_risk": 0.5}, ann, seen=0)
    with pytest.raises(NotAllowed):
        await services.budgets.put_all(ann, 1, {"uti_risk": 0.5})
    with pytest.raises(NotAllowed):
        await services.budgets.of(ann, 1)


async def test_very_many_homes_are_set_a_part_at_a_time(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.downlink.budgets.MOST_AT_ONCE", 2)
    sue = await add_user(services, "sue", role="supervisor", organisations=[1])
    for _ in range(3):
        await add_device(services)
    assert MOST_AT_ONCE > 2
    assert await services.budgets.put_all(sue, 1, {"uti_risk": 0.5}) == SetInAll(2, 1)
    assert await services.budgets.put_all(sue, 1, {"uti_risk": 0.5}) == SetInAll(1, 0)
    assert await services.budgets.put_all(sue, 1, {"uti_risk": 0.5}) == SetInAll(0, 0)
