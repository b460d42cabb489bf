"""`telecare-simulator` itself: what it offers, and what it says to who mistypes."""

import re
import subprocess
import sys

import pytest

from simulator.cli import main


def test_help_offers_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main(["--help"])
    assert end.value.code == 0
    said = capsys.readouterr().out
    for command in ("import", "generate", "play", "run", "hub-settings", "evaluate", "demo"):
        assert re.search(rf"^ +{command}\s", said, re.MULTILINE)


@pytest.mark.parametrize("command", ["import", "generate", "play", "run", "hub-settings"])
def test_every_command_teaches_by_example(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main([command, "--help"])
    assert f"  telecare-simulator {command} " in capsys.readouterr().out


def test_an_unknown_command_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main(["dance"])
    assert end.value.code == 2
    assert "dance" in capsys.readouterr().err


def test_help_costs_no_heavy_import() -> None:
    """Help is read on slow machines too."""
    code = (
        "import sys\nfrom simulator.cli import main\n"
        "try:\n    main(['--help'])\nexcept SystemExit:\n    pass\n"
        "print(sorted({'numpy', 'paho', 'rich', 'river'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
