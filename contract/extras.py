"""How every command begins and ends: with its libraries, and without a fuss.

Where they are not installed it names the extra that brings them; where nobody reads its output any
more it stops.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec

_INTERRUPTED = 130  # what a shell expects after Ctrl-C
_NOBODY_READS = 141  # what a shell gives for a program that SIGPIPE ended


@contextmanager
def extra(name: str) -> Iterator[None]:
    """Runs what needs the extra `name`, which is also the name of the package that has the command.

    Raises:
        SystemExit: A library is not installed, and one line on standard error says what to do; or
            nobody reads the output any more, as after `| head`.
        ModuleNotFoundError: A module of our own is missing, which no extra would bring.
    """
    try:
        yield
        sys.stdout.flush()  # so that a reader who has gone is noticed here, not at the very end
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(_NOBODY_READS) from None
    except KeyboardInterrupt:  # before the command itself could take it
        raise SystemExit(_INTERRUPTED) from None
    except ModuleNotFoundError as error:
        library = (error.name or "").partition(".")[0]
        if not library or find_spec(library) is not None:
            raise
        sys.stderr.write(
            f"telecare-{name}: {library} is not installed; "
            f"pip install 'telecare[{name}]' brings all that this command needs\n"
        )
        raise SystemExit(2) from None
