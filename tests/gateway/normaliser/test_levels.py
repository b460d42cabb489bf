"""A room that grows cold is noticed, and a thermometer that chatters does not fill the journal."""

from gateway.dialects.protocol import Reading, Signal
from gateway.normaliser.levels import AGAIN_S, GaitSpeed, Temperature


def celsius(value: float) -> Reading:
    return Reading("t", Signal.TEMPERATURE, value)


def test_a_measure_is_told_when_it_moves() -> None:
    room = Temperature(step=0.1)
    assert [one.value for one in room.hear(celsius(19.4), 0)] == [19.4]
    assert room.hear(celsius(19.45), 10) == []
    assert [one.value for one in room.hear(celsius(19.6), 20)] == [19.6]


def test_a_measure_that_does_not_move_is_told_now_and_then() -> None:
    room = Temperature(step=0.1)
    room.hear(celsius(19.4), 0)
    assert room.hear(celsius(19.4), AGAIN_S - 1) == []
    assert len(room.hear(celsius(19.4), AGAIN_S)) == 1


def test_every_walk_counts_even_at_the_same_speed() -> None:
    gait = GaitSpeed(step=0.0)
    walk = Reading("hall", Signal.GAIT_SPEED, 0.8)
    assert len(gait.hear(walk, 0)) == 1
    assert len(gait.hear(walk, 30)) == 1
