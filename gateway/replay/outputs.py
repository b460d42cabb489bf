"""Where a replay may write: over nothing by mistake, and never over what a hub lives by."""

from collections.abc import Iterable
from pathlib import Path

from gateway.settings import Files

_JOURNAL = "journal.sqlite"


def objection(
    outputs: Iterable[Path], inputs: Iterable[Path], hub: Files | None, *, force: bool
) -> str:
    """Why the outputs may not be written; empty where they may.

    Devices and pipes, such as /dev/null, may be written to as often as one likes.

    Args:
        outputs: What is to be written.
        inputs: What is read.
        hub: The files of this machine's hub, where it has one.
        force: Whether what is there may be replaced, if it is neither an input nor a hub's.

    Raises:
        OSError: Somebody else's folder, into which this user may not look.
    """
    taken = {_identity(one) for one in inputs}
    for output in outputs:
        if output.is_dir():
            return f"{output} is a folder; name a file in it"
        if output.exists() and not output.is_file():
            continue
        if _identity(output) in taken:
            return f"{output} stands twice among inputs and outputs; it would be lost"
        if _is_a_hubs(output, hub):
            return f"{output} is a hub's own, or in its data folder; name a file elsewhere"
        if output.exists() and not force:
            return f"{output} is there already; --force replaces it"
        taken.add(_identity(output))
    return ""


def _is_a_hubs(output: Path, hub: Files | None) -> bool:
    real = output.resolve()
    if (real.parent / _JOURNAL).exists():  # also another hub's, whose settings nobody named
        return True
    if hub is None:
        return False
    own = filter(None, (hub.journal, hub.key, hub.password, hub.ca))
    return hub.journal.parent.resolve() in real.parents or _identity(output) in map(_identity, own)


def _identity(path: Path) -> object:
    """Equal for two names of one file: a link's, too."""
    try:
        known = path.stat()
    except FileNotFoundError:
        return path.resolve()
    return known.st_dev, known.st_ino
