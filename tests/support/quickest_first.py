"""For `make mutants`: the tests of the room in which a fault stands come first, then quick ones.

Most faults are noticed by the first few tests then, and the slow ones are run for the rest alone.
"""

import gc
import json
import os
from pathlib import Path

import pytest

_TOOK = Path("mutmut-stats.json")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Sorts the tests by what mutmut measured of them."""
    if not _TOOK.exists():
        return
    took: dict[str, float] = json.loads(_TOOK.read_bytes())["duration_by_test"]
    _, _, room = os.environ["MUTANT_UNDER_TEST"].rpartition(".")[0].rpartition(".")
    items.sort(key=lambda test: (test.path.stem != f"test_{room}", took.get(test.nodeid, 0)))


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Once all is collected, spares the processes that come of this one to look through it."""
    if session.config.option.collectonly:
        gc.freeze()
