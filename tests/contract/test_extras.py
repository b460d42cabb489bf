"""Whoever installed too little is told what to install; a fault of ours is not taken for that."""

import subprocess
import sys

import pytest

from contract.extras import extra


def test_a_library_that_is_not_installed_is_named_with_its_extra(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit) as ended, extra("gateway"):
        raise ModuleNotFoundError("No module named 'nowhere.at'", name="nowhere.at")
    assert ended.value.code == 2
    assert capsys.readouterr().err == (
        "telecare-gateway: nowhere is not installed; "
        "pip install 'telecare[gateway]' brings all that this command needs\n"
    )


@pytest.mark.parametrize("name", ["contract.nowhere", None])
def test_a_module_of_our_own_that_is_missing_is_a_fault_and_shows_as_one(name: str | None) -> None:
    with pytest.raises(ModuleNotFoundError), extra("gateway"):
        raise ModuleNotFoundError("no such module", name=name)


def test_an_impatient_ctrl_c_gets_no_stack_trace(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended, extra("gateway"):
        raise KeyboardInterrupt
    assert ended.value.code == 130
    assert capsys.readouterr().err == ""


def test_where_nothing_is_missing_nothing_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    with extra("gateway"):
        pass
    assert capsys.readouterr().err == ""


def test_a_reader_who_has_seen_enough_gets_no_stack_trace() -> None:
    talk = (
        "from contract.extras import extra\n"
        "with extra('gateway'):\n"
        "    for line in range(100_000): print('events', line)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", talk], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as speaker:
        assert speaker.stdout is not None
        assert speaker.stderr is not None
        assert speaker.stdout.readline() == b"events 0\n"
        speaker.stdout.close()
        assert speaker.stderr.read() == b""
        assert speaker.wait(30) == 141
