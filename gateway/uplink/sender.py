"""Sends what the centre has not received, until it has.

The centre's receipt is the only truth: the cursor follows it, also backwards. What the centre will
not have is kept and tried again after a long while, and a person is told.
"""

import asyncio
import logging
import sqlite3
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Any, Protocol

from contract import MAX_RECORDS, Batch, Receipt, Record
from gateway.backoff import Backoff
from gateway.errors import HubError
from gateway.journal.journal import Identity
from gateway.journal.outbox import Outbox
from gateway.journal.turns import Turns
from gateway.uplink.answers import Answer, Away, Received, Refused, TooLarge
from gateway.uplink.clock import CentreClock
from gateway.uplink.faults import unborne
from gateway.uplink.link import TABLE, LinkState, Outcome, Wait, tries
from gateway.uplink.token import Signer

MOST_BYTES = 1024 * 1024
LINGER_S = 0.25
"""Records that come together travel together; an urgent alert does not wait for them."""

PATIENCE_S = 5.0
"""So long a try may take before an urgent alert that is not in it has it given up."""

URGENT_S = 15.0
"""While an urgent alert is unsent the next try is no later than this, whatever came of the last."""

_log = logging.getLogger(__name__)


class Wire(Protocol):
    """What the sender needs of :class:`gateway.uplink.centre.Centre`."""

    date: float | None

    async def send(self, batch: Batch, token: str) -> Answer:
        """Posts one batch."""
        ...


class Sender:
    """One hub's way to its centre.

    Args:
        identity: Whose journal it is.
        outbox: What there is to send.
        centre: Where to.
        signer: Makes the tokens.
        now: The hub's clock, in epoch seconds.
        soon: Waits while the centre is away.
        late: Waits while it refuses.
        pressing: Waits at most, while an urgent alert is unsent.
        told: Told of each change: why nothing arrives, or "" once it does.
        clock: Measures how the centre's clock stands to the hub's.
        fault: Told of a fault of the hub's own, which is then borne; by default it is raised.
        patience: Seconds that a try may take before it is given up for an urgent alert.
        refused: Told how many more records the centre keeps aside.
    """

    def __init__(
        self,
        *,
        identity: Identity,
        outbox: Outbox,
        centre: Wire,
        signer: Signer,
        now: Callable[[], float],
        soon: Backoff,
        late: Backoff,
        pressing: Backoff,
        told: Callable[[str], None],
        clock: CentreClock | None = None,
        fault: Callable[[Exception], str] = unborne,
        patience: float = PATIENCE_S,
        refused: Callable[[int], None] = lambda _records: None,
    ) -> None:
        self._refuses = refused
        self._clock = clock
        self._fault = fault
        self._patience = patience
        self._identity = identity
        self._turns = Turns(outbox)
        self._centre = centre
        self._signer = signer
        self._now = now
        self._soon = soon
        self._late = late
        self._pressing = pressing
        self._answers = False  # the centre has answered another question since the last try
        self._told = told
        self._trouble: str | None = None
        self._outbox = outbox
        self._tried = 0  # up to here each urgent alert has been in a try, whatever came of it
        self._most = MAX_RECORDS
        self._state = LinkState.UNKNOWN

    @property
    def state(self) -> LinkState:
        """How the hub stands with its centre."""
        return self._state

    async def run(
        self,
        news: asyncio.Event,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """Sends until cancelled; `news` is set when something has been journalled."""
        while True:
            try:
                wait = await self._try(news)
            except sqlite3.OperationalError as error:
                wait = self._away(f"the journal cannot note what the centre has: {error}", 0.0)
            except (sqlite3.Error, HubError):  # what the hub as a whole sees to, such as damage
                raise
            except Exception as error:  # noqa: BLE001 - in the home everything else still works
                wait = self._away(self._fault(error), 0.0)
            if wait is None:
                await news.wait()
                if not self._turns.urgent_waits:
                    await sleep(LINGER_S)
            elif wait > 0:
                if self._turns.urgent_waits:
                    wait = min(wait, self._pressing.next())
                await self._rest(sleep(wait), news)
            news.clear()

    def heard(self) -> None:
        """The centre has answered another question: what is urgent is tried at the next news."""
        self._answers = True

    async def _rest(self, sleeping: Awaitable[None], news: asyncio.Event) -> None:
        """Waits, but not with an urgent alert that has not been tried yet: it is tried at once.

        So is one that has been tried, once the centre answers elsewhere.
        """
        self._answers = False
        end = asyncio.ensure_future(sleeping)
        try:
            await self._until(end, news, lambda: self._answers and self._turns.urgent_waits)
        finally:
            end.cancel()

    async def _try(self, news: asyncio.Event) -> float | None:
        """One step; where it hangs, it is given up for an urgent alert that is not in it."""
        step = asyncio.ensure_future(self.step())
        try:
            await asyncio.wait({step}, timeout=self._patience)
            if not step.done():
                await self._until(step, news)
                news.set()  # some may have been passed over meanwhile
            return step.result() if step.done() else 0.0
        finally:
            if not step.done():
                step.cancel()
                await asyncio.wait({step})

    async def _until(
        self,
        end: "asyncio.Future[Any]",
        news: asyncio.Event,
        enough: Callable[[], bool] = lambda: False,
    ) -> None:
        """Waits for an end, or for an urgent alert that has not been in a try."""
        while not (end.done() or self._outbox.urgent(self._tried, 1) or enough()):
            word = asyncio.ensure_future(news.wait())
            try:
                await asyncio.wait({end, word}, return_when=asyncio.FIRST_COMPLETED)
            finally:
                word.cancel()
            news.clear()

    async def step(self) -> float | None:
        """Makes one try, if there is anything to send or nothing is known of the centre.

        Returns:
            How many seconds to wait before the next step; None to wait for news.
        """
        records = self._next()
        if not tries(self._state):
            if not records:
                return None
            self._turn(Outcome.NEWS)
        batch = Batch(
            hub=self._identity.hub,
            epoch=self._turns.epoch,
            records=records,
            before=self._turns.before,
            first=self._turns.first,
        )
        self._tried = self._outbox.last
        asked = self._now()
        token = self._signer.token(asked)
        answer = await self._centre.send(batch, token)
        wrong_clock = self._centre.date is not None and self._signer.set_right(
            self._centre.date, self._now()
        )
        match answer:
            case Received(receipt):
                self._signer.taken()
                if self._clock is not None and receipt.at is not None:
                    self._clock.measure(asked, self._now(), receipt.at.timestamp())
                return self._received(receipt, records)
            case Away(why, retry_after, slow):
                if slow and records:
                    self._most = max(1, len(records) // 2)
                return self._away(why, retry_after, answer.sentence)
            case TooLarge(why):
                return self._too_large(why, records)
            case Refused(why, status):
                if status == HTTPStatus.UNAUTHORIZED and (
                    wrong_clock or self._signer.refused(token)
                ):
                    return self._turn(Outcome.MISDATED)  # the next token is another
                return self._refused(why)

    def _turn(self, outcome: Outcome, least: float = 0.0) -> float | None:
        """Goes on by the table; the wait is `least` seconds at least, where there is one."""
        self._state, wait = TABLE[self._state, outcome]
        if wait is Wait.NEWS:
            return None
        if wait is Wait.NOTHING:
            return 0.0
        return max(least, (self._soon if wait is Wait.SOON else self._late).next())

    def _next(self) -> list[Record]:
        """The records next in turn, and what goes ahead of its turn."""
        return self._turns.next(self._most, MOST_BYTES)

    def _received(self, receipt: Receipt, records: list[Record]) -> float | None:
        if self._is_taken(receipt):
            return self._turn(Outcome.RENUMBERED)
        wrong = self._disbelieve(receipt)
        if wrong:
            return self._refused(wrong)
        before, after = self._turns.received(receipt.contiguous, self._now())
        self._kept_aside(receipt)
        if after < before:
            _log.warning(
                "the centre has records up to %d, not %d; sending the rest again",
                receipt.contiguous,
                before,
            )
        elif after == before and records and records[0].seq == before + 1:
            return self._away("the centre answers but stores nothing", 0.0)
        if len(records) == self._most:  # a proxy that took less yesterday may take more today
            self._most = min(MAX_RECORDS, self._most + max(1, self._most // 10))
        self._soon.reset()
        self._late.reset()
        self._tell("")
        return self._turn(Outcome.MORE if self._turns.more else Outcome.ALL)

    def _kept_aside(self, receipt: Receipt) -> None:
        """Says of what was received that the centre could not take it."""
        for refusal in receipt.refused:
            _log.warning("the centre kept record %d aside: %s", refusal.seq, refusal.reason)
        if receipt.refused:
            self._refuses(len(receipt.refused))

    def _is_taken(self, receipt: Receipt) -> bool:
        """Whether the centre has other records by these numbers, so that all goes by new ones.

        The journal is a copy then that was put back without a sign of it.
        """
        if not self._is_ours(receipt) or not (
            self._turns.is_beyond(receipt.contiguous) or self._turns.falls_short(receipt.stored)
        ):
            return False
        if not self._turns.begin_anew(self._now()):
            return False
        _log.error(
            "the centre has other records by the numbers of this journal, which is an old copy; "
            "what it has not confirmed is sent again by new numbers"
        )
        return True

    def _is_ours(self, receipt: Receipt) -> bool:
        return (receipt.hub, receipt.epoch) == (self._identity.hub, self._turns.epoch)

    def _disbelieve(self, receipt: Receipt) -> str:
        if not self._is_ours(receipt):
            return "the receipt is for another hub or journal"
        if self._turns.is_beyond(receipt.contiguous):
            return (
                f"the centre has {receipt.contiguous} records of this journal, which has fewer, "
                "also by new numbers; nothing is lost here: tell whoever runs the centre"
            )
        return ""

    def _away(self, why: str, retry_after: float, sentence: str = "") -> float | None:
        self._tell(why, sentence)
        return self._turn(Outcome.AWAY, retry_after)

    def _too_large(self, why: str, records: list[Record]) -> float | None:
        if len(records) <= 1:
            return self._refused(why)
        self._most = max(1, len(records) // 2)
        return self._turn(Outcome.TOO_LARGE)

    def _refused(self, why: str) -> float | None:
        self._tell(why)
        return self._turn(Outcome.REFUSED)

    def _tell(self, trouble: str, sentence: str = "") -> None:
        if trouble != self._trouble:
            self._trouble = trouble
            self._told(sentence or trouble)
