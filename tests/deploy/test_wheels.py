"""The wheel alone is enough: each extra brings what its command needs, and no more."""

import subprocess
import sys
import venv
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import pytest

from tests.deploy.shared import shared
from tests.deploy.wheels import CONSTRAINTS, pip

COMMANDS = {
    "gateway": "telecare-gateway",
    "api": "telecare-api",
    "simulator": "telecare-simulator",
}
# What must not be on a hub's card, and what the centre has no use for.
FOREIGN = {
    "gateway": ("fastapi", "asyncpg", "uvicorn", "amqtt"),
    "api": ("river", "numpy", "scipy"),
}


class Environment:
    """A virtual environment with the wheel and one extra, or none."""

    def __init__(self, folder: Path) -> None:
        self.bin = folder / "bin"

    @classmethod
    def make(cls, folder: Path, wheel: Path, extra: str | None) -> "Environment":
        """A fresh one."""
        venv.create(folder, with_pip=False)
        made = cls(folder)
        wanted = f"telecare[{extra}]" if extra else "telecare"
        where = f"--python={made.bin / 'python'}"
        pip(
            where, "install", "--no-compile", "-c", str(CONSTRAINTS), f"{wanted} @ {wheel.as_uri()}"
        )
        return made

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [self.bin / command[0], *command[1:]],
            cwd=self.bin,  # where no package of the checkout can be imported instead
            capture_output=True,
            text=True,
            check=False,
        )

    def has(self, module: str) -> bool:
        return self.run("python", "-c", f"import {module}").returncode == 0


@pytest.fixture(scope="module")
def environments(
    wheel: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Environment]]:
    """One environment for each extra."""
    with ExitStack() as stack:
        yield {
            extra: Environment(
                stack.enter_context(
                    shared(
                        tmp_path_factory,
                        f"extra-{extra}",
                        partial(Environment.make, wheel=wheel, extra=extra),
                    )
                )
            )
            for extra in COMMANDS
        }


@pytest.fixture(scope="module")
def bare(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Environment:
    """The wheel with no extra at all."""
    return Environment.make(tmp_path_factory.mktemp("bare") / "venv", wheel, None)


@pytest.mark.parametrize(("extra", "command"), COMMANDS.items())
def test_an_extra_brings_all_that_its_command_needs(
    environments: dict[str, Environment], extra: str, command: str
) -> None:
    shown = environments[extra].run(command, "--help")
    assert shown.returncode == 0, shown.stderr
    assert command in shown.stdout


@pytest.mark.parametrize(
    ("extra", "module"), [(extra, module) for extra in FOREIGN for module in FOREIGN[extra]]
)
def test_an_extra_brings_nothing_of_the_others(
    environments: dict[str, Environment], extra: str, module: str
) -> None:
    assert not environments[extra].has(module)


# Whose learner and pictures few need: they have an extra of their own.
OF_REALISM = ("simulator.realism.", "simulator.evaluation.pictures", "simulator.svg")


def imported(
    environment: Environment, package: str, but: tuple[str, ...]
) -> subprocess.CompletedProcess[str]:
    """Imports every module of a package, but those whose names begin like one of `but`."""
    walk = (
        "import importlib, pkgutil\n"
        f"import {package} as package\n"
        "pass_over = lambda name: None\n"
        f"for module in pkgutil.walk_packages(package.__path__, '{package}.', pass_over):\n"
        f"    if not module.name.endswith('__main__') and not module.name.startswith({but}):\n"
        "        importlib.import_module(module.name)\n"
    )
    return environment.run("python", "-W", "ignore", "-c", walk)


@pytest.mark.parametrize("extra", COMMANDS)
def test_every_module_of_a_deployable_can_be_imported_with_its_extra(
    environments: dict[str, Environment], extra: str
) -> None:
    """But for the report on realism and the pictures of an evaluation."""
    found = imported(environments[extra], extra, but=OF_REALISM)
    assert found.returncode == 0, found.stderr


@pytest.mark.slow
def test_the_report_on_realism_has_an_extra_of_its_own(
    wheel: Path, environments: dict[str, Environment], tmp_path: Path
) -> None:
    assert not environments["simulator"].has("sklearn")
    found = imported(Environment.make(tmp_path / "venv", wheel, "realism"), "simulator", but=())
    assert found.returncode == 0, found.stderr


@pytest.mark.parametrize(
    ("extra", "command"),
    [
        ("gateway", ["telecare-gateway", "run"]),
        ("api", ["telecare-api", "serve"]),
        ("simulator", ["telecare-simulator", "generate"]),
    ],
)
def test_a_command_without_its_extra_says_which_one_to_install(
    bare: Environment, extra: str, command: list[str]
) -> None:
    refused = bare.run(*command)
    assert refused.returncode == 2
    assert f"pip install 'telecare[{extra}]'" in refused.stderr
    assert len(refused.stderr.splitlines()) == 1


def test_the_wheel_brings_the_consoles_assets_and_no_tests(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    vendored = [name for name in names if name.startswith("api/console/static/vendor/")]
    assert any(name.endswith(".js") for name in vendored)
    assert any(name.endswith(".css") for name in vendored)
    assert [name for name in names if name.startswith(("tests/", "deploy/", "tools/"))] == []
    assert [name for name in names if "node_modules" in name] == []
    assert any(name.endswith("/licenses/LICENSE") for name in names)


@pytest.mark.parametrize("package", ["contract", "detectors", "gateway", "api", "simulator"])
def test_the_wheel_brings_types_and_everything_that_is_not_python(
    wheel: Path, package: str
) -> None:
    root = Path(sys.modules["tests"].__path__[0]).parent
    names = set(zipfile.ZipFile(wheel).namelist())
    kinds = ("*.sql", "*.html", "*.css", "*.js", "*.toml", "py.typed")
    here = {
        str(path.relative_to(root))
        for kind in kinds
        for path in (root / package).rglob(kind)
        if "node_modules" not in path.parts
    }
    assert f"{package}/py.typed" in names
    assert here - names == set()
