"""A time that a person types means the home's clock, whatever the machine's."""

import re
from zoneinfo import ZoneInfo

import pytest

from gateway.commands.moments import HELP, MomentError, moment
from tests.gateway.events import START

LONDON, TOKYO = ZoneInfo("Europe/London"), ZoneInfo("Asia/Tokyo")


@pytest.mark.parametrize(
    ("text", "zone", "hours"),
    [
        ("2026-03-01", LONDON, 0),
        ("2026-03-01", TOKYO, -9),
        ("2026-03-01T07:30", LONDON, 7.5),
        ("2026-03-01T07:30+02:00", TOKYO, 5.5),
        ("2026-03-01T07:30Z", TOKYO, 7.5),
        ("2026-03-30", LONDON, 29 * 24 - 1),
        ("36h", LONDON, -36),
        ("2d", LONDON, -48),
        ("90m", TOKYO, -1.5),
    ],
)
def test_what_is_typed_is_what_is_meant(text: str, zone: ZoneInfo, hours: float) -> None:
    assert moment(text, zone, START) == START + hours * 3600


def test_whoever_types_what_help_shows_is_understood() -> None:
    shown = re.sub(r" \(.*\)", "", HELP).split(", ")
    assert len(shown) == 4
    for one in shown:
        assert moment(one.split()[-1], LONDON, START)


@pytest.mark.parametrize("text", ["", "yesterday", "7", "7y", "2026-13-01", "-1d", "9999999d"])
def test_what_is_no_time_is_refused_with_what_is_allowed(text: str) -> None:
    with pytest.raises(MomentError, match="allowed are 2026-03-01"):
        moment(text, LONDON, START)
