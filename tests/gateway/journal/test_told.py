"""Whoever goes on with alerts knows each as it was told last."""

from collections import Counter
from pathlib import Path

import msgspec

from gateway.journal.journal import EngineMemory
from gateway.journal.told import newest_alerts
from tests.gateway.events import START, at
from tests.gateway.journal.test_journal import alert, open_journal


def test_each_alert_is_known_in_its_newest_version_and_in_the_order_they_were_raised(
    tmp_path: Path,
) -> None:
    first = msgspec.structs.replace(alert(1), id="b", raised_at=at(5), updated_at=at(5))
    second = msgspec.structs.replace(alert(1), id="a", raised_at=at(5), updated_at=at(5))
    third = msgspec.structs.replace(alert(1), id="c", raised_at=at(2), updated_at=at(2))
    other = msgspec.structs.replace(alert(1), id="d", condition="cold_home")
    newer = msgspec.structs.replace(first, version=3, text="newer")
    older = msgspec.structs.replace(first, version=2, text="an older word that came again")
    again = msgspec.structs.replace(second, text="the same version, written last")
    told = [first, newer, older, second, again, other, third]
    with open_journal(tmp_path) as journal:
        journal.write_outputs(told, EngineMemory(0, None, b"memory"), Counter(), START)
        found = newest_alerts(journal, lambda one: one.condition == alert(1).condition)
    assert found == [third, again, newer]
