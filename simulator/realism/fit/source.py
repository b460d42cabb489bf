"""Writes the numbers of a population into the module that holds them; all else stays as it is."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from simulator.files import write_whole
from simulator.realism.fit.traits import Key, Population


class _Place(NamedTuple):
    """Where a number stands: bytes of a line, from 1."""

    line: int
    begin: int
    end: int


def rewritten(source: str, population: Population) -> str:
    """The module with the middle and sigma of these traits in place of its own.

    Raises:
        ValueError: It is no module with such tables, or lacks one of the traits.
    """
    places = dict(_places(source))
    if strangers := sorted(set(population) - set(places)):
        raise ValueError(f"there is no {strangers[0].table}[{strangers[0].name!r}]")
    lines = source.encode().splitlines(keepends=True)
    numbers = [
        (place, number)
        for key, trait in population.items()
        for place, number in zip(places[key], (trait.middle, trait.sigma), strict=True)
    ]
    for (line, begin, end), number in sorted(numbers, reverse=True):
        old = lines[line - 1]
        if float(old[begin:end]) != number:
            lines[line - 1] = old[:begin] + f"{number:.10g}".encode() + old[end:]
    return b"".join(lines).decode()


def rewrite(path: Path, population: Population) -> None:
    """The same in a file, which at any time holds either all of the old or all of the new.

    Raises:
        OSError: It cannot be read or written.
        ValueError: As above.
    """
    write_whole(path, rewritten(path.read_text("utf-8"), population))


def _places(source: str) -> Iterator[tuple[Key, tuple[_Place, _Place]]]:
    """Of `NAME: ... = {"trait": Trait(MIDDLE, SIGMA, ...), ...}`: each trait's two numbers."""
    try:
        statements = ast.parse(source).body
    except SyntaxError as error:
        raise ValueError(f"it is no Python: {error}") from None
    for statement in statements:
        if (
            isinstance(statement, ast.AnnAssign)
            and isinstance(statement.target, ast.Name)
            and isinstance(statement.value, ast.Dict)
        ):
            yield from _of_table(statement.target.id, statement.value)


def _of_table(table: str, traits: ast.Dict) -> Iterator[tuple[Key, tuple[_Place, _Place]]]:
    for name, trait in zip(traits.keys, traits.values, strict=True):
        if isinstance(name, ast.Constant) and isinstance(trait, ast.Call) and len(trait.args) > 1:
            middle, sigma = (_place(argument) for argument in trait.args[:2])
            yield Key(table, str(name.value)), (middle, sigma)


def _place(number: ast.expr) -> _Place:
    return _Place(number.lineno, number.col_offset, number.end_col_offset or number.col_offset)
