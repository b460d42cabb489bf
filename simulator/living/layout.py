"""Stays laid out one after the other on a time of their own, and what of them was kept to."""

from collections.abc import Sequence
from itertools import accumulate
from typing import NamedTuple

import msgspec
import numpy as np

from simulator.living.arrays import Floats, Ints, ranges
from simulator.living.rooms import ROOMS


class Layout(msgspec.Struct, frozen=True, eq=False):
    """Stays in rooms with the ways between them, times in seconds from their start.

    Attributes:
        stays: When they arrive and when they leave, the number of the room, movements a second that
            a sensor might see, the pause before the first step of the way there, and metres a
            second on it. Shape (6, n).
        held: For how long from its start they would not leave it, for anything. Shape (n,).
        fridge_of: The stay in which a fridge is opened, shape (m,), rising.
        fridge: When it is, and closed again, shape (2, m).
    """

    stays: Floats
    held: Floats
    fridge_of: Ints
    fridge: Floats

    def __len__(self) -> int:
        return len(self.held)


class Kept(NamedTuple):
    """What was kept to of some layouts, in epoch seconds.

    Attributes:
        walks: When they got up, their pause, their speed and the way, shape (4, walks).
        stays: From when to when, the room and the rate, shape (4, stays).
        fridge: When it was opened and closed, shape (2, openings).
    """

    walks: Floats
    stays: Floats
    fridge: Floats


NOTHING = Kept(np.empty((4, 0)), np.empty((4, 0)), np.empty((2, 0)))


def kept(laid: Sequence[Layout], rounds: bytearray) -> Kept:
    """What was kept to.

    Args:
        laid: What was laid out.
        rounds: Four for each stretch of it, see :class:`simulator.living.trace.Trace`. How they
            came to its first stay is not told here.
    """
    if not rounds:
        return NOTHING
    first, last, zero, cut = np.frombuffer(rounds).reshape(-1, 4).T
    begin = first.astype(np.int64)
    many = last.astype(np.int64) - begin
    stays = np.concatenate([layout.stays for layout in laid], axis=1)
    stays = stays.take(ranges(begin, many), axis=1)
    stays[:2] += zero.repeat(many)
    arrive, end, room, _, pause, speed = stays
    left = many.cumsum() - 1  # the last of each stretch
    goes = room[1:] != room[:-1]
    goes[left[:-1]] = False
    ended = goes.nonzero()[0]
    begun = ended + 1
    way = room.take(ended) * len(ROOMS) + room.take(begun)
    walks = np.array((end.take(ended), pause.take(begun), speed.take(begun), way))
    end[left] = np.maximum(cut, arrive.take(left))
    return Kept(walks, stays[:4].compress(end > arrive, axis=1), _fridge(laid, first, last, zero))


def _fridge(laid: Sequence[Layout], first: Floats, last: Floats, zero: Floats) -> Floats:
    sizes = accumulate(map(len, laid), initial=0)
    stay = np.concatenate([mine.fridge_of + size for mine, size in zip(laid, sizes, strict=False)])
    times = np.concatenate([layout.fridge for layout in laid], axis=1)
    begin = stay.searchsorted(first)
    many = stay.searchsorted(last) - begin
    found: Floats = times.take(ranges(begin, many), axis=1) + zero.repeat(many)
    return found
