"""The table of who may import whom is held, and a slip would be caught and named."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("contract", "detectors", "gateway", "api", "simulator")

CONTRACT = "contract depends on msgspec alone"
DETECTORS = "detectors are pure: contract, numpy and river, no I/O"
HUB = "the hub never imports the centre or the simulator"
PURE = "what the hub makes of messages and events is pure: no I/O, no journal"
CENTRE = "the centre never imports the hub, the detectors or the simulator"


def lint(tree: Path) -> subprocess.CompletedProcess[str]:
    """Holds the packages in `tree`, not the installed ones, to the contracts in its pyproject."""
    return subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-cache"],
        cwd=tree,
        env={**os.environ, "PYTHONPATH": str(tree), "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The packages as they stand, without what is not Python."""
    tree = tmp_path_factory.mktemp("tree")
    shutil.copy(ROOT / "pyproject.toml", tree)
    for package in PACKAGES:
        for module in (ROOT / package).rglob("*.py"):
            if "node_modules" not in module.parts:
                copy = tree / module.relative_to(ROOT)
                copy.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(module, copy)
    return tree


def test_the_tree_keeps_every_contract(clean: Path) -> None:
    checked = lint(clean)
    assert checked.returncode == 0, checked.stdout
    for contract in (CONTRACT, DETECTORS, HUB, PURE, CENTRE):
        assert f"{contract} KEPT" in checked.stdout


@pytest.mark.parametrize(
    ("package", "planted", "contract"),
    [
        ("contract", "import numpy", CONTRACT),
        ("contract", "import detectors.profile", CONTRACT),
        ("detectors", "import asyncio", DETECTORS),
        ("detectors", "from time import time", DETECTORS),
        ("detectors", "from gateway import settings", DETECTORS),
        ("gateway", "import api.cli", HUB),
        ("gateway", "import asyncpg", HUB),
        ("gateway", "import simulator.cli", HUB),
        ("gateway/dialects", "import asyncio", PURE),
        ("gateway/normaliser", "from gateway.journal import Journal", PURE),
        ("gateway/engine", "from time import time", PURE),
        ("api", "import gateway", CENTRE),
        ("api", "from detectors import profile", CENTRE),
        ("api", "import river.stats", CENTRE),
    ],
)
def test_a_planted_slip_is_caught_and_its_contract_named(
    clean: Path, package: str, planted: str, contract: str
) -> None:
    module = clean / package / "planted.py"
    module.write_text(f'"""A slip."""\n\n{planted}\n')
    try:
        checked = lint(clean)
    finally:
        module.unlink()
    assert checked.returncode == 1, checked.stdout + checked.stderr
    assert f"{contract} BROKEN" in checked.stdout
