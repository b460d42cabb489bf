"""What somebody holds goes back to their colleagues, once they may no longer look after it."""

from collections.abc import Sequence

from api.alerts.acting import Acting, Locked
from api.alerts.lifecycle import Action
from api.alerts.sql import SQL
from api.alerts.standing import Deed
from api.store.database import Connection

WHY = "Its holder may not look after it any more."


class Leaving:
    """The centre's hand on what somebody leaves behind."""

    def __init__(self, acting: Acting) -> None:
        self._acting = acting

    async def hold(self, connection: Connection, staff: int) -> None:
        """Locks what they hold, were offered or are to do: before their own row, like all steps."""
        await connection.fetch(SQL.held_beyond, staff, [])
        await connection.fetch(SQL.tasks_held, staff)

    async def give_back(
        self, connection: Connection, staff: int, kept: Sequence[int]
    ) -> list[tuple[int, str]]:
        """Takes from them what is not of these organisations.

        Alerts that they hold return to the queue, what they were offered stays with its holder, and
        tasks of theirs are nobody's yet.

        Returns:
            Number and step of each alert, organisation by organisation, as the audit log is locked.
        """
        rows = await connection.fetch(SQL.held_beyond, staff, list(kept))
        done = []
        for row in rows:
            action = Action.RELEASE if row["holder"] == staff else Action.DECLINE
            deed = Deed(action=action, by=None, note=WHY if action is Action.RELEASE else "")
            await self._acting.by_clock(connection, Locked.of(row), deed)
            done.append((row["organisation"], row["id"], f"alert.{action}"))
        await connection.execute(SQL.tasks_beyond, staff, list(kept))
        return [(alert, step) for _, alert, step in sorted(done)]
