"""Whether two pictures show the same page, and small files of them.

Another machine draws the same page a little otherwise: the edges of letters and curves are of
other greys, and a letter may stand a part of a pixel further along. A committed file besides has
fewer colours. So both are first made small, each pixel the mean of `CELL` by `CELL` of the page:
that takes away what only edges tell. What is then further apart than `APART` has changed, and so
has the picture as soon as `BOUND` such pixels lie in any one field of `FIELD` by `FIELD` pixels of
the page. A whole area in a slightly other colour tells at less: `TINT` apart, in `FILLED` of a
field's pixels, which letters never fill.

A field, not the whole picture, is what is counted in: noise lies thin over all of a page, while
what somebody changed lies thick in one place, however small beside the rest. Measured on ten pages,
in the worst field: letters drawn with another hinting or for a screen's sub-pixels, or a committed
file's fewer colours, give 0; letters a fifth of a pixel bolder, as by another gamma, 4. A button
moved by 5 pixels gives 24, and a sign in a wrong colour 33. `test_pictures` holds the bounds to
both kinds.
"""

import io
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image

CELL = 4
FIELD = 64
APART, BOUND = 22, 14
"""Of 255, in any of red, green and blue; and of the 256 small pixels of a field."""
TINT, FILLED = 8, 192
"""The same of an area's colour."""

Pixels = NDArray[np.int16]


class Verdict(NamedTuple):
    """How far apart two pictures are.

    Attributes:
        most: Changed small pixels in the field that has most of them.
        tinted: Those of another tint, in the field that has most of those.
        where: The first field's left and upper edge, in pixels of the page.
        difference: White where they are as far apart as can be.
    """

    most: int
    where: tuple[int, int]
    tinted: int
    difference: Image.Image

    @property
    def same(self) -> bool:
        """Whether nobody need look."""
        return self.most < BOUND and self.tinted < FILLED


def compare(expected: Image.Image, actual: Image.Image) -> Verdict:
    """Holds one picture against another; where one is longer or wider, that counts as changed."""
    width = max(expected.width, actual.width)
    height = max(expected.height, actual.height)
    apart = np.abs(_small(expected, width, height) - _small(actual, width, height)).max(axis=2)
    most, where = _worst(apart > APART)
    tinted, _ = _worst(apart > TINT)
    return Verdict(most, where, tinted, Image.fromarray(apart.astype(np.uint8)))


def _worst(changed: NDArray[np.bool_]) -> tuple[int, tuple[int, int]]:
    """How many there are in the field that has most, and its left and upper edge on the page."""
    side = FIELD // CELL
    # Fields overlap by half, so that no change hides on the line between two.
    most, left, top = max(
        (int(changed[top : top + side, left : left + side].sum()), left, top)
        for top in range(0, changed.shape[0], side // 2)
        for left in range(0, changed.shape[1], side // 2)
    )
    return most, (left * CELL, top * CELL)


def _small(image: Image.Image, width: int, height: int) -> Pixels:
    """Means of squares; what lies beyond the picture is magenta, which no page has."""
    over = Image.new("RGB", (_up(width), _up(height)), "#ff00ff")
    over.paste(image, (0, 0))
    means = over.reduce(CELL)
    return np.asarray(means, dtype=np.int16)


def _up(pixels: int) -> int:
    return -(-pixels // CELL) * CELL


COLOURS = 128
FLAT = 40
"""Of them, the most frequent ones of a page, as they are: they fill its areas."""


def packed(image: Image.Image) -> bytes:
    """A small PNG file. What fills areas keeps its colour; edges have the nearest there is."""
    found = image.getcolors(image.width * image.height) or []
    flat = [colour for _, colour in sorted(found, reverse=True)[:FLAT]]
    near = image.quantize(COLOURS - len(flat), method=Image.Quantize.MAXCOVERAGE)
    palette = np.concatenate([
        np.array(flat, dtype=np.int32),
        np.array(near.getpalette(), dtype=np.int32).reshape(-1, 3),
    ])  # fmt: skip
    parts = np.asarray(image, dtype=np.int32)
    numbers = parts[..., 0] << 16 | parts[..., 1] << 8 | parts[..., 2]
    known, which = np.unique(numbers.ravel(), return_inverse=True)
    colours = np.stack([known >> 16, known >> 8 & 255, known & 255], axis=1)
    nearest = [int(((palette - colour) ** 2).sum(axis=1).argmin()) for colour in colours]
    indices = np.array(nearest, dtype=np.uint8)[which].reshape(image.height, image.width)
    drawn = Image.fromarray(indices)
    drawn.putpalette(palette.astype(np.uint8).tobytes())
    kept = io.BytesIO()
    drawn.save(kept, "PNG", optimize=True)
    return kept.getvalue()
