"""Handling alerts. Each action is one transaction on the locked rows of one home."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from api.alerts.acting import Acting
from api.alerts.lifecycle import Action, Outcome
from api.alerts.reading import Reading
from api.alerts.sql import SQL
from api.alerts.standing import Deed
from api.alerts.timers import Timers
from api.alerts.views import AlertSummary
from api.clock import Clock
from api.identity.people import Member
from api.identity.permissions import Permission, roles
from api.refusals import Forbidden, Invalid, NotFound
from api.store.apart import Apart
from api.store.cover import Cover
from api.store.database import Connection, Database
from api.store.reach import CENTRE

MAX_NOTE = 4000
"""Characters in a note or a reason at most."""
SUSPENDED_AT_MOST = timedelta(days=1)
"""How long an alert that is not urgent may wait for something: until the same shift of tomorrow."""
SHELVED_AT_MOST = timedelta(days=14)
SHELVED_BY_ANYBODY = timedelta(days=1)
"""What is set aside for longer is for supervisors and administrators."""


class Alerts(Reading):
    """The alerts of the centre.

    Args:
        database: Where they are.
        clock: Decides when a lease ends.
        lease: How long a claim holds without a further action by its holder.
        apart: Makes each step of the clock by itself.
        cover: Seals notes and reasons.
        resolved: Told of the home of each alert that is resolved, in the same transaction.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        lease: timedelta,
        apart: Apart,
        cover: Cover,
        *,
        resolved: Callable[[Connection, str], Awaitable[None]] | None = None,
    ) -> None:
        super().__init__(database, clock, cover)
        self.acting = Acting(database, clock, lease, cover, resolved)
        self.timers = Timers(database, clock, self.acting, apart, cover)

    async def claim(self, alert: int, by: Member) -> AlertSummary:
        """Takes an alert with all of its home that nobody has, or looks at and renews one's own.

        Of any number of claimers one wins. What comes along is unseen until it is claimed, too.

        Raises:
            NotFound: There is no such alert.
            Conflict: Somebody else has it, or another of its home, or it is over; the sentence says
                who and since when.
        """
        return await self.acting.act(alert, Deed(action=Action.CLAIM, by=by))

    async def release(self, alert: int, by: Member, *, version: int | None = None) -> AlertSummary:
        """Gives one's own claim back to the queue, with the home's others.

        Raises:
            NotFound, Conflict: As :meth:`claim`; also where somebody did something since `version`.
        """
        return await self.acting.act(alert, Deed(action=Action.RELEASE, by=by, version=version))

    async def note(
        self, alert: int, by: Member, text: str, *, version: int | None = None
    ) -> AlertSummary:
        """Writes something down; by its holder it also renews the claim.

        Raises:
            NotFound, Conflict: As :meth:`release`.
            Invalid: The note is empty or longer than `MAX_NOTE`.
        """
        note = _needed(text, "A note")
        return await self.acting.act(
            alert, Deed(action=Action.NOTE, by=by, note=note, version=version)
        )

    async def suspend(
        self,
        alert: int,
        by: Member,
        until: datetime,
        *,
        reason: str = "",
        seen: int | None = None,
        version: int | None = None,
    ) -> AlertSummary:
        """Waits for something, such as a relative's call back. It stays its holder's.

        Args:
            alert: Which.
            by: Its holder.
            until: When it is theirs to act on again, at most `SUSPENDED_AT_MOST` from now, and
                :data:`api.alerts.acting.URGENT_SUSPENDED_AT_MOST` where it is urgent.
            reason: What they wait for.
            seen: The `report_version` that was looked at.
            version: The alert's version that was looked at.

        Raises:
            NotFound, Conflict: As :meth:`resolve`.
            Invalid: The time is past or too far off.
        """
        self._in_time(until, SUSPENDED_AT_MOST)
        return await self.acting.act(
            alert,
            Deed(
                action=Action.SUSPEND, by=by, until=until, note=_clean(reason),
                seen=seen, version=version,
            ),
        )  # fmt: skip

    async def resume(self, alert: int, by: Member, *, version: int | None = None) -> AlertSummary:
        """Goes on with one's suspended alert before its time.

        Raises:
            NotFound, Conflict: As :meth:`release`.
        """
        return await self.acting.act(alert, Deed(action=Action.RESUME, by=by, version=version))

    async def offer(
        self, alert: int, by: Member, to: str, *, note: str = "", version: int | None = None
    ) -> AlertSummary:
        """Offers one's alert, and the home's others with it, to a colleague, who may accept.

        Until then it stays its holder's.

        Args:
            alert: Which.
            by: Its holder.
            to: The colleague's username.
            note: What they should know.
            version: The alert's version that was looked at.

        Raises:
            NotFound, Conflict: As :meth:`release`.
            Invalid: No such colleague looks after this home and handles alerts, or it is oneself.
        """
        colleague = await self._colleague(alert, by, to)
        return await self.acting.act(
            alert,
            Deed(action=Action.OFFER, by=by, to=colleague, note=_clean(note), version=version),
        )

    async def accept(self, alert: int, by: Member, *, version: int | None = None) -> AlertSummary:
        """Takes what a colleague offers, with the home's others.

        Raises:
            NotFound, Conflict: As :meth:`release`.
        """
        return await self.acting.act(alert, Deed(action=Action.ACCEPT, by=by, version=version))

    async def decline(self, alert: int, by: Member, *, version: int | None = None) -> AlertSummary:
        """Does not take what is offered; by the holder, offers it no longer.

        Raises:
            NotFound, Conflict: As :meth:`release`.
        """
        return await self.acting.act(alert, Deed(action=Action.DECLINE, by=by, version=version))

    async def take_over(
        self, alert: int, by: Member, reason: str, *, version: int | None = None
    ) -> AlertSummary:
        """Takes an alert, with the home's others, from whoever has it. The reason is kept.

        Raises:
            NotFound, Conflict: As :meth:`release`.
            Invalid: There is no reason.
        """
        why = _needed(reason, "Taking over")
        return await self.acting.act(
            alert, Deed(action=Action.TAKEOVER, by=by, note=why, version=version)
        )

    async def escalate(
        self, alert: int, by: Member, reason: str, *, version: int | None = None
    ) -> AlertSummary:
        """Calls a supervisor, or the next level; nobody has the alert until somebody claims it.

        Raises:
            NotFound, Conflict: As :meth:`release`.
            Invalid: There is no reason.
        """
        why = _needed(reason, "Escalating")
        return await self.acting.act(
            alert, Deed(action=Action.ESCALATE, by=by, note=why, version=version)
        )

    async def shelve(
        self,
        alert: int,
        by: Member,
        until: datetime,
        reason: str,
        *,
        seen: int | None = None,
        version: int | None = None,
    ) -> AlertSummary:
        """Sets a nuisance aside: this alert, and each that its home raises of the same condition.

        Args:
            alert: Which; not an urgent one.
            by: Its holder.
            until: When it is raised anew, at most `SHELVED_AT_MOST` from now.
            reason: Why it is a nuisance.
            seen: The `report_version` that was looked at.
            version: The alert's version that was looked at.

        Raises:
            NotFound, Conflict: As :meth:`resolve`.
            Invalid: There is no reason, or the time is past or too far off.
            Forbidden: It is longer than `SHELVED_BY_ANYBODY`, and `by` is an operator.
        """
        why = _needed(reason, "Shelving")
        self._in_time(until, SHELVED_AT_MOST)
        if until - self._clock() > SHELVED_BY_ANYBODY and not by.may(Permission.SHELVE_LONG):
            raise Forbidden("Only a supervisor may shelve an alert for more than a day.")
        shelved = await self.acting.act(
            alert,
            Deed(
                action=Action.SHELVE, by=by, until=until, note=why, seen=seen, version=version
            ),
        )  # fmt: skip
        await self.timers.settle(shelved.home or None)
        return shelved

    async def unshelve(self, alert: int, by: Member, *, version: int | None = None) -> AlertSummary:
        """Takes an alert, and its like in its home, off the shelf before its time.

        Raises:
            NotFound, Conflict: As :meth:`release`.
        """
        return await self.acting.act(alert, Deed(action=Action.UNSHELVE, by=by, version=version))

    async def resolve(
        self,
        alert: int,
        by: Member,
        outcome: str,
        *,
        note: str = "",
        seen: int | None = None,
        version: int | None = None,
    ) -> AlertSummary:
        """Says what one's own claimed alert turned out to be.

        Args:
            alert: Which.
            by: Its holder.
            outcome: One of :class:`Outcome`.
            note: In one's own words, if there is more to say.
            seen: The `report_version` that was looked at. Where the hub has said something new
                since, the alert stays claimed, so that nobody closes what nobody has seen.
            version: The alert's version that was looked at. Where anybody else has done something
                since, the alert stays claimed, and the sentence says who did what.

        Raises:
            NotFound, Conflict: As :meth:`claim`.
            Invalid: There is no such outcome.
        """
        deed = Deed(
            action=Action.RESOLVE, by=by, outcome=_outcome(outcome), note=_clean(note), seen=seen,
            version=version,
        )  # fmt: skip
        return await self.acting.act(alert, deed)

    async def correct(
        self, alert: int, by: Member, outcome: str, reason: str, *, version: int | None = None
    ) -> AlertSummary:
        """Says that an alert that is ended turned out to be something else than was said.

        The home's hub, which learns from outcomes, is told; who ended it and when stays as it was.

        Raises:
            NotFound, Conflict: As :meth:`release`; also where that was the outcome already.
            Invalid: There is no such outcome, or no reason was given.
        """
        why = _needed(reason, "To change an outcome")
        deed = Deed(
            action=Action.CORRECT, by=by, outcome=_outcome(outcome), note=why, version=version
        )
        return await self.acting.act(alert, deed)

    async def lapse(self) -> int:
        """Puts alerts whose lease ran out back into the queue; how many there were."""
        return await self.timers.lapse()

    async def _colleague(self, alert: int, by: Member, username: str) -> int:
        async with self._database.transaction(by.reach) as connection:
            organisation = await connection.fetchval(SQL.organisation, alert)
        if organisation is None:
            raise NotFound(f"There is no alert {alert}.")
        async with self._database.transaction(CENTRE) as connection:
            found: int | None = await connection.fetchval(
                SQL.colleague,
                username.strip().lower(),
                organisation,
                roles(Permission.HANDLE_ALERTS),
            )
        if found is None or found == by.id:
            raise Invalid(
                "Name a colleague, by username, who looks after this home and handles alerts."
            )
        return found

    def _in_time(self, until: datetime, longest: timedelta) -> None:
        if until.tzinfo is None:
            raise Invalid("The time needs its offset from UTC, such as 2026-03-10T14:00:00Z.")
        if not timedelta(0) < until - self._clock() <= longest:
            hours = longest // timedelta(hours=1)
            raise Invalid(f"The time must be ahead, by at most {hours} hours.")


def _outcome(word: str) -> Outcome:
    try:
        return Outcome(word)
    except ValueError:
        raise Invalid(f"The outcome must be one of {', '.join(Outcome)}.") from None


def _needed(text: str, what: str) -> str:
    if not text.strip():
        raise Invalid("A note needs some text." if what == "A note" else f"{what} needs a reason.")
    return _clean(text)


def _clean(note: str) -> str:
    text = note.strip()
    if len(text) > MAX_NOTE:
        raise Invalid(f"A note holds at most {MAX_NOTE} characters; this one has {len(text)}.")
    if "\0" in text:
        raise Invalid("A note cannot hold a NUL character.")
    return text
