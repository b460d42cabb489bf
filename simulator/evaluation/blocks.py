"""A report as a list of blocks, and those as Markdown."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple


class Heading(NamedTuple):
    """A heading."""

    text: str


class Text(NamedTuple):
    """A paragraph."""

    text: str


class Items(NamedTuple):
    """A list without an order."""

    items: Sequence[str]


class Table(NamedTuple):
    """A table: its head, and as many cells in each row."""

    head: Sequence[str]
    rows: Sequence[Sequence[str]]


class Picture(NamedTuple):
    """A picture that shows what a table tells, too; Markdown leaves it out.

    Attributes:
        label: What it shows, for those who do not see it.
        svg: Its text.
    """

    label: str
    svg: str


Block = Heading | Text | Items | Table | Picture


def as_markdown(blocks: Iterable[Block]) -> str:
    """The blocks in Markdown."""
    return "\n\n".join(filter(None, map(_markdown, blocks))) + "\n"


def _markdown(block: Block) -> str:
    match block:
        case Heading(text):
            return f"### {text}"
        case Text(text):
            return text
        case Items(items):
            return "\n".join(f"* {item}" for item in items)
        case Table(head, rows):
            return "\n".join(_line(cells) for cells in (head, ["---"] * len(head), *rows))
        case Picture():
            return ""


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
