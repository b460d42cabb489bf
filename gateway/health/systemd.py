"""Tells systemd that the hub is ready and alive (sd_notify(3)); elsewhere it tells nobody."""

import socket
from collections.abc import Mapping
from threading import Event, Thread


class Notifier:
    """Speaks to the service manager.

    Args:
        environment: The process's, in which systemd names its socket.
    """

    def __init__(self, environment: Mapping[str, str]) -> None:
        name = environment.get("NOTIFY_SOCKET", "")
        self._begun = Event()
        self._asking: Thread | None = None
        # A leading @ stands for the NUL of Linux's abstract names.
        self._address = "\0" + name[1:] if name.startswith("@") else name

    def starting(self, every_s: float = 30.0, most_s: float = 3600.0) -> None:
        """The hub is about to begin, or to begin anew. While that takes long, it asks for time.

        A detector that is new learns from all of the journal, which for years of it takes minutes
        on a small machine; so do all of them where event time was set back. Without more time
        systemd would end the hub and start it anew, for ever.

        Args:
            every_s: Seconds between two requests; each is for four times as long.
            most_s: Seconds after which it asks no more, so that a start that hangs has an end.
        """
        if self._address and self._asking is None:
            self._begun.clear()
            self._asking = Thread(target=self._ask, args=(every_s, most_s), daemon=True)
            self._asking.start()

    def ready(self) -> None:
        """The hub has begun its work."""
        self._begun.set()
        if self._asking is not None:
            self._asking.join()
            self._asking = None
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

    def _ask(self, every_s: float, most_s: float) -> None:
        for _ in range(int(most_s / every_s)):
            if self._begun.wait(every_s):
                return
            self._tell(f"WATCHDOG=1\nEXTEND_TIMEOUT_USEC={4 * every_s * 1e6:.0f}")

    def _tell(self, state: str) -> None:
        if not self._address:
            return
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as out:
            try:
                out.sendto(state.encode(), self._address)
            except OSError:  # systemd will notice the silence, which is all it could be told
                return
