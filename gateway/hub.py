"""One home's hub at work: its jobs, and what wakes which.

messages -> hearing -> journal -> acknowledged; journalled events wake the engine; whatever is
journalled wakes the uplink. All share one thread; a lock keeps in order what is heard and written.
"""

import asyncio
import logging
import math
import sqlite3
from collections import Counter
from collections.abc import Callable
from itertools import chain, repeat
from typing import TypeVar

from gateway.health.vitals import Sign, Vitals, stuck_of
from gateway.hearing.backlog import AWAY_S, Backlog
from gateway.hearing.message import Message
from gateway.hearing.waiting_room import WaitingRoom
from gateway.journal import Intake, Keep
from gateway.metrics.exposition import Standing, exposition
from gateway.mqtt.subscriber import Link
from gateway.parts import Parts
from gateway.watch.own_counts import OwnCounts

TICK_S = 1.0
THIN_OUT_S = 600.0
T = TypeVar("T")
_log = logging.getLogger(__name__)


class Hub:
    """The jobs of a hub.

    Args:
        parts: What it is made of.
        live: Whether time passes by the hub's clock, or with events alone.

    Attributes:
        news: Set when something was journalled that the centre is to have.
        over: Set when event time was set back: the hub must begin anew, and hears nothing more.
    """

    def __init__(self, parts: Parts, *, live: bool) -> None:
        self._parts = parts
        self._live = live
        self._events = asyncio.Event()
        self._backlog = Backlog(was_deaf=_was_deaf(parts))
        self._ticks = 0
        self._stuck: list[str] = []
        self._jobs: list[str] = []
        self._centre_up: bool | None = None
        self._ears = asyncio.Lock()
        self._told_clock: bool | None = None
        self.news = asyncio.Event()
        self.over = asyncio.Event()

    async def take(self, messages: list[Message]) -> None:
        """Makes messages durable; they may be acknowledged when this returns."""
        self._backlog.heard(self._parts.elapsed())
        async with self._ears:
            waiting = self._parts.waiting
            if waiting is None:
                await self._store(self._parts.hearing.hear(messages))
            elif not waiting.open:
                await self._keep(waiting, messages)
            else:
                await self._release(waiting)
                dated = [waiting.dated(one) for one in messages]
                await self._hear(waiting, dated)

    async def _hear(self, waiting: WaitingRoom, messages: list[Message]) -> None:
        """Hears messages; what would make late what the broker has yet to tell, waits for that."""
        if not self._is_told_older():
            await self._store(self._parts.hearing.hear(messages))
            return
        carry = [self._parts.hearing.carries_on(one) for one in messages]
        if any(carry):
            await self._keep(waiting, [one for one, on in zip(messages, carry, strict=True) if on])
        rest = [one for one, on in zip(messages, carry, strict=True) if not on]
        if rest:
            await self._store(self._parts.hearing.hear(rest))
        await self._release(waiting)

    def _is_told_older(self) -> bool:
        """Whether what is heard now may be followed by what is older."""
        return self._live and self._backlog.is_telling(self._parts.elapsed())

    async def _keep(self, waiting: WaitingRoom, messages: list[Message]) -> None:
        """Stores messages as they came until the time is known; in a pause only what may be."""
        if self._parts.paused():
            messages, forgotten = self._parts.hearing.pass_over(messages)
            if forgotten.counts:
                await self._store(forgotten)
        if messages:
            await self._parts.writer.write(lambda: waiting.keep(messages))

    async def detect(self) -> None:
        """Shows the engine what is journalled, for ever."""
        self._events.set()  # what an earlier run journalled and did not come to
        while True:
            await self._events.wait()
            self._events.clear()
            more = True
            while more:
                more = await self._with_news(self._parts.room.work)
                await asyncio.sleep(0)

    async def tick(self) -> None:
        """Lets time pass for what waits for it, for ever."""
        while True:
            await self._count()
            if self._live and await self._knows_the_time():
                await self._set_back()
                await self._look_at_itself(self._parts.now())
                await self._pass_time(self._parts.now())
            self._ticks += 1
            await asyncio.sleep(TICK_S)

    async def watch(self, alive: Callable[[], None], *others: Sign) -> None:
        """Tells for ever that all jobs get on, and is silent while one does not.

        A full disk is waited out: each try counts as getting on, since starting anew would make no
        room, and what waits in memory would have to be delivered again.

        Args:
            alive: Told about once a second.
            others: Signs of jobs that are not the hub's own.
        """
        signs = (*self._signs(), *others)
        self._jobs = [sign.job for sign in signs]
        vitals = Vitals(signs, self._parts.elapsed)
        while True:
            if not self._say(stuck_of(vitals)):
                alive()
            await asyncio.sleep(TICK_S)

    def _signs(self) -> list[Sign]:
        writer, room = self._parts.writer, self._parts.room
        return [
            Sign("writing", lambda: writer.under_way > 0, lambda: writer.tries),
            Sign("detecting", room.behind, lambda: room.offset),
            Sign("keeping time", lambda: not writer.trouble, lambda: self._ticks),
        ]

    def _say(self, stuck: list[str]) -> list[str]:
        """Logs a change of what is stuck, and gives it back."""
        if stuck and stuck != self._stuck:
            _log.error("does not get on with %s: the watchdog is not fed", ", ".join(stuck))
            self.note("stuck", ", ".join(stuck))  # for who asks after the restart
        elif self._stuck and not stuck:
            _log.info("gets on again with %s", ", ".join(self._stuck))
        self._stuck = stuck
        return stuck

    async def beat(self, every_s: float) -> None:
        """Journals how it fares, for ever: at once, as the hub may end soon, and ever so often."""
        for wait in chain((0.0, min(every_s, TICK_S)), repeat(every_s)):
            await asyncio.sleep(wait)
            clock = self._parts.clock
            while clock is not None and not clock.sure:  # noqa: ASYNC110 - who sets it tells nobody
                await asyncio.sleep(TICK_S)
            await self._count()
            await self._with_news(self._heartbeat)

    async def thin_out(self, keep: Keep) -> None:
        """Deletes what is old and needed by nobody, for ever, a little at a time."""
        while True:
            try:
                self._parts.journal.thin_out(keep, self._parts.now())
            except sqlite3.OperationalError as error:
                _log.warning("nothing old could be deleted from the journal: %s", error)
            await asyncio.sleep(THIN_OUT_S)  # afterwards: a hub may start again sooner than that

    def broker_told(self, link: Link, where: str, why: str) -> None:
        """Says how the hub stands with its broker."""
        at = self._parts.elapsed()
        self._backlog.link(up=link is Link.UP, at=at)
        if link is Link.UP:
            self._parts.hearing.broker_is_back(at)
            _log.info("connected to the broker at %s", where)
        else:
            _log.warning("no broker at %s, trying on: %s", where, why)
        if self._parts.deafness is not None:
            now = self._parts.now()
            self._parts.deafness.link(up=link is Link.UP, why=why, now=now, elapsed=at)
        self.note("broker", why)

    def centre_told(self, trouble: str) -> None:
        """Says why nothing reaches the centre, or that it does."""
        self._centre_up = not trouble
        if trouble:
            _log.warning("nothing reaches the centre; all is kept, trying on: %s", trouble)
        else:
            _log.info("the centre receives")
        self.note("centre", trouble)

    @property
    def own_counts(self) -> OwnCounts:
        """Counts what is of the hub's own making, and what others made of what it heard or told."""
        return OwnCounts(self._parts.writer.counts)

    def metrics(self) -> str:
        """How it fares, for Prometheus."""
        journal = self._parts.journal
        standing = Standing(
            journalled=journal.last_seq,
            received=journal.outbox.cursor,
            broker=self._backlog.linked,
            centre=self._centre_up,
            jobs={job: job in self._stuck for job in self._jobs},
        )
        return exposition(self._parts.health(), standing)

    def note(self, name: str, text: str) -> None:
        """Leaves word for `status`, where the journal takes it: it is only a comfort."""
        try:
            self._parts.journal.write_note(name, text, self._parts.now())
        except sqlite3.OperationalError as error:
            _log.warning("no note of the %s could be left: %s", name, error)

    async def _count(self) -> None:
        """Stores what was counted, be it that nothing is heard with which it could be."""
        if self._parts.writer.counts:
            await self._store(Intake())

    def _heartbeat(self) -> None:
        self._parts.journal.write_health(self._parts.health(), self._parts.now())

    async def _store(self, intake: Intake) -> None:
        parts = self._parts
        await self._look_for_leap()
        if parts.deafness is not None and intake.events:
            times, now = [one.at.timestamp() for one in intake.events], parts.now()
            deafness = parts.deafness
            await parts.writer.write(lambda: deafness.heard(times, now))
        if untold := parts.hush(intake):
            intake.devices |= parts.hearing.untell(untold)
        if parts.own is not None:
            parts.own.heard(intake.events, parts.now())
        intake.counts.update(parts.writer.take_counts())
        await parts.writer.write(lambda: parts.journal.write_intake(intake, parts.now()))
        if intake.events:
            self._events.set()
            self.news.set()

    async def _knows_the_time(self) -> bool:
        """Looks at the clock; lets go what waited once it is right."""
        clock, waiting = self._parts.clock, self._parts.waiting
        if clock is None or waiting is None:
            return True
        leaps = clock.leaps
        clock.look()
        if clock.leaps != leaps:
            await self._store(Intake(counts=Counter(clock_leaps=clock.leaps - leaps)))
        if clock.sure is not self._told_clock:  # the centre may have told it since the last look
            self._tell_clock(sure=clock.sure)
        if clock.sure and waiting.waiting:
            async with self._ears:
                await self._release(waiting)
        return clock.sure

    async def _look_for_leap(self) -> None:
        """Notes where the clock leapt ahead, before anything beyond that is journalled or judged.

        The centre may have set it since the last look.
        """
        leaps, room = self._parts.leaps, self._parts.room
        if leaps is not None and leaps.see():
            await self._parts.writer.write(lambda: leaps.look(room.judged_s))

    def _tell_clock(self, *, sure: bool) -> None:
        self._told_clock = sure
        if sure:
            _log.info("the hub knows what time it is")
        else:
            _log.warning("the clock has not been set: all is kept, and dated once it is")
        self.note("clock", "" if sure else "it has not been set")

    async def _release(self, waiting: WaitingRoom) -> None:
        """Hears what waited, each portion in one transaction with its being taken out.

        While the broker may yet tell what is older, no more than what event time has come to.
        """
        while waiting.waiting:
            until = self._parts.hearing.newest if self._is_told_older() else math.inf
            upto, messages = waiting.next(until)
            if not messages:
                return
            intake = self._parts.hearing.hear(messages)
            intake.released = upto
            intake.counts["held"] += len(messages)
            await self._store(intake)
            waiting.gone(len(messages))
            await asyncio.sleep(0)

    async def _look_at_itself(self, now: float) -> None:
        """Tells what the centre is to know of the hub itself."""
        deafness, own, faults = self._parts.deafness, self._parts.own, self._parts.faults
        elapsed = self._parts.elapsed()
        if deafness is not None:
            await self._with_news(lambda: deafness.look(now, elapsed))
            away = self._parts.hearing.bridges_away()
            await self._with_news(lambda: deafness.bridges(away, now))
        if own is not None:
            await self._with_news(lambda: own.look(now))
        if faults is not None and not self._parts.paused():  # it would tell what is done in it
            await self._with_news(lambda: faults.look(now))

    async def _set_back(self) -> None:
        """Sets event time back where it is due; then nothing is heard until the hub begins anew."""
        setting_back = self._parts.setting_back
        if setting_back is None or not self._backlog.is_told(self._parts.elapsed()):
            return
        async with self._ears:
            if await self._parts.writer.write(setting_back.look):
                self.over.set()
                await asyncio.Future()  # what is heard now would be dated by what it knew before

    async def _pass_time(self, now: float) -> None:
        """Lets it be `now`, but not before the broker has told what it kept while it was away."""
        await self._look_for_leap()
        elapsed = self._parts.elapsed()
        if not self._backlog.has_begun(elapsed):
            return
        async with self._ears:
            if self._parts.waiting is not None and self._parts.waiting.open:
                await self._release(self._parts.waiting)
            await self._settle(now)
        if self._backlog.is_told(elapsed):
            await self._with_news(lambda: self._parts.room.tick(now))

    async def _settle(self, now: float) -> None:
        """Settles what has become certain, but not while a word waits that may say otherwise."""
        if self._parts.waiting is None or not self._parts.waiting.waiting:
            intake = self._parts.hearing.tick(now)
            if intake.devices:
                await self._store(intake)

    async def _with_news(self, write: Callable[[], T]) -> T:
        """Does a write, and wakes the uplink where it added to the journal."""
        before = self._parts.journal.last_seq
        result = await self._parts.writer.write(write)
        if self._parts.journal.last_seq != before:
            self.news.set()
        return result


def _was_deaf(parts: Parts) -> bool:
    """Whether the hub heard nothing for a while before it began, as far as its clock tells."""
    received = parts.journal.clock().received
    return received is not None and parts.now() - received >= AWAY_S
