"""The benchmark can be run, and what it prints is what it measured."""

from pathlib import Path

import pytest

from tests.benchmarks import hub, latency, one_core, throughput
from tests.benchmarks.table import Row, rate, table
from tests.support.broker import Mosquitto
from tests.support.program import run


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("benchmark") / "homes.jsonl"
    run(
        "telecare-simulator", "generate", "--homes", "1", "--days", "4", "--seed", "1",
        "--start", "2026-01-01", "--out", path,
    )  # fmt: skip
    return path


def test_a_rate_is_told_by_the_second_by_the_event_and_beside_a_peer() -> None:
    assert rate(1_000, 0.01) == "100,000 a second, 10.00 us"
    assert rate(1_000, 0.01, peer=0.5) == "100,000 a second, 10.00 us, 20.0 x"


def test_the_figures_can_be_pasted_as_a_table() -> None:
    assert table([Row("a", "1 us", "2 us")]) == (
        "| measured | figure | beside |\n"
        "|----------|--------|--------|\n"
        "| a        | 1 us   | 2 us   |"
    )


def test_who_doubts_the_figures_of_one_core_can_measure_them_again(
    recording: Path, tmp_path: Path
) -> None:
    found = {row.what: row.figure for row in one_core.rows(recording, tmp_path)}
    assert len(found) == 6
    (checkpoint,) = (figure for what, figure in found.items() if "checkpoint" in what)
    assert 0 < float(checkpoint.removesuffix(" KiB")) < one_core.MOST_CHECKPOINT / 1024
    assert all(" a second" in figure for what, figure in found.items() if "checkpoint" not in what)


@pytest.mark.slow
@pytest.mark.network
def test_who_doubts_the_figures_of_a_hub_can_measure_them_again(
    broker: Mosquitto, recording: Path, tmp_path: Path
) -> None:
    resident = [row for row in hub.rows(broker, tmp_path) if "resident" in row.what]
    assert all(0 < int(row.figure.removesuffix(" MiB")) < hub.MOST_MIB for row in resident)
    assert len(list(throughput.rows(broker, recording, tmp_path))) == 4
    assert len(list(latency.rows(broker, tmp_path))) == 3
