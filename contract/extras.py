"""Where a command lacks its libraries, names the extra that brings them."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec


@contextmanager
def extra(name: str) -> Iterator[None]:
    """Runs what needs the extra `name`, which is also the name of the package that has the command.

    Raises:
        SystemExit: A library is not installed; one line on standard error says what to do.
        ModuleNotFoundError: A module of our own is missing, which no extra would bring.
    """
    try:
        yield
    except ModuleNotFoundError as error:
        library = (error.name or "").partition(".")[0]
        if not library or find_spec(library) is not None:
            raise
        sys.stderr.write(
            f"telecare-{name}: {library} is not installed; "
            f"pip install 'telecare[{name}]' brings all that this command needs\n"
        )
        raise SystemExit(2) from None
