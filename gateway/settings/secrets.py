"""The broker's password, from its file or the environment; nothing else ever holds it."""

from collections.abc import Mapping

from gateway.errors import HubError
from gateway.settings.environment import BROKER_PASSWORD
from gateway.settings.places import Files


def broker_password(files: Files, environment: Mapping[str, str]) -> str | None:
    """The password, or None where there is none; the environment's stands above the file's.

    Raises:
        HubError: Its file cannot be read.
    """
    if password := environment.get(BROKER_PASSWORD):
        return password
    if files.password is None:
        return None
    try:
        return files.password.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise HubError(
            f"{files.password}: the broker's password cannot be read: {error}"
        ) from error
