"""What somebody did not agree to raises no alert in their home, and all else still does."""

from pathlib import Path

import msgspec
import pytest

from contract import Assessment
from gateway.assembly import make_room, make_watermark
from gateway.beside import Beside
from gateway.doctor.standing import check_standing
from gateway.downlink.standing import Peeked
from gateway.engine.switched_off import REASON, with_off
from gateway.journal import Journal
from gateway.settings import Settings, files
from gateway.settings.hub import Hub
from gateway.settings.sensor import Sensor
from tests.gateway.clock import test_setting_back
from tests.gateway.clock.test_setting_back import HOUR, Lasting
from tests.gateway.engine.test_gate import answer
from tests.gateway.events import START
from tests.gateway.hearing import test_calls


def test_only_what_is_switched_off_is_left_unsaid() -> None:
    gate = with_off(lambda said: said, {"no_movement"})
    off, on = gate(answer(START)), answer(START, "possible_fall")
    assert (off.state, off.reason, off.text) == ("blind", REASON, REASON)
    assert gate(on) is on


def test_a_hub_s_engine_keeps_to_it(tmp_path: Path) -> None:
    settings = Settings(
        hub=Hub(id="hub-1", home="h1", off=("no_movement", "uti_risk")),
        sensors=(Sensor(name="pir", kind="motion", place="hall"),),
    )
    with Journal.open(tmp_path / "journal.sqlite", "hub-1", "h1") as journal:
        room = make_room(settings, journal, make_watermark(settings, journal), lambda: START)
        said = [one for one in room._engine.blindfold(START) if isinstance(one, Assessment)]
    assert {(one.condition, one.reason) for one in said} == {
        ("no_movement", REASON),
        ("uti_risk", REASON),
    }


def with_settings(monkeypatch: pytest.MonkeyPatch, off: tuple[str, ...]) -> None:
    """What the home has switched off from the next beginning on, and what a replay is shown."""
    hub = msgspec.structs.replace(test_calls.SETTINGS.hub, off=off)
    settings = msgspec.structs.replace(test_calls.SETTINGS, hub=hub)
    monkeypatch.setattr(test_calls, "SETTINGS", settings)
    monkeypatch.setattr(test_setting_back, "SETTINGS", settings)


def a_night(home: Lasting) -> None:
    for _ in range(12):
        home.passes(1200)
        home.tells("pir", "motion")
    home.passes(20 * HOUR)


@pytest.mark.parametrize("today", [(), ("no_movement", "possible_fall")], ids=["on", "off"])
@pytest.mark.parametrize("killed", [False, True])
def test_a_replay_raises_what_was_on_then_and_nothing_that_was_off(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, today: tuple[str, ...], killed: bool
) -> None:
    """On, off, and as it is today; whatever the settings say by now of the time before."""
    with_settings(monkeypatch, ())
    home = Lasting(tmp_path)
    a_night(home)
    before = home.told()
    assert before, "nothing is told that could be switched off"
    for off in (("no_movement", "possible_fall"), today):
        with_settings(monkeypatch, off)
        if killed:
            home.journal.close()
            home.start()
        else:
            home.begins_anew()
        a_night(home)
    assert home.replayed() == home.told()
    assert (len(home.told()) > len(before)) is (not today)
    assert [one.conditions for one in home.journal.switches()][:2] == [
        (),
        ("no_movement", "possible_fall"),
    ]
    home.journal.close()


def test_whoever_looks_a_hub_over_is_told_what_it_does_not_watch_for(tmp_path: Path) -> None:
    settings = Settings(hub=Hub(id="hub-1", home="h1", off=("no_movement",)))
    found = check_standing(settings, files(tmp_path / "hub.toml", settings), START)
    assert any("no_movement" in one.said for one in found)
    assert "not watched for in this home: no_movement" in Beside(Peeked(settings)).remarks(START)
