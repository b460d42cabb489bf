"""What is heard of a recording: the same words, and the same precision, for both sides."""

from pathlib import Path

import msgspec
import numpy as np

from contract import Kind, SensorEvent, utc
from contract.recordings import write_recording
from simulator.living.household import SETTLED
from simulator.living.senses.columns import joined
from simulator.living.street import made_up_home
from simulator.realism.hearing import hear, hear_columns, read


def event(t: float, kind: str, place: str, value: float = 1, home: str = "a") -> SensorEvent:
    return SensorEvent(home=home, sensor="x", kind=kind, place=place, at=utc(t), value=value)


def test_only_what_a_real_recording_could_tell_is_heard() -> None:
    homes = hear(
        [
            event(1.25, Kind.MOTION, "bathroom"),
            event(2, Kind.OPENING, "fridge", 1),
            event(3, Kind.OPENING, "fridge", 0),  # TIHM tells closings too
            event(4, Kind.TEMPERATURE, "lounge", 19),
            event(5, Kind.OPENING, "kitchen"),  # a cupboard is no motion
            event(6, Kind.PRESENCE, "bed", 1),
            event(7, Kind.PRESENCE, "bed", 0),
        ]
    )
    assert [home.name for home in homes] == ["a"]
    streams = {sensor: rows.tolist() for sensor, rows in homes[0].streams.items()}
    assert streams == {
        "bathroom": [[1, 1, 0]],  # cut to whole seconds: more would give a made-up home away
        "bed": [[6, 1, 0], [7, 0, 0]],
        "fridge": [[2, 1, 0], [3, 0, 0]],
    }


def test_a_use_keeps_its_energy_and_its_length() -> None:
    boil = msgspec.structs.replace(event(300, Kind.APPLIANCE, "kettle", 90), duration=150.0)
    assert hear([boil])[0].streams["kettle"].tolist() == [[300, 90, 150]]


def test_homes_come_by_name_and_their_events_by_time() -> None:
    homes = hear([event(9, Kind.MOTION, "lounge", home=home) for home in "ba"])
    assert [home.name for home in homes] == ["a", "b"]
    late = hear([event(t, Kind.MOTION, "lounge") for t in (9, 3, 5)])
    assert late[0].streams["lounge"][:, 0].tolist() == [3, 5, 9]


def test_a_made_up_home_is_heard_in_columns_as_in_a_recording_of_it() -> None:
    """Or people would be fitted to something else than what the report then judges."""
    one, two = (made_up_home(3, seed=5, start=1_556_492_400.0, mix=SETTLED) for _ in "ab")
    until = one.start + 3 * 86_400
    in_columns = hear_columns(one.name, one.sensors, joined(one.columns(until))).streams
    recorded = hear(two.until(until))[0].streams
    assert {"kettle", "bed", "fridge", "bathroom"} <= set(recorded) == set(in_columns)
    for sensor, rows in recorded.items():
        np.testing.assert_array_equal(in_columns[sensor], rows)


def test_lines_that_are_no_events_are_counted_and_stop_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    write_recording(path, [event(1, Kind.MOTION, "lounge")])
    path.write_bytes(b"nonsense\n" + path.read_bytes())
    homes, bad = read(path)
    assert bad == 1
    assert len(homes) == 1


def test_an_empty_recording_has_no_homes(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(b"")
    assert read(path) == ([], 0)
