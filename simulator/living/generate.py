"""A street's recording: the homes' lives side by side, in order of time, by one worker or several.

Each worker lives in homes of its own. Whoever writes has them a day at a time and puts their lines
in order; so the bytes do not depend on how many workers there are.
"""

import gc
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from signal import SIG_IGN, SIGINT, signal
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulator.files import recording
from simulator.living.episodes.episode import DAY_S
from simulator.living.home import Home
from simulator.living.lines import Lines
from simulator.living.senses.columns import Columns, beside, interleaved, joined
from simulator.living.senses.registry import roles_of
from simulator.living.street import Street

Advance = Callable[[float], object]

_LINES = 8192  # are written at once: a megabyte, for which memory is not fetched anew each time


class Part(NamedTuple):
    """What some homes of a street told on one day, in order of time and then of homes.

    Attributes:
        home: Which home of the street, from 0, shape (n,).
        columns: What it told, shape (n,).
    """

    home: NDArray[np.int32]
    columns: Columns


class WorkerError(Exception):
    """A worker failed. The sentence says why."""


def write_street(
    street: Street, days: int, path: Path, *, workers: int = 1, advance: Advance = lambda _: None
) -> int:
    """Writes the recording of a street over so many days of 24 hours; returns how many events.

    The same street and days give the same bytes with any number of workers. Where it fails, nothing
    is left, and an older file stays as it was.

    Raises:
        OSError: The file cannot be written.
        ValueError: An episode does not fit its home.
        WorkerError: A worker failed.
    """
    with recording(path) as write, _no_sweeping(), ExitStack() as stack:
        sources = [stack.enter_context(source) for source in _sources(street, days, workers)]
        numbers = range(1, street.homes + 1)
        lines = Lines(street.names, [roles_of(street.household(at).sensors) for at in numbers])
        count = 0
        for day in range(1, days + 1):
            whole = _merged([next(source) for source in sources])
            count += len(whole.columns)
            for at in range(0, len(whole.columns), _LINES):
                some = slice(at, at + _LINES)
                write(lines.text(whole.home[some], whole.columns[some]).encode())
            advance(day)
    return count


def parts(street: Street, numbers: Sequence[int], days: int) -> Iterator[Part]:
    """What the homes of these numbers tell, day after day."""
    homes = [street.home(number, ends=street.start + days * DAY_S) for number in numbers]
    for day in range(1, days + 1):
        columns, index = interleaved([_told(home, street.start + day * DAY_S) for home in homes])
        yield Part(np.array(numbers, np.int32).take(index) - 1, columns)


@contextmanager
def _no_sweeping() -> Iterator[None]:
    """Homes live to the end and drop no rings: looking for them, again and again, finds none."""
    sweeping = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if sweeping:
            gc.enable()


def _told(home: Home, until: float) -> Columns:
    columns = joined(home.columns(until))
    for person in home.people:
        person.trace.reasons.clear()  # nobody asks
    return columns


def _merged(many: list[Part]) -> Part:
    """All in order of time, then of homes, then as each home told them."""
    if len(many) == 1:
        return many[0]
    home = np.concatenate([part.home for part in many])
    columns = beside(part.columns for part in many)
    order = np.lexsort((home, columns.at_ms))
    return Part(home[order], columns.take(order))


@contextmanager
def _here(street: Street, numbers: Sequence[int], days: int) -> Iterator[Iterator[Part]]:
    yield parts(street, numbers, days)


@contextmanager
def _there(street: Street, numbers: Sequence[int], days: int) -> Iterator[Iterator[Part]]:
    """The same in a process of its own, which works ahead until the pipe is full."""
    context = get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_work, args=(street, numbers, days, theirs), daemon=True)
    process.start()
    theirs.close()
    try:
        yield _received(ours)
    finally:
        ours.close()
        process.terminate()
        process.join()


def _sources(
    street: Street, days: int, workers: int
) -> list[AbstractContextManager[Iterator[Part]]]:
    if workers == 1:
        return [_here(street, range(1, street.homes + 1), days)]
    numbers = [range(first + 1, street.homes + 1, workers) for first in range(workers)]
    return [_there(street, mine, days) for mine in numbers if mine]


def _work(street: Street, numbers: Sequence[int], days: int, pipe: Connection) -> None:
    signal(SIGINT, SIG_IGN)  # whoever started this ends it
    try:
        with _no_sweeping():
            for part in parts(street, numbers, days):
                pipe.send(part)
    except BrokenPipeError:  # nobody listens any more
        return
    except ValueError as error:  # a sentence, as without workers
        pipe.send(str(error))
    except (ArithmeticError, LookupError) as error:
        pipe.send(f"{type(error).__name__}: {error}")


def _received(pipe: Connection) -> Iterator[Part]:
    while True:
        try:
            part = pipe.recv()
        except EOFError:
            raise WorkerError("a worker ended before its homes were told") from None
        if isinstance(part, str):
            raise WorkerError(part)
        yield part
