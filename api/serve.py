"""Runs the centre on a socket until it is told to stop."""

import asyncio
import gc
import logging
import signal
import socket
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

import uvicorn

from api.app import create_app
from api.certificate import LOOK_SECONDS, Certificate
from api.chores import every, in_background
from api.live.fanout import Fanout
from api.services import Services
from api.settings import Settings

log = logging.getLogger(__name__)

BACKLOG = 2048
GRACE_SECONDS = 5
"""How long requests in hand may take to end."""


class Server(uvicorn.Server):
    """Ends event streams when told to stop, for else they would hold it up; and ends in order.

    uvicorn itself raises the signal again once it has stopped, which would end the process before
    the embedded database is put to rest.
    """

    def __init__(self, config: uvicorn.Config, live: Fanout, drain_seconds: float = 0) -> None:
        super().__init__(config)
        self._live = live
        self._drain_seconds = drain_seconds
        self._told = False

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Stops, once a load balancer has had time to see it; a second Ctrl-C stops at once."""
        self._live.close()
        if self._drain_seconds and not self._told:
            self._told = True
            log.info("stopping in %g s", self._drain_seconds)
            stop = super().handle_exit
            asyncio.get_running_loop().call_later(self._drain_seconds, stop, sig, frame)
            return
        super().handle_exit(sig, frame)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Takes Ctrl-C and SIGTERM while serving."""
        loop = asyncio.get_running_loop()
        for sig in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(sig, self.handle_exit, sig, None)
        try:
            yield
        finally:
            for sig in (signal.SIGINT, signal.SIGTERM):
                loop.remove_signal_handler(sig)


def bind(host: str, port: int) -> socket.socket:
    """The socket to serve on, bound before anything else is started.

    Raises:
        OSError: The port is taken, or the address is not this machine's.
    """
    family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    bound = socket.socket(family, socket.SOCK_STREAM)
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind(address)
        bound.listen(BACKLOG)  # so that a second service on the port fails now, not later
        bound.set_inheritable(False)
    except OSError:
        bound.close()
        raise
    return bound


async def serve(settings: Settings, bound: socket.socket) -> None:
    """Serves until SIGINT or SIGTERM. The database must have been migrated."""
    app = create_app(settings)
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=settings.trusted_proxies or None,
        ssl_certfile=settings.tls_cert or None,
        ssl_keyfile=settings.tls_key or None,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    scheme = "https" if settings.tls_cert else "http"
    host, port = bound.getsockname()[:2]
    log.info("the centre is at %s://%s:%s", scheme, f"[{host}]" if ":" in host else host, port)
    services: Services = app.state.services
    server = Server(config, services.live, settings.drain_seconds)
    # What is made by now stays. Python would walk through all of it again and again, and answer
    # nobody for a tenth of a second each time.
    gc.collect()
    gc.freeze()
    async with in_background(*_renewals(settings, config, services)):
        await server.serve(sockets=[bound])


def _renewals(
    settings: Settings, config: uvicorn.Config, services: Services
) -> Iterator[Coroutine[Any, Any, None]]:
    """Whatever looks after a certificate of its own."""
    if not settings.tls_cert:
        return
    config.load()
    if config.ssl is not None:
        ends = services.metrics.certificate_ends
        certificate = Certificate(
            Path(settings.tls_cert), Path(settings.tls_key), lambda at: ends.set(at.timestamp())
        )
        certificate.serve_in(config.ssl)
        yield every(LOOK_SECONDS, certificate.look)
