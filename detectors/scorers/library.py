"""One class out of river, without the rest of it.

Importing `river.anomaly` or `river.drift` loads every model there is, and SciPy with them: half a
second on a fast machine, and 80 MiB that a small hub has not got. What is named here loads its own
module, with empty stand-ins for the packages around it.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from types import ModuleType
from typing import Any

import river

STAND_INS = ("anomaly", "drift", "tree")
"""Packages of river whose `__init__` gathers far more than their modules need."""


def river_class(package: str, module: str, name: str) -> Any:
    """The class `name` of `river.<package>.<module>`.

    Raises:
        ImportError: River has no such module, or the module no such class.
    """
    whole = sys.modules.get(f"river.{package}")
    if whole is not None and hasattr(whole, name):
        return getattr(whole, name)
    try:
        with _stand_ins():
            found = import_module(f"river.{package}.{module}")
    except ImportError:  # another version of river, whose module needs more of its package
        found = import_module(f"river.{package}")
    try:
        return getattr(found, name)
    except AttributeError as error:
        raise ImportError(f"river.{package}.{module} has no {name}") from error


@contextmanager
def _stand_ins() -> Iterator[None]:
    """Empty packages for the time of an import; whoever imports the real ones later gets them."""
    missing = [name for name in STAND_INS if f"river.{name}" not in sys.modules]
    for name in missing:
        package = ModuleType(f"river.{name}")
        package.__path__ = [f"{river.__path__[0]}/{name}"]
        sys.modules[f"river.{name}"] = package
    try:
        yield
    finally:
        for module in list(sys.modules):
            if any(f"{module}.".startswith(f"river.{name}.") for name in missing):
                del sys.modules[module]
