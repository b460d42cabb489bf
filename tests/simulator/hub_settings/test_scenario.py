"""A hub must hear each home of a scenario by the settings that are printed for it."""

from pathlib import Path

import pytest

from gateway.dialects.networks import spoken_in
from gateway.engine import Watermark
from gateway.hearing.hearing import Hearing, Past
from gateway.hearing.message import Message
from gateway.normaliser import Normaliser
from gateway.settings import load
from simulator.cli import main
from simulator.live.setting import Setting
from simulator.live.telling import Wanted
from simulator.scenarios import Staged
from simulator.scenarios.library import load as load_scenario
from tests.simulator.live.lives import events, messages

MADE_UP = ("hub-settings", "--home", "home1", "--broker", "localhost", "--data", "d")
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


def test_a_hub_listens_where_run_lets_the_home_speak(capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in (MADE_UP, (*ARGUMENTS, "--home", "home1")):
        assert main([*arguments, "--base-topic", "street/{home}"]) == 0
        assert 'base_topic = "street/home1"' in capsys.readouterr().out


@pytest.mark.parametrize("base", ["{room}", "{home.x}", "{home[a]}", "{}", "{"])
def test_a_topic_with_a_place_for_something_else_is_refused(
    base: str, capsys: pytest.CaptureFixture[str]
) -> None:
    for arguments in (MADE_UP, (*ARGUMENTS, "--home", "home1")):
        assert main([*arguments, "--base-topic", base]) == 1
        assert "may hold {home} and {dialect} alone" in capsys.readouterr().err
    run = ("run", "--home", "home1", "--days", "1", "--speed", "0", "--broker", "localhost:1")
    assert main([*run, "--base-topic", base]) == 1
    assert "may hold {home} and {dialect} alone" in capsys.readouterr().err
