"""A configuration that brings the hub down is taken back without anybody driving there."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from contract.downlink import digest_of
from gateway.downlink.book import Kept
from gateway.downlink.standing import PROBATION_S, STARTS
from gateway.settings import Settings
from tests.gateway.downlink.bench import SETTINGS, Bench, configuration


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    one = Bench(tmp_path)
    yield one
    one.journal.close()


def states(bench: Bench) -> list[tuple[int, str]]:
    rows = bench.journal.rows("select version, state from configuration order by version")
    return [(version, state) for version, state in rows]


def test_without_a_centre_the_file_counts(bench: Bench) -> None:
    assert bench.effective == (SETTINGS, None)


def test_a_version_is_good_once_the_hub_has_run_with_it_for_a_while(bench: Bench) -> None:
    bench.take(bench.told(version=1, people=2))
    bench.run(PROBATION_S - 1)
    assert states(bench) == [(1, "trial")]
    bench.run(1)
    assert states(bench) == [(1, "good")]


def test_a_hub_that_does_not_stay_up_goes_back_to_the_last_good_version(bench: Bench) -> None:
    bench.take(bench.told(version=1, people=2))
    bench.run(PROBATION_S)
    bench.take(bench.told(version=2, people=3))
    for _ in range(STARTS - 1):
        bench.restart()
        assert bench.effective.version == 2
    bench.restart()
    assert (bench.effective.version, bench.effective.settings.hub.people) == (1, 2)
    last = bench.reports()[-1]
    assert (last.version, last.state) == (2, "reverted")
    assert "did not stay up with it 3 times" in last.reason
    bench.restart()
    assert bench.reports()[-1] == last, "told once"


def test_beginning_anew_for_a_pause_is_no_failure_of_the_version(bench: Bench) -> None:
    bench.take(bench.told(version=1, people=2))
    for _ in range(STARTS + 2):
        bench.take(bench.told(bench.command("pause", until=bench.soon(600))))
        bench.take(bench.told(bench.command("resume")))
    assert bench.effective.version == 1


def test_one_that_the_hub_cannot_begin_with_is_taken_back_at_once(bench: Bench) -> None:
    bench.take(bench.told(version=1, people=2))
    assert bench.standing.failed(bench.effective, "RuntimeError: no", bench.now)
    bench.begin()
    assert bench.effective.version is None
    assert not bench.standing.failed(bench.effective, "the file's own fault", bench.now)
    assert bench.reports()[-1].reason == "RuntimeError: no"


def test_a_file_that_no_longer_goes_with_the_version_does_not_keep_the_hub_down(
    tmp_path: Path,
) -> None:
    bench = Bench(tmp_path)
    bench.take(bench.told(version=1, rules=[{"kind": "unoccupied", "name": "out", "hours": 12}]))
    db = bench.journal._connection
    older = b'{"rules":[{"kind":"dance"}]}'  # as software that knew more rules had taken it
    db.execute("update configuration set content = ?, digest = ?", (older, digest_of(older)))
    bench.restart()
    assert bench.effective == (SETTINGS, None)
    assert bench.reports()[-1].state == "reverted"
    db.execute(
        "update configuration set state = 'good', content = ?, digest = ?",
        (b"no json", digest_of(b"no json")),
    )
    bench.restart()
    assert bench.effective == (SETTINGS, None)
    bench.journal.close()


def test_of_old_versions_the_last_good_one_alone_is_kept(bench: Bench) -> None:
    for version in (1, 2, 3):
        bench.take(bench.told(version=version, people=version + 1))
        bench.run(PROBATION_S)
    bench.take(bench.told(version=4, people=99))
    bench.take(bench.told(version=5, people=6))
    assert states(bench) == [(3, "good"), (5, "trial")]


def test_the_file_may_change_beneath_a_configuration(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    bench.take(bench.told(version=1, people=2))
    bench.base = Settings(hub=SETTINGS.hub, budget={"uti_risk": 0.5})
    bench.restart()
    assert bench.effective.settings.hub.people == 2
    assert bench.effective.settings.budget == {"uti_risk": 0.5}
    bench.journal.close()


def test_a_hub_that_is_plugged_in_again_and_again_keeps_a_good_configuration(bench: Bench) -> None:
    bench.take(bench.told(version=1, people=2))
    for start in range(STARTS + 2):
        bench.boot = f"boot-{start + 2}"
        bench.restart()
    assert (bench.effective.version, states(bench)) == (1, [(1, "trial")])


def test_a_hub_that_is_stopped_in_good_order_keeps_a_good_configuration(bench: Bench) -> None:
    bench.take(bench.told(version=1, people=2))
    for _ in range(STARTS + 2):
        bench.standing.ended(bench.now)
        bench.restart()
    assert bench.effective.version == 1
    for _ in range(STARTS):
        bench.restart()
    assert bench.effective.version is None, "but one that ends by itself is taken back"


def test_that_a_version_is_applied_is_told_once_however_often_the_hub_starts(bench: Bench) -> None:
    bench.take(bench.told(version=1, people=2))
    bench.restart()
    bench.restart()
    assert [one.state for one in bench.reports()] == ["applied"]


def test_a_pendant_that_the_centre_had_listed_is_not_unheard_by_an_empty_list(
    tmp_path: Path,
) -> None:
    bench = Bench(tmp_path, msgspec.structs.replace(SETTINGS, sensors=()))
    pendant = {"name": "pendant", "kind": "button", "place": "pendant"}
    assert bench.take(bench.told(version=1, sensors=[pendant]))
    assert not bench.take(bench.told(version=2, sensors=[]))
    assert [(one.version, one.state) for one in bench.reports()] == [(1, "applied"), (2, "refused")]
    assert "would no longer hear a call for help" in bench.reports()[-1].reason
    bench.restart()
    assert [one.name for one in bench.effective.settings.sensors] == ["pendant"]
    bench.journal.close()


def test_an_empty_list_that_was_taken_once_is_taken_back_and_the_pendant_heard_again(
    bench: Bench,
) -> None:
    bench.take(bench.told(version=1, people=2))
    bench.run(PROBATION_S)
    sent = configuration(version=2, sensors=[])
    kept = Kept(2, sent.digest, bytes(sent.content), "trial", 0)
    bench.standing.book.take_version(kept, [], bench.now)
    bench.restart()
    assert bench.effective.version == 1
    assert bench.effective.settings.sensors == SETTINGS.sensors
    assert (bench.reports()[-1].version, bench.reports()[-1].state) == (2, "reverted")
