"""Asks the centre for what is new, for ever; the centre answers as soon as there is something."""

import asyncio
import logging
import sqlite3
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Protocol

from gateway.backoff import Backoff
from gateway.downlink.book import Cursor
from gateway.downlink.orders import GarbledError, Orders
from gateway.errors import HubError
from gateway.uplink.answers import Asked, Away, Refused, Told
from gateway.uplink.faults import unborne
from gateway.uplink.token import Signer

WAIT_S = 25.0
"""How long the centre may keep the question open; proxies cut what is silent for longer."""

_log = logging.getLogger(__name__)


class Wire(Protocol):
    """What is needed of :class:`gateway.uplink.centre.Centre`."""

    date: float | None

    async def ask(self, hub: str, token: str, has: Cursor, wait: float) -> Asked:
        """Asks once."""
        ...


class Ear:
    """One hub's ear for its centre.

    Args:
        hub: Its name.
        centre: Whom to ask.
        orders: Does what is said.
        signer: Makes the tokens.
        now: The hub's clock, in epoch seconds.
        soon: Waits while the centre is away.
        late: Waits while it refuses, or does not know the question.
        news: Told when the centre has answered, and there may be something to tell it.
        fault: Told of a fault of the hub's own, which is then borne; by default it is raised.
    """

    def __init__(
        self,
        *,
        hub: str,
        centre: Wire,
        orders: Orders,
        signer: Signer,
        now: Callable[[], float],
        soon: Backoff,
        late: Backoff,
        news: Callable[[], None],
        fault: Callable[[Exception], str] = unborne,
    ) -> None:
        self._news = news
        self._fault = fault
        self._hub = hub
        self._centre = centre
        self._orders = orders
        self._signer = signer
        self._now = now
        self._soon = soon
        self._late = late
        self._trouble = ""

    async def run(self, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep) -> None:
        """Listens until the hub must begin anew with other settings."""
        while True:
            try:
                wait = await self.step()
            except (GarbledError, sqlite3.OperationalError) as error:
                self._tell(str(error))
                wait = self._soon.next()
            except (sqlite3.Error, HubError):  # what the hub as a whole sees to, such as damage
                raise
            except Exception as error:  # noqa: BLE001 - in the home everything else still works
                self._tell(self._fault(error))
                wait = self._soon.next()
            if wait is None:
                return
            await sleep(wait)

    async def step(self, wait: float = WAIT_S) -> float | None:
        """Asks once and does what is said.

        Returns:
            Seconds until the next question; None where the hub must begin anew.
        """
        token = self._signer.token(self._now())
        answer = await self._centre.ask(self._hub, token, self._orders.cursor, wait)
        misdated = self._centre.date is not None and self._signer.set_right(
            self._centre.date, self._now()
        )
        match answer:
            case Told(downlink):
                self._signer.taken()
                if downlink.hub != self._hub:
                    raise GarbledError(f"what came is for hub {downlink.hub!r}")
                anew = self._orders.take(downlink, self._now())
                self._news()
                self._soon.reset()
                self._late.reset()
                self._tell("")
                return None if anew else 0.0
            case Away(why, retry_after):
                self._tell(why, answer.sentence)
                return max(retry_after, self._soon.next())
            case Refused(_, HTTPStatus.UNAUTHORIZED) if misdated or self._signer.refused(token):
                return 0.0  # the next token is another
            case Refused(why):
                self._tell(why)
                return self._late.next()

    def _tell(self, trouble: str, sentence: str = "") -> None:
        if trouble and trouble != self._trouble:
            said = sentence or trouble
            _log.warning("the centre cannot be asked for what is new, trying on: %s", said)
        self._trouble = trouble
