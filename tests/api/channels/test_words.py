"""What people read must say what happened, and name somebody only where that was asked for."""

from typing import Any

import pytest

from api.channels.conformance import message
from api.channels.words import headline, paragraphs, shortened


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"lane": "advisory", "alert": 3}, "Advisory alert 3 raised"),
        ({"action": "clear"}, "Urgent alert 17 is no longer observed"),
        ({"action": "stand_down"}, "Urgent alert 17 stand down"),
        ({"action": "heartbeat"}, "The monitoring centre is at work"),
    ],
)
def test_the_headline_says_what_happened(fields: dict[str, Any], says: str) -> None:
    assert headline(message(**fields).told) == says


def test_an_alert_about_many_homes_has_no_empty_place_before_its_text() -> None:
    told = message(home=None, label="", text="30 hubs are silent.", prompt="").told
    assert paragraphs(told, full=True, link="") == [
        "Urgent alert 17 raised.",
        "30 hubs are silent.",
    ]


def test_a_text_that_was_shortened_is_seen_to_be() -> None:
    assert shortened("abcdefghij", 10) == "abcdefghij"
    assert shortened("abcdefghijk", 10) == "abcdefg..."
