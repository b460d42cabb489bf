"""Bytes of one small street: whoever changes how people live must see that they did."""

from hashlib import sha256
from pathlib import Path

from simulator.living.episodes.episode import DAY_S
from simulator.living.episodes.registry import kind_of
from simulator.living.generate import write_street
from simulator.living.household import SETTLED
from simulator.living.street import Planned, Street
from tests.simulator.living.people import START

# After a change of the lives that is meant, take it from what the test says.
GOLDEN = "71e8278813384cff474b1f8524079d0dbedbb8f75650c90db8457c45a5af8150"

STREET = Street(
    seed=1,
    start=START,
    homes=6,
    mix=SETTLED,
    planned=(
        Planned("home1", kind_of("uti").begin(3 * DAY_S, severity=0.7)),
        Planned("home2", kind_of("fall").begin(4.5 * DAY_S)),
        Planned("home3", kind_of("holiday").begin(2.4 * DAY_S, days=3)),
        Planned("home4", kind_of("second_resident").begin(5 * DAY_S)),
        Planned("home5", kind_of("heat_wave").begin(DAY_S)),
    ),
)


def test_the_same_street_gives_the_same_bytes_on_every_machine(tmp_path: Path) -> None:
    path = tmp_path / "street.jsonl"
    write_street(STREET, 9, path)
    assert sha256(path.read_bytes()).hexdigest() == GOLDEN
