"""The broker's password, from the file that the settings name."""

from pathlib import Path

from gateway.errors import HubError


def password_in(path: Path | None) -> str | None:
    """What the file holds; None where none is named.

    Raises:
        HubError: It cannot be read.
    """
    if path is None:
        return None
    try:
        return path.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise HubError(f"{path}: the broker's password cannot be read: {error}") from error
