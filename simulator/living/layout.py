"""Stays laid out one after the other on a time of their own, and what of them was kept to."""

from collections.abc import Sequence
from struct import pack
from typing import NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from simulator.living.rooms import ROOMS

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]


class Layout(msgspec.Struct, frozen=True, eq=False):
    """Stays in rooms with the ways between them. Of shape (n,), times in seconds from their start.

    Attributes:
        room: Number of the room of each.
        arrive, end: From when to when.
        rate: Movements a second that a sensor might see.
        pause: Before the first step of the way there, in seconds.
        speed: On it, in metres a second.
        held: For how long from its start they would not leave it, for anything.
        fridge_of: The stay in which a fridge is opened, shape (m,), rising.
        fridge_open, fridge_close: When it is, and closed again, shape (m,).
    """

    room: Ints
    arrive: Floats
    end: Floats
    rate: Floats
    pause: Floats
    speed: Floats
    held: Floats
    fridge_of: Ints
    fridge_open: Floats
    fridge_close: Floats

    def __len__(self) -> int:
        return len(self.room)


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


def numbers(flat: Sequence[float]) -> Floats:
    """Many plain numbers as an array, in a third of the time that NumPy takes to look at each."""
    return np.frombuffer(pack(f"{len(flat)}d", *flat))


def kept(laid: Sequence[Layout], rounds: Sequence[float]) -> Kept:
    """What was kept to.

    Args:
        laid: What was laid out.
        rounds: Four for each stretch of it, see :class:`simulator.living.trace.Trace`. How they
            came to its first stay is not told here.
    """
    if not rounds:
        return NOTHING
    first, last, zero, cut = numbers(rounds).reshape(-1, 4).T
    many = (last - first).astype(np.int64)
    upto = many.cumsum()
    which = (first.astype(np.int64) - upto + many).repeat(many) + np.arange(many.sum())
    since = zero.repeat(many)
    room, arrive, end, rate, pause, speed = (
        np.concatenate([getattr(layout, name) for layout in laid]).take(which)
        for name in ("room", "arrive", "end", "rate", "pause", "speed")
    )
    arrive += since
    end += since
    before = np.concatenate((room[:1], room[:-1]))
    walked = room != before
    walked[upto - many] = False
    left = np.concatenate((end[:1], end[:-1]))[walked]
    way = (before * len(ROOMS) + room)[walked]
    end[upto - 1] = np.maximum(cut, arrive[upto - 1])
    stays = np.stack((arrive, end, room, rate))
    return Kept(
        walks=np.stack((left, pause[walked], speed[walked], way)),
        stays=stays.compress(end > arrive, axis=1),
        fridge=_fridge(laid, first, last, zero),
    )


def _fridge(laid: Sequence[Layout], first: Floats, last: Floats, zero: Floats) -> Floats:
    sizes = np.cumsum([0, *map(len, laid)])
    stay = np.concatenate([mine.fridge_of + size for mine, size in zip(laid, sizes, strict=False)])
    times = np.stack(
        (
            np.concatenate([layout.fridge_open for layout in laid]),
            np.concatenate([layout.fridge_close for layout in laid]),
        )
    )
    begin, stop = stay.searchsorted(first), stay.searchsorted(last)
    many = stop - begin
    which = (begin - many.cumsum() + many).repeat(many) + np.arange(many.sum())
    found: Floats = times.take(which, axis=1) + zero.repeat(many)
    return found
