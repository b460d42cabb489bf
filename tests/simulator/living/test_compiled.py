"""Lives that are compiled are the lives of everybody else, and never those of older sources."""

import os
import runpy
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path
from typing import Any

import pytest

from simulator.compiled import CACHE, digest, in_place
from tests.conftest import missing
from tests.simulator.living.test_golden import GOLDEN

ROOT = Path(__file__).parents[3]
TOOL = ROOT / "tools" / "compiled.py"
NO_BYTECODE = shutil.ignore_patterns("__pycache__")
STREET = """
import sys
from hashlib import sha256
from pathlib import Path
from simulator.living import person
from simulator.living.generate import write_street
from tests.simulator.living.test_golden import STREET
if __name__ == "__main__":
    print(Path(person.__file__).suffix)
    for workers in (1, 2):
        path = Path(sys.argv[1]) / f"{workers}.jsonl"
        write_street(STREET, 9, path, workers=workers)
        print(sha256(path.read_bytes()).hexdigest())
"""


@pytest.mark.slow
@pytest.mark.timeout(900)  # a minute of a C compiler's time, and more beside others
def test_compiled_lives_give_the_same_bytes(tmp_path: Path) -> None:
    headers = Path(sysconfig.get_path("include"), "Python.h")
    if not (headers.exists() and shutil.which("cc")):
        missing("a C compiler", "install the packages `gcc`, `libc6-dev` and `python3-dev`")
    script = tmp_path / "street.py"
    script.write_text(STREET)
    command = [sys.executable, str(TOOL), str(script), str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=850, check=False)
    assert done.stderr == ""
    assert done.stdout.split() == [".so", GOLDEN, GOLDEN]
    assert in_place() == CACHE / digest()


@pytest.fixture
def tool(tmp_path: Path) -> dict[str, Any]:
    """The tool's functions, in a checkout with one source."""
    (tmp_path / "simulator").mkdir()
    (tmp_path / "simulator" / "cli.py").write_text("")
    found = runpy.run_path(str(TOOL))
    found["compiled"].__globals__["ROOT"] = tmp_path
    return found


def test_what_was_compiled_from_sources_of_before_is_not_run(
    tool: dict[str, Any], tmp_path: Path
) -> None:
    kept = tmp_path / "cache" / tool["digest"](tmp_path)
    kept.mkdir(parents=True)
    assert tool["compiled"](tmp_path / "cache") == kept
    (tmp_path / "simulator" / "cli.py").write_text("edited = True")
    with pytest.raises(tool["CompileError"], match="mypyc"):  # nothing of what it compiles is here
        tool["compiled"](tmp_path / "cache")
    assert not kept.exists()


def test_who_has_the_lives_compiled_gets_them_and_who_edits_them_gets_what_was_edited(
    tmp_path: Path,
) -> None:
    """The installed command looks for itself; nobody need know how they are found."""
    shutil.copytree(ROOT / "simulator", tmp_path / "simulator", ignore=NO_BYTECODE)
    made = tmp_path / ".cache" / "compiled" / digest(tmp_path)
    shutil.copytree(tmp_path / "simulator", made / "simulator", ignore=NO_BYTECODE)
    (made / "simulator" / "cli.py").write_text(
        "import library_of_theirs\ndef main(): print('the compiled one')"
    )
    theirs = tmp_path / "theirs"
    theirs.mkdir()
    (theirs / "library_of_theirs.py").write_text("")

    def said() -> str:
        command = [sys.executable, "-P", "-m", "simulator", "scenarios", "list"]
        told = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, (tmp_path, ROOT, theirs)))}
        return subprocess.check_output(command, env=told, cwd=tmp_path, text=True, timeout=120)

    assert said() == "the compiled one\n"
    with (tmp_path / "simulator" / "cli.py").open("a") as source:
        source.write("# edited\n")
    assert "uti-in-week-4" in said()
