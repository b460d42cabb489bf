"""One measure of a routine: sensors that are lost are told from people who have stopped."""

from hypothesis import given
from hypothesis import strategies as st

from detectors.models.usual import Prior
from detectors.stream import Part, Stream, Track, of_silence

DRINKS = Stream(
    measure="drinks", label="Drinks", unit="drinks", night=False, effects=(0.75, 0.5, None, 0.25)
)
PRIOR = Prior(level=6.0, dispersion=1.0)


def lived(*counts: float, hindered: bool = False) -> tuple[Track, list[list[float | None]]]:
    track, ratios = Track(), []
    for day, count in enumerate(counts):
        for _ in range(int(count)):
            track.add(1.0)
        ratios.append(track.end(DRINKS, PRIOR, Part(day, 1.0, hindered)))
    return track, ratios


def test_a_sensor_that_was_never_there_says_nothing() -> None:
    track, ratios = lived(0, 0, 0)
    assert not track.known
    assert ratios == [[None] * 4] * 3
    assert not track.points


def test_a_form_that_leaves_the_measure_alone_is_left_alone() -> None:
    _, ratios = lived(6, 6, 1)
    assert ratios[-1][2] is None
    assert all(ratio is not None and ratio > 0 for ratio in (ratios[-1][0], ratios[-1][3]))


@given(st.floats(0, 40), st.floats(0.1, 10), st.sampled_from([0.25, 0.5, 0.75]))
def test_the_evidence_of_a_silence_rises_and_then_falls(
    before: float, step: float, factor: float
) -> None:
    early, late = of_silence(0.0, 1.0, factor), of_silence(before + 20, before + 20 + step, factor)
    assert early > 0 > late


def test_a_day_without_drinks_speaks_but_three_weeks_without_do_not() -> None:
    def evidence(days: int) -> float:
        _, ratios = lived(*[6.0] * 10, *[0.0] * days)
        return sum(day[1] or 0.0 for day in ratios[10:])

    assert evidence(1) > 0
    assert evidence(21) < 0


def test_a_lost_sensor_does_not_teach_that_nothing_is_usual() -> None:
    track, _ = lived(*[6.0] * 20, *[0.0] * 60)
    assert track.count is not None
    assert track.count.level(PRIOR) > 4


def test_a_hindered_day_is_shown_as_not_seen_and_not_learned() -> None:
    track, ratios = lived(30, hindered=True)
    assert ratios == [[None] * 4]
    assert track.points[0].value is None
