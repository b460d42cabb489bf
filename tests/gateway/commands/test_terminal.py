"""No device, neighbour or bridge can steer the terminal of whoever looks at a hub."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.cli import main
from gateway.journal import Intake, Journal
from gateway.journal.intake import quarantined
from gateway.report.terminal import as_json, escaped, shown, shown_lines
from tests.gateway.events import event
from tests.gateway.household import Household

EVIL = "\x1b]0;pwned\x07\x1b[2J\x9b31m\u202e\r"
COMMANDS = (
    ("status", "--once"),
    ("status", "--json"),
    ("sensors",),
    ("sensors", "--json"),
    ("tail", "--seconds", "0"),
    ("tail", "--seconds", "0", "--json"),
    ("quarantine",),
    ("quarantine", "--json"),
    ("quarantine", "show", "1"),
    ("settings",),
    ("settings", "--json"),
    ("doctor", "--listen", "0"),
    ("doctor", "--listen", "0", "--json"),
)


@pytest.fixture
def household(tmp_path: Path) -> Household:
    """A hub in whose settings, journal and quarantine somebody has put what steers terminals."""
    one = Household(tmp_path)
    name = msgspec.json.encode(f"x{EVIL}").decode().replace("\x7f", "").replace("\x9b", "\\u009b")
    one.path.write_text(
        one.path.read_text("utf-8")
        + f'\n[[sensors]]\nname = {name}\nkind = "motion"\nplace = "kitchen"\n',
        "utf-8",
    )
    evil = msgspec.structs.replace(event(1), sensor=f"x{EVIL}", place=f"y{EVIL}")
    reason = f"no sensor of this name is in the settings {EVIL}"
    with Journal.open(one.journal_path, "hub-1", "h1") as journal:
        aside = quarantined(time.time(), f"zigbee2mqtt/{EVIL}", reason, EVIL.encode())
        journal.write_intake(Intake(events=[evil], quarantine=[aside]), time.time())
    return one


@pytest.mark.network
@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_no_command_passes_on_what_a_terminal_obeys(
    household: Household, command: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*command, "--settings", str(household.path)]) in {0, 1}
    printed = capsys.readouterr()
    text = printed.out + printed.err
    assert "pwned" in text, "it is shown, and harmless"
    assert [one for one in text if not one.isprintable() and one != "\n"] == []


@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
@pytest.mark.parametrize(
    "command", [("status", "--once"), ("sensors",), ("settings",), ("settings", "--json")]
)
def test_a_terminal_that_lacks_a_letter_shows_all_the_rest(
    tmp_path: Path, command: tuple[str, ...], encoding: str
) -> None:
    home = Household(tmp_path)
    text = home.path.read_text("utf-8").replace("front-door", "K\u00fcche \u65e5")
    home.path.write_text(text, "utf-8")
    Journal.open(home.journal_path, "hub-1", "h1").close()
    done = gateway(home, *command, PYTHONIOENCODING=encoding)
    assert (done.returncode, done.stderr) == (0, "")
    assert ("\u00fc" if encoding == "latin-1" else "\\u00fc") in done.stdout
    assert "\\u65e5" in done.stdout
    if "--json" in command:
        assert "K\u00fcche \u65e5" in str(json.loads(done.stdout))


def test_a_disk_that_is_full_costs_one_line(tmp_path: Path) -> None:
    home = Household(tmp_path)
    Journal.open(home.journal_path, "hub-1", "h1").close()
    with Path("/dev/full").open("w") as full:
        done = gateway(home, "settings", to=full)
    assert (done.returncode, done.stderr) == (1, "settings: no space left on device\n")


def gateway(home: Household, *command: str, to: Any = subprocess.PIPE, **variables: str) -> Any:
    """A command as a person types it."""
    return subprocess.run(
        [sys.executable, "-m", "gateway", *command, "--settings", str(home.path)],
        stdout=to,
        stderr=subprocess.PIPE,
        encoding=variables.get("PYTHONIOENCODING", "utf-8"),
        env={**os.environ, **variables},
        timeout=60,
        check=False,
    )


@given(st.text())
def test_a_line_stays_one_line_and_as_long_as_it_was(text: str) -> None:
    line = shown(text)
    assert line.isprintable()
    assert len(line) == len(text)
    assert shown_lines(text).count("\n") == text.count("\n")


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_a_program_reads_what_was_said_although_it_is_escaped(text: str) -> None:
    assert msgspec.json.decode(as_json({"said": text})) == {"said": text}
    assert shown_lines(as_json([text])) == as_json([text])
    assert msgspec.json.decode(escaped(msgspec.json.encode(text).decode())) == text


@pytest.mark.parametrize("wrong", ["abc", "0", "86401", "nan", "-1"])
def test_a_time_to_discover_that_is_none_is_refused_with_what_is_allowed(
    wrong: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main(["discover", f"--seconds={wrong}"])
    said = capsys.readouterr().err
    assert f"{wrong!r} is no time from 0.1 to 86400 seconds" in said
    assert "_seconds" not in said
