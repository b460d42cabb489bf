"""Whoever sets up a home sees which messages could not be used, and why, at a glance."""

from pathlib import Path

import msgspec
import pytest

from gateway.cli import main
from tests.gateway.commands.lived_in import STRANGER, lived_in
from tests.gateway.household import Household


class Asked:
    """One hub's quarantine, asked about."""

    def __init__(self, household: Household, capsys: pytest.CaptureFixture[str]) -> None:
        self._household = household
        self._capsys = capsys
        self.code = -1
        self.wrong = ""

    def __call__(self, *arguments: str) -> str:
        self.code = main(["quarantine", *arguments, "--settings", str(self._household.path)])
        told = self._capsys.readouterr()
        self.wrong = told.err
        return told.out


@pytest.fixture
def ask(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Asked:
    household, _ = lived_in(tmp_path)
    return Asked(household, capsys)


def test_reasons_are_counted_and_the_newest_come_first(ask: Asked) -> None:
    first, second, blank, *newest = ask().splitlines()
    assert first == "     2  dated N s ahead of the hub's clock"
    assert second == f"     1  {STRANGER}"
    assert not blank
    assert newest[0] == f"     3  2026-03-01 00:00:00  zigbee2mqtt/new: {STRANGER}"
    assert len(newest) == 3
    assert ask("--most", "1").splitlines()[-1] == "        and 2 older"
    assert len(ask("--like", "PLUG").splitlines()) == 4


def test_one_is_shown_whole_whatever_it_holds(ask: Asked) -> None:
    shown = ask("show", "3")
    assert 'said     {"contact":\\xff}' in shown
    assert f"reason   {STRANGER}" in shown
    ask("show", "77")
    assert ask.code == 1
    assert "none of that number" in ask.wrong


def test_only_what_is_meant_is_cleared_and_no_event_with_it(ask: Asked) -> None:
    assert ask("clear", "--like", STRANGER) == "1 messages forgotten\n"
    assert "zigbee2mqtt/new" not in ask()
    assert ask("clear") == "2 messages forgotten\n"
    assert ask() == "nothing in quarantine\n"
    assert len(ask._household.events()) == 15
    assert ask._household.journal().counters() == {"refused": 2}


def test_words_that_a_shell_left_out_clear_nothing(ask: Asked) -> None:
    ask("clear", "--like", "")
    assert (ask.code, "names no words" in ask.wrong) == (2, True)
    assert len(ask("--like", "").splitlines()) == 6


def test_a_program_gets_it_as_json(ask: Asked) -> None:
    found = msgspec.json.decode(ask("--json"))
    assert found["reasons"] == {"dated N s ahead of the hub's clock": 2, STRANGER: 1}
    assert found["messages"][0]["payload"] == '{"contact":\\xff}'
    assert msgspec.json.decode(ask("show", "3", "--json")) == found["messages"][0]
    assert msgspec.json.decode(ask("clear", "--json")) == {"forgotten": 3}


@pytest.mark.parametrize("arguments", [["show"], ["clear", "3"], ["list", "3"]])
def test_a_number_where_none_belongs_is_refused_so_that_nothing_is_cleared_by_mistake(
    ask: Asked, arguments: list[str]
) -> None:
    ask(*arguments)
    assert ask.code == 2


def test_a_hub_that_never_ran_has_none(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    household = Household(tmp_path)
    for what in ("list", "clear"):
        assert main(["quarantine", what, "--settings", str(household.path)]) == 1
        assert "has the hub ever run?" in capsys.readouterr().err
    assert not household.journal_path.exists()
