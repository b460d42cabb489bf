"""Tells systemd that the hub is ready and alive (sd_notify(3)); elsewhere it tells nobody."""

import socket
from collections.abc import Mapping


class Notifier:
    """Speaks to the service manager.

    Args:
        environment: The process's, in which systemd names its socket.
    """

    def __init__(self, environment: Mapping[str, str]) -> None:
        name = environment.get("NOTIFY_SOCKET", "")
        # A leading @ stands for the NUL of Linux's abstract names.
        self._address = "\0" + name[1:] if name.startswith("@") else name

    def ready(self) -> None:
        """The hub has begun its work."""
        self._tell("READY=1")

    def alive(self) -> None:
        """The hub is at work."""
        self._tell("WATCHDOG=1")

    def busy(self) -> None:
        """The hub is alive, and takes longer to begin than is usual."""
        self._tell("WATCHDOG=1\nEXTEND_TIMEOUT_USEC=120000000")

    def stopping(self) -> None:
        """The hub is about to end."""
        self._tell("STOPPING=1")

    def _tell(self, state: str) -> None:
        if not self._address:
            return
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as out:
            try:
                out.sendto(state.encode(), self._address)
            except OSError:  # systemd will notice the silence, which is all it could be told
                return
