"""Progress belongs on standard error, and only where somebody watches."""

import pytest

from simulator.progress import Progress


def test_nothing_is_drawn_where_nobody_watches(capsys: pytest.CaptureFixture[str]) -> None:
    with Progress("living", 3, unit="days") as progress:
        for _ in range(3):
            progress.advance()
    assert progress.done == 3
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.strip() == ""


def test_what_must_be_said_is_said_on_one_line_whatever_its_length(
    capsys: pytest.CaptureFixture[str],
) -> None:
    text = "the broker at [somewhere] " + "far " * 60 + "away"
    with Progress("playing", 0, unit="events") as progress:
        progress.say(text)
    assert capsys.readouterr().err.strip() == text
