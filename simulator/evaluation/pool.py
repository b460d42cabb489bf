"""Where the work is done: in processes of this machine, or on the workers of a Dask cluster."""

from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec


class NoClusterError(Exception):
    """The cluster cannot be used. The sentence says why, and what to do."""


@contextmanager
def pool(jobs: int, scheduler: str | None = None) -> Iterator[Executor]:
    """An executor for the time of the block.

    Args:
        jobs: Processes, where there is no scheduler.
        scheduler: The address of a Dask scheduler, such as `tcp://10.0.0.5:8786`; its workers need
            the same version of this package.

    Raises:
        NoClusterError: Dask is not installed, or the scheduler does not answer.
    """
    if scheduler is None:
        with ProcessPoolExecutor(jobs) as executor:
            yield executor
        return
    if find_spec("distributed") is None:
        raise NoClusterError("Dask is not installed: pip install 'telecare[fleet]'")
    distributed = import_module("distributed")  # takes half a second, and is seldom there
    try:
        client = distributed.Client(scheduler, timeout="10s")
    except (OSError, TimeoutError) as error:
        raise NoClusterError(f"no Dask scheduler answers at {scheduler}: {error}") from None
    with client:
        yield client.get_executor()
