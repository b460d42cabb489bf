"""A hub must hear each home of a scenario by the settings that are printed for it."""

from pathlib import Path

import pytest

from gateway.dialects.networks import spoken_in
from gateway.engine import Watermark
from gateway.hearing.hearing import Hearing, Message, Past
from gateway.normaliser import Normaliser
from gateway.settings import load
from simulator.cli import main
from simulator.live.setting import Setting
from simulator.live.telling import Wanted
from simulator.scenarios import Staged
from simulator.scenarios.library import load as load_scenario
from tests.simulator.live.lives import events, messages

ARGUMENTS = ("hub-settings", "--scenario", "five-dialects", "--broker", "localhost", "--data", "d")


@pytest.mark.parametrize("home", ["home1", "home2", "home3", "home4", "home5"])
def test_a_home_is_heard_in_each_of_its_dialects(
    home: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*ARGUMENTS, "--home", home]) == 0
    path = tmp_path / "hub.toml"
    path.write_text(capsys.readouterr().out)
    settings = load(path)
    setting = Setting.of_scenario(Staged.of(load_scenario("five-dialects")), 1)
    told = setting.lived(int(home[-1]), Wanted()).take(float("inf"))
    hearing = Hearing(
        spoken_in(settings.heard),
        Normaliser(home, settings.sensors),
        Watermark(settings.lag_s),
        Past(),
        follows_wall_clock=True,
    )
    heard = [
        event
        for one in messages(told)
        for event in hearing.hear(
            [Message(f"{home}/{one.topic}", one.payload, 0, False, False, one.t)]
        ).events
    ]
    assert {one.sensor for one in heard} == {one.sensor for one in events(told)}
    assert len(heard) > 0.95 * len(events(told))
    assert settings.hub.people == setting.street.home(int(home[-1])).household.residents


def test_a_home_that_the_scenario_does_not_have_is_said_with_those_it_has(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main([*ARGUMENTS, "--home", "home6"]) == 1
    assert "home1 to home5" in capsys.readouterr().err
