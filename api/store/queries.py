"""Named queries: SQL lives in `queries.sql` beside the Python that uses it.

A room declares a frozen dataclass with one `str` field for each query; :func:`load` fills it from
the file. A name that stands in only one of the two is a mistake, found when the room is imported.
"""

import re
from dataclasses import fields
from importlib import resources
from typing import Any, TypeVar

Q = TypeVar("Q")

_NAME = re.compile(r"^-- name: (\w+)[ \t]*$", re.MULTILINE)


def load(queries: type[Q]) -> Q:
    """Fills `queries` from `queries.sql` in the package of the module that declares it.

    Raises:
        ValueError: The file and the dataclass do not name the same queries.
    """
    package = queries.__module__.rpartition(".")[0]
    found = parse(resources.files(package).joinpath("queries.sql").read_text("utf-8"))
    declared = {field.name for field in fields(queries)}  # type: ignore[arg-type]  # Q is a dataclass
    if declared != found.keys():
        odd = ", ".join(sorted(declared ^ found.keys()))
        raise ValueError(f"{package}/queries.sql and {queries.__name__} differ in: {odd}")
    filled: dict[str, Any] = dict(found)
    return queries(**filled)


def parse(text: str) -> dict[str, str]:
    """Splits SQL at its `-- name: x` lines.

    Raises:
        ValueError: A name occurs twice.
    """
    parts = _NAME.split(text)
    names, bodies = parts[1::2], parts[2::2]
    if len(set(names)) < len(names):
        raise ValueError(f"a query's name occurs twice among {', '.join(names)}")
    return {name: body.strip() for name, body in zip(names, bodies, strict=True)}
