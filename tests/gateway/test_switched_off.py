"""What somebody did not agree to raises no alert in their home, and all else still does."""

from pathlib import Path

from contract import Assessment
from gateway.assembly import make_room, make_watermark
from gateway.journal import Journal
from gateway.settings import Settings
from gateway.settings.hub import Hub
from gateway.settings.sensor import Sensor
from gateway.switched_off import REASON, with_off
from tests.gateway.downlink.test_gate import answer
from tests.gateway.events import START


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
