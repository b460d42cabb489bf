"""What a home's sensors said can be taken out whole, in order, and lived through again."""

import gzip
from pathlib import Path

import pytest

from gateway.cli import main
from gateway.exporting import Span, export
from gateway.journal import Intake, Journal
from gateway.journal.inspection import Inspection
from tests.gateway.commands.lived_in import lived_in, written
from tests.gateway.events import START, event
from tests.gateway.household import Household


def ask(household: Household, *arguments: str | Path) -> int:
    return main(["export", *map(str, arguments), "--settings", str(household.path)])


def test_every_event_comes_out_sorted_by_time_and_can_be_imported_elsewhere(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    household, events = lived_in(tmp_path / "hub")
    out = tmp_path / "home.jsonl.gz"
    assert ask(household, out) == 0
    assert f"15 events of home h1 in {out}" in capsys.readouterr().out
    assert gzip.decompress(out.read_bytes()) == written(events)
    other = Household(tmp_path / "other")
    assert main(["import", str(out), "--settings", str(other.path)]) == 0
    assert other.events() == events


def test_a_persons_days_are_for_whoever_takes_them_out_alone(tmp_path: Path) -> None:
    household, _ = lived_in(tmp_path / "hub")
    out = tmp_path / "home.jsonl.gz"
    for options in ((), ("--force",)):
        assert ask(household, out, *options) == 0
        assert out.stat().st_mode & 0o777 == 0o600
        out.chmod(0o644)


def test_a_span_and_a_kind_leave_out_the_rest(tmp_path: Path) -> None:
    household, events = lived_in(tmp_path / "hub")
    out = tmp_path / "one.jsonl"
    assert ask(household, out, "--since", "2026-03-02", "--until", "2026-03-02T12:30") == 0
    assert out.read_bytes() == written(events[5:8])
    assert ask(household, out, "--kind", "opening", "--force") == 0
    assert out.read_bytes() == written([one for one in events if one.kind == "opening"])
    assert ask(household, out, "--sensor", "nobody", "--force") == 0
    assert out.read_bytes() == b""


def test_an_export_of_nothing_says_so_and_why(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    household, _ = lived_in(tmp_path / "hub")
    assert ask(household, tmp_path / "one.jsonl", "--sensor", "front-dor") == 0
    told = capsys.readouterr().err
    assert "the settings have no sensor 'front-dor'" in told
    assert "the hub has heard no such event; the file is empty" in told
    assert ask(household, tmp_path / "all.jsonl", "--sensor", "front-door") == 0
    assert capsys.readouterr().err == ""


def test_no_file_is_written_over_unless_told_to(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    household, _ = lived_in(tmp_path / "hub")
    out = tmp_path / "home.jsonl"
    out.write_text("mine")
    assert ask(household, out) == 2
    assert "--force replaces it" in capsys.readouterr().err
    assert out.read_text() == "mine"


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["home.txt"], 2, "is no name of a recording"),
        (["a.jsonl", "--since", "yesterday"], 2, "'yesterday' is no time"),
        (
            ["a.jsonl", "--since", "2026-03-03", "--until", "2026-03-02"],
            2,
            "--since is not before --until",
        ),
        (["no/such/folder/a.jsonl"], 1, "cannot be written"),
    ],
)
def test_what_cannot_be_done_is_said_and_leaves_nothing(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    code: int,
    says: str,
) -> None:
    household, _ = lived_in(tmp_path / "hub")
    assert ask(household, tmp_path / arguments[0], *arguments[1:]) == code
    assert says in capsys.readouterr().err
    assert [one.name for one in tmp_path.iterdir()] == ["hub"]


def test_its_progress_only_rises_and_ends(tmp_path: Path) -> None:
    path = tmp_path / "j.sqlite"
    with Journal.open(path, "hub-1", "h1") as journal:
        journal.write_intake(Intake(events=[event(n / 60) for n in range(12_000)]), START)
    seen: list[float] = []
    inspection = Inspection(path)
    assert export(inspection, Span(), tmp_path / "out.jsonl", seen.append) == 12_000
    inspection.close()
    assert len(seen) > 4
    assert seen == sorted(seen)
    assert seen[-1] == 1.0
