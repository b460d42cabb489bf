"""An installer is not told that a sensor was heard of which only something else spoke."""

from pathlib import Path

import msgspec
import pytest

from contract import Quality
from gateway.journal import Intake
from gateway.settings import Sensor
from tests.gateway.downlink.bench import SETTINGS, Bench
from tests.gateway.events import START, event

HOUR = 3600.0


def test_a_detector_that_told_how_warm_it_is_was_not_walked_past(tmp_path: Path) -> None:
    kinds = (("hue", "motion"), ("hue", "temperature"), ("loft", "temperature"), ("loft", "link"))
    fitted = tuple(
        Sensor(name=name, kind=kind, place="hall")  # type: ignore[arg-type]  # as files have them
        for name, kind in kinds
    )
    bench = Bench(tmp_path, msgspec.structs.replace(SETTINGS, sensors=fitted))
    for heard, word in (
        (("temperature",), "1 of 2 sensors were heard; not heard: hue."),
        (("temperature", "motion"), "2 of 2 sensors were heard."),
    ):
        bench.take(bench.told(bench.command("walk_test", minutes=5)))
        told = [("loft", "temperature"), *(("hue", kind) for kind in heard)]
        events = [
            msgspec.structs.replace(event((bench.now - START) / HOUR, "hall", kind, 1), sensor=name)
            for name, kind in told
        ]
        intake = Intake(events=events, newest=bench.now, received=bench.now)
        bench.standing.spells.hush(intake)
        bench.journal.write_intake(intake, bench.now)
        bench.run(300)
        assert word in bench.last_word()


@pytest.mark.parametrize("quality", [Quality.LATE, Quality.REPLAYED])
def test_what_a_bridge_still_had_from_before_is_not_taken_for_a_walk_past_the_detector(
    tmp_path: Path, quality: Quality
) -> None:
    bench = Bench(tmp_path)
    bench.take(bench.told(bench.command("walk_test", minutes=5)))
    for sensor, told in (("pir", quality), ("door", Quality.OK)):
        kind = {"pir": "motion", "door": "opening"}[sensor]
        one = event((bench.now - START) / HOUR, "hall", kind, 1)
        one = msgspec.structs.replace(one, sensor=sensor, quality=told)
        intake = Intake(events=[one], newest=bench.now, received=bench.now)
        bench.standing.spells.hush(intake)
        assert len(intake.told) == (told == Quality.OK)
        bench.journal.write_intake(intake, bench.now)
    bench.run(300)
    assert "1 of 3 sensors were heard; not heard: pendant, pir." in bench.last_word()
