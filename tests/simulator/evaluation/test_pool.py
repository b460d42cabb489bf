"""The pool: a cluster that cannot be used is told in one sentence, before any work is done."""

import subprocess
import sys
from importlib.util import find_spec

import pytest

from simulator.evaluation.pool import NoClusterError, pool


def test_processes_of_this_machine_do_the_work() -> None:
    with pool(1) as executor:
        assert executor.submit(abs, -3).result() == 3


@pytest.mark.network
def test_a_cluster_that_is_not_there_is_told() -> None:
    remedy = "no Dask scheduler answers" if find_spec("distributed") else "not installed"
    with (
        pytest.raises(NoClusterError, match=remedy),
        pool(1, "tcp://127.0.0.1:9") as executor,
    ):
        executor.submit(abs, -3)


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
