"""A hub that was cut off for a month catches up, and a call for help meanwhile does not queue."""

from pathlib import Path

import pytest

from tests.benchmarks.offline import A_DAY, DAYS, MOST_CATCHING_UP_S, MOST_URGENT_S, measure
from tests.support.broker import Mosquitto

pytestmark = [pytest.mark.network, pytest.mark.slow, pytest.mark.timeout(240)]


def test_a_month_offline_is_caught_up_and_a_call_for_help_meanwhile_comes_at_once(
    tmp_path: Path, broker: Mosquitto, database_url: str
) -> None:
    found = measure(broker, tmp_path, database_url)
    assert found.waiting >= DAYS * A_DAY
    assert found.events >= DAYS * A_DAY
    assert found.left > 0, "nothing was left to send when the button was pressed"
    assert found.caught_up_s < MOST_CATCHING_UP_S, found
    assert found.called_s < MOST_URGENT_S, found
