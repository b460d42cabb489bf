"""The service's own TLS certificate, taken up anew when its files change, without a restart.

A pair is tried in a context of its own and then takes the place of the one before as a whole, so
that one half written, or of which only the certificate has come yet, never meets a caller.
"""

import asyncio
import logging
import ssl
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TypeAlias

from cryptography import x509

log = logging.getLogger(__name__)

LOOK_SECONDS = 10.0
_Mark: TypeAlias = tuple[int, int, int]


class Certificate:
    """A certificate chain and its key, in two files that somebody else renews.

    Args:
        chain: The certificates in PEM form, the service's own first.
        key: Its key in PEM form, without a password.
        ends: Told when the first of the chain ends that does, each time it is taken up.
    """

    def __init__(self, chain: Path, key: Path, ends: Callable[[datetime], None]) -> None:
        self._files = (chain, key)
        self._ends = ends
        self._seen: tuple[_Mark | None, ...] | None = None
        self._newest: ssl.SSLContext | None = None

    def serve_in(self, context: ssl.SSLContext) -> None:
        """Has whoever calls from now on, by this context, be shown the newest pair."""

        def choose(link: ssl.SSLObject, _name: str | None, _context: ssl.SSLContext) -> None:
            if self._newest is not None:
                link.context = self._newest

        # Asked of each caller, also of one that names no server.
        context.sni_callback = choose

    async def look(self) -> None:
        """Takes up what is there now, if that has changed and will do; else all stays as it is."""
        await asyncio.to_thread(self._look)

    def _look(self) -> None:
        mark = tuple(map(_mark, self._files))
        if mark == self._seen:
            return
        renewed, self._seen = self._seen is not None, mark
        chain, key = self._files
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        try:
            context.load_cert_chain(chain, key, password="")  # nosec B106 # asks nobody
            all_of_it = x509.load_pem_x509_certificates(chain.read_bytes())
        except (OSError, ValueError) as error:  # of the former ssl.SSLError is one
            log.error(  # noqa: TRY400 - its words say it
                "the new certificate is not taken up, the one before is served: "
                "%s and %s do not serve together (%s)", chain, key, error,
            )  # fmt: skip
            return
        ends = min(one.not_valid_after_utc for one in all_of_it)
        self._newest = context
        self._ends(ends)
        if renewed:
            log.info("a new certificate is served, until %s", ends.isoformat())


def _mark(file: Path) -> _Mark | None:
    """By what a file is known to be another; None where it is not there."""
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size
