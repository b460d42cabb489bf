"""Work done in processes that have done nothing else: each task has one of its own."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")


class WorkError(Exception):
    """A task failed. The sentence says why."""


def in_fresh_processes(
    function: Callable[[T], R], tasks: Sequence[T], *, workers: int = 1
) -> Iterator[R]:
    """What the function makes of each task, in their order.

    Args:
        function: Found by its name in a new process.
        tasks: What it is given.
        workers: How many processes there are at once.

    Raises:
        WorkError: A task failed; no other is begun.
    """
    waiting = ThreadPoolExecutor(workers)
    try:
        yield from waiting.map(lambda task: _in_a_fresh_process(function, task), tasks)
    finally:
        waiting.shutdown(cancel_futures=True)


def _in_a_fresh_process(function: Callable[[T], R], task: T) -> R:
    context = get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_work, args=(function, task, theirs), daemon=True)
    process.start()
    theirs.close()
    try:
        made, why = ours.recv()
    except EOFError:
        raise WorkError("a process ended before its task was done") from None
    finally:
        ours.close()
        process.join()
    if why is not None:
        raise WorkError(why)
    result: R = made
    return result


def _work(function: Callable[[T], object], task: T, pipe: Connection) -> None:
    try:
        pipe.send((function(task), None))
    except (ValueError, ArithmeticError, LookupError, RuntimeError) as error:
        pipe.send((None, f"{type(error).__name__}: {error}"))
    except KeyboardInterrupt:  # whoever waits has heard it too
        return
