"""Shares a replay among processes, and puts together what they found."""

import multiprocessing
from collections.abc import Callable, Sequence
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess

from gateway.errors import HubError
from gateway.replay.share import Outcome, Share, Task, replay_share


class WorkerLostError(HubError):
    """A process ended before its share was done, for want of memory perhaps."""


def replay(task: Task, workers: int, progress: Callable[[float], None]) -> Outcome:
    """Replays recordings. The outcome is the same whatever the number of workers.

    Args:
        task: What to replay.
        workers: How many processes take part, at least 1.
        progress: Told how much has been read, from 0 to 1.

    Raises:
        WorkerLostError: A process was ended from without.
    """
    total = max(1, sum(path.stat().st_size for path in task.paths))
    if workers == 1:
        return joined([_do(task, Share(), lambda read: progress(read / total))])
    crew = _Crew(task, workers)
    try:
        return joined(crew.outcomes(lambda read: progress(read / total / workers)))
    finally:
        crew.end()


def joined(outcomes: Sequence[Outcome]) -> Outcome:
    """One outcome out of several, in an order that depends on nothing but the recordings."""
    whole = Outcome()
    for part in outcomes:
        whole.events += part.events
        whole.homes += part.homes
        whole.late += part.late
        whole.faults += part.faults
        whole.alerts += part.alerts
        whole.assessments += part.assessments
        whole.refused += part.refused
        whole.comparisons += part.comparisons
        whole.untouched += part.untouched
    whole.alerts.sort()
    whole.assessments.sort()
    whole.refused.sort()
    whole.comparisons.sort(key=lambda one: one.home)
    whole.untouched.sort()
    return whole


class _Crew:
    """The processes that take part, each with a pipe on which it reports."""

    def __init__(self, task: Task, workers: int) -> None:
        context = multiprocessing.get_context("spawn")  # the same on Linux and macOS
        self._processes: list[BaseProcess] = []
        self._pipes: dict[Connection, int] = {}
        for index in range(workers):
            ours, theirs = context.Pipe(duplex=False)
            process = context.Process(
                target=_work, args=(task, Share(index, workers), theirs), daemon=True
            )
            process.start()
            theirs.close()
            self._processes.append(process)
            self._pipes[ours] = index

    def outcomes(self, progress: Callable[[int], None]) -> list[Outcome]:
        """Waits for every share."""
        read = [0] * len(self._pipes)
        done: dict[int, Outcome] = {}
        pipes = dict(self._pipes)
        while pipes:
            for pipe in wait(list(pipes)):
                assert isinstance(pipe, Connection)  # noqa: S101 - narrows what `wait` returns
                report = self._receive(pipe)
                if isinstance(report, Outcome):
                    done[pipes.pop(pipe)] = report
                else:
                    read[pipes[pipe]] = report
                    progress(sum(read))
        return [done[index] for index in sorted(done)]

    def end(self) -> None:
        """Ends what still runs."""
        for pipe in self._pipes:
            pipe.close()
        for process in self._processes:
            process.terminate()
            process.join()

    @staticmethod
    def _receive(pipe: Connection) -> int | Outcome:
        try:
            report: int | Outcome | Exception = pipe.recv()
        except EOFError as error:
            raise WorkerLostError(
                "a process of the replay ended early, perhaps for want of memory; "
                "try again with fewer --workers"
            ) from error
        if isinstance(report, Exception):
            raise report
        return report


def _do(task: Task, share: Share, progress: Callable[[int], None]) -> Outcome:
    return replay_share(task, share, progress)


def _work(task: Task, share: Share, pipe: Connection) -> None:
    """What a worker process does, from start to end."""
    try:
        pipe.send(_do(task, share, pipe.send))
    except (BrokenPipeError, KeyboardInterrupt):
        return  # the replay was given up
    except Exception as error:  # noqa: BLE001 - it is raised again where the replay was asked for
        pipe.send(error)
