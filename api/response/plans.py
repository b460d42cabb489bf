"""Plans as they are kept, each change a version; and which of them holds for an alert."""

from collections.abc import Mapping
from typing import Any

import msgspec

from api.audit.note import HOME, note
from api.clock import Clock
from api.identity.people import Member
from api.identity.permissions import Permission
from api.refusals import Conflict, Invalid, NotFound
from api.response.plan import BUILT_IN, PRIORITIES, PlanStep, StepKind, Steps, check
from api.response.sql import SQL
from api.response.views import Plan
from api.store.columns import Version
from api.store.cover import Cover
from api.store.database import Connection, Database
from api.store.reach import Reach
from api.store.stored import Unreadable, stored
from contract import Condition

VERSIONS = 50
"""Versions of a plan that are shown."""
UNREAD = PlanStep(
    kind=StepKind.CALL,
    say="A newer version of the centre has put this step, and this one cannot read it. Ask the "
    "person how they are, then look at the plan again or ask a supervisor what it says.",
)
"""In the place of a step that is not known here: those behind it keep their numbers."""


class PutPlan(msgspec.Struct, frozen=True, kw_only=True):
    """A plan as somebody puts it.

    Attributes:
        seen: The version that was looked at; 0 where there was none.
        condition: Which alerts it is for; empty for those without a plan of their own.
        priority: Instead of a condition, of an organisation's plan.
        steps: In order; none makes the next more general plan hold again.
    """

    seen: Version
    condition: str = ""
    priority: str = ""
    steps: Steps


class Plans:
    """The plans of homes and organisations.

    Args:
        database: Where they are.
        clock: The centre's.
        cover: Seals words about a person.
    """

    def __init__(self, database: Database, clock: Clock, cover: Cover) -> None:
        self._database = database
        self._clock = clock
        self._cover = cover

    async def of_home(self, reach: Reach, home: str) -> list[Plan]:
        """The newest version of each of a home's own plans.

        Raises:
            NotFound: There is no such home within reach.
        """
        async with self._database.transaction(reach) as connection:
            await found_home(connection, home)
            rows = await connection.fetch(SQL.plans, home, None)
            plans = [self._plan(row) for row in rows]
            await note(connection, self._clock(), "plans.read", HOME, home)
        return [one for one in plans if one.steps]

    async def of_organisation(self, reach: Reach, organisation: int) -> list[Plan]:
        """The newest version of each of an organisation's plans.

        Raises:
            NotFound: There is no such organisation within reach.
        """
        async with self._database.transaction(reach) as connection:
            await self._within_reach(connection, organisation)
            rows = await connection.fetch(SQL.plans, None, organisation)
        return [one for one in map(self._plan, rows) if one.steps]

    async def put(
        self, by: Member, asked: PutPlan, *, home: str | None = None, organisation: int = 0
    ) -> Plan:
        """Puts a version of a home's plan, or of an organisation's.

        Raises:
            NotAllowed: The role does not allow it.
            NotFound: There is no such home or organisation within reach.
            Invalid: It could not be followed, or there is no such condition or priority.
            Conflict: Somebody has put another since `seen`.
        """
        by.demand(Permission.SET_RESPONSE)
        _check_key(asked, home)
        whose = None if home is not None else organisation
        async with self._database.transaction(by.reach) as connection:
            contacts = None
            if home is None:
                await self._within_reach(connection, organisation)
            else:
                await found_home(connection, home)
                rows = await connection.fetch(SQL.contacts, home)
                contacts = frozenset(row["contact"] for row in rows)
            check(asked.steps, contacts=contacts)
            named = f"{home}/{whose}/{asked.condition}/{asked.priority}"
            await connection.execute(SQL.plan_lock, named)
            key = (home, whose, asked.condition, asked.priority)
            last = await connection.fetch(SQL.plan_versions, *key, 1)
            version = last[0]["version"] if last else 0
            if version != asked.seen:
                who = last[0]["put_name"] if last else "Nobody"
                raise Conflict(
                    f"{who} has put version {version} of this plan. Look at it first.",
                    version=version,
                )
            now = self._clock()
            steps = msgspec.json.encode(asked.steps).decode()
            kept = self._cover.words(steps, place_of_plans(home, whose))
            plan = await connection.fetchval(
                SQL.plan_add, *key, version + 1, kept, by.id, now,
            )  # fmt: skip
            kind, subject = (HOME, home) if home is not None else ("organisation", organisation)
            detail = f"{asked.condition or asked.priority} version {version + 1}".strip()
            await note(connection, now, "plan.put", kind, subject, detail=detail)
        return Plan(
            scope="organisation" if home is None else "home", condition=asked.condition,
            priority=asked.priority, version=version + 1, steps=asked.steps, plan=plan,
            put_by=by.name, put_at=now,
        )  # fmt: skip

    async def versions(
        self, reach: Reach, home: str, condition: str, *, limit: int = VERSIONS
    ) -> list[Plan]:
        """The versions of one of a home's plans, the newest first.

        Raises:
            NotFound: There is no such home within reach.
        """
        async with self._database.transaction(reach) as connection:
            await found_home(connection, home)
            rows = await connection.fetch(SQL.plan_versions, home, None, condition, "", limit)
            plans = [self._plan(row) for row in rows]
            await note(connection, self._clock(), "plans.read", HOME, home)
        return plans

    async def newest(
        self,
        reach: Reach,
        condition: str,
        priority: str,
        *,
        home: str | None = None,
        organisation: int = 0,
    ) -> int:
        """The number of a plan's newest version, one without steps too; 0 where there is none."""
        whose = None if home is not None else organisation
        async with self._database.transaction(reach) as connection:
            rows = await connection.fetch(SQL.plan_versions, home, whose, condition, priority, 1)
        return rows[0]["version"] if rows else 0

    async def in_force(self, connection: Connection, alert: Mapping[str, Any]) -> Plan:
        """The plan for an alert: its home's, its organisation's, or the built-in one.

        A plan for the condition stands above one for whatever has none.

        Args:
            connection: In a transaction within reach.
            alert: With `home`, `organisation`, `condition` and `lane`.
        """
        priority = PRIORITIES[alert["lane"] - 1]
        found: dict[tuple[str, str, str], Plan] = {}
        for home, organisation in ((alert["home"], None), (None, alert["organisation"])):
            if home is None and organisation is None:
                continue
            for plan in map(self._plan, await connection.fetch(SQL.plans, home, organisation)):
                if plan.steps:
                    found[plan.scope, plan.condition, plan.priority] = plan
        for key in (
            ("home", alert["condition"], ""),
            ("home", "", ""),
            ("organisation", alert["condition"], ""),
            ("organisation", "", priority),
        ):
            if key in found:
                return found[key]
        return built_in(priority)

    async def one(self, connection: Connection, plan: int) -> Plan | None:
        """A version of a plan by its number, in a transaction within reach."""
        row = await connection.fetchrow(SQL.plan_one, plan)
        return self._plan(row) if row else None

    @staticmethod
    async def _within_reach(connection: Connection, organisation: int) -> None:
        if await connection.fetchval(SQL.organisation, organisation) is None:
            raise NotFound(f"There is no organisation {organisation}.")

    def _plan(self, row: Mapping[str, Any]) -> Plan:
        steps = self._cover.opened(row["steps"], place_of_plans(row["home"], row["organisation"]))
        return Plan(
            scope="organisation" if row["home"] is None else "home",
            condition=row["condition"], priority=row["priority"], version=row["version"],
            steps=[_step(one) for one in msgspec.json.decode(steps)], plan=row["plan"],
            put_by=row["put_name"] or "", put_at=row["put_at"],
        )  # fmt: skip


def _step(kept: object) -> PlanStep:
    """A step as it was put; one that asks for what this version cannot do is not half done."""
    try:
        known, beyond = stored(kept, PlanStep)
    except Unreadable:
        return UNREAD
    return UNREAD if beyond else known


def built_in(priority: str) -> Plan:
    """What holds for a priority where nobody has put a plan."""
    return Plan(
        scope="built_in", condition="", priority=priority, version=0,
        steps=list(BUILT_IN[priority]),
    )  # fmt: skip


async def found_home(connection: Connection, home: str) -> Mapping[str, Any]:
    """A home's row.

    Raises:
        NotFound: There is no such home within reach.
    """
    row: Mapping[str, Any] | None = await connection.fetchrow(SQL.home, home)
    if row is None:
        raise NotFound(f"There is no home {home}.")
    return row


def place_of_plans(home: str | None, organisation: int | None) -> str:
    """What the steps of a plan are sealed to."""
    return f"plan-of/{organisation}" if home is None else f"plan/{home}"


def _check_key(asked: PutPlan, home: str | None) -> None:
    if asked.condition and asked.condition not in set(Condition):
        raise Invalid(f"There is no condition {asked.condition}.")
    if asked.priority and (asked.priority not in PRIORITIES or asked.condition or home is not None):
        raise Invalid("A priority is for an organisation's plan, and instead of a condition.")
    if home is None and not asked.condition and not asked.priority:
        raise Invalid("Name the condition or the priority that this plan is for.")
