"""Each task in a process of its own: none sees another's, and none is lost unheard."""

import os

import pytest

from simulator.realism.fit.fresh import WorkError, in_fresh_processes

SEEN: list[int] = []


def remember(number: int) -> list[int]:
    """All that this process was ever asked."""
    SEEN.append(number)
    return SEEN


def fail(number: int) -> int:
    """As some tasks do."""
    if number < 0:
        os._exit(1)  # as a process that was killed
    raise ValueError(f"{number} is too much")


def test_no_task_sees_what_another_left_behind() -> None:
    """A population must not linger into the next one's life."""
    assert list(in_fresh_processes(remember, [3, 1, 2], workers=2)) == [[3], [1], [2]]
    assert SEEN == []


@pytest.mark.parametrize(("task", "told"), [(7, "7 is too much"), (-1, "ended before")])
def test_a_task_that_fails_is_told(task: int, told: str) -> None:
    with pytest.raises(WorkError, match=told):
        list(in_fresh_processes(fail, [task]))
