"""The pool: a cluster that cannot be used is told in one sentence, before any work is done."""

import subprocess
import sys
from importlib import import_module
from importlib.util import find_spec

import pytest

from simulator.evaluation.pool import NoClusterError, pool


def test_processes_of_this_machine_do_the_work() -> None:
    with pool(1) as executor:
        assert executor.submit(abs, -3).result() == 3


@pytest.mark.network
def test_a_cluster_that_is_not_there_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    remedy = "not installed"
    if find_spec("distributed"):
        remedy = "no Dask scheduler answers"
        _made_impatient(monkeypatch)
    with (
        pytest.raises(NoClusterError, match=remedy),
        pool(1, "tcp://127.0.0.1:9") as executor,
    ):
        executor.submit(abs, -3)


def _made_impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Dask's client waits for a second instead of ten, whatever it is told."""
    distributed = import_module("distributed")
    start = distributed.Client.__init__

    def hurried(client: object, address: str, *, timeout: str) -> None:
        assert timeout
        start(client, address, timeout="1s")

    monkeypatch.setattr(distributed.Client, "__init__", hurried)


CLUSTER = """
from distributed import LocalCluster
from simulator.evaluation.pool import pool
with LocalCluster(n_workers=1, processes=False, dashboard_address=None) as cluster:
    with pool(1, cluster.scheduler_address) as executor:
        print(executor.submit(abs, -3).result())
"""


@pytest.mark.skipif(find_spec("distributed") is None, reason="Dask is not installed")
def test_the_workers_of_a_cluster_do_the_work() -> None:
    # In a process of its own: a cluster asks the system for its addresses, which tests may not.
    done = subprocess.run(
        [sys.executable, "-c", CLUSTER], check=True, capture_output=True, text=True, timeout=60
    )
    assert done.stdout.strip() == "3"
