"""How many false alerts each home of an organisation bears, seen and set for all of them."""

from collections import defaultdict
from collections.abc import Mapping

import msgspec

from api.audit.note import ORGANISATION, note
from api.clock import Clock
from api.downlink.configurations import Configurations, read_settings
from api.downlink.sql import SQL
from api.downlink.views import HubStanding
from api.identity.people import Member
from api.identity.permissions import Permission
from api.refusals import Invalid, NotFound
from api.store.database import Database
from contract import Condition, HomeSettings, encode

USUAL: dict[str, float] = {
    Condition.DEHYDRATION_RISK: 0.25, Condition.UTI_RISK: 0.25, Condition.FALL_RISK: 0.3,
    Condition.UNUSUAL_DAY: 0.5, Condition.POSSIBLE_FALL: 0.2, Condition.NO_MOVEMENT: 0.25,
    Condition.NIGHT_WANDERING: 0.1, Condition.SENSOR_SILENT: 0.5,
}  # fmt: skip
"""False alerts per person-month that hubs bear where nobody says otherwise, as of this version."""
MOST_SHOWN = 100
"""Homes of a page."""
MOST_AT_ONCE = 500
"""Homes that one request sets, so that nobody waits long for an answer."""
_ALL = 2**31 - 1


class HomeBudget(msgspec.Struct, frozen=True, kw_only=True):
    """What one home bears.

    Attributes:
        budget: False alerts per person-month, by condition, as staff chose; the rest is as usual.
        version: The newest configuration that its hubs are told; 0 where there is none.
        hubs: What each of its hubs runs with.
    """

    home: str
    label: str
    budget: dict[str, float]
    version: int
    hubs: list[HubStanding]


class SetInAll(msgspec.Struct, frozen=True):
    """How many homes were set, and how many are left to set."""

    done: int
    left: int


class Budgets:
    """The budgets of organisations' homes."""

    def __init__(self, database: Database, clock: Clock, configurations: Configurations) -> None:
        self._database = database
        self._clock = clock
        self._configurations = configurations

    async def of(self, by: Member, organisation: int, *, after: str = "") -> list[HomeBudget]:
        """A page of an organisation's homes, those after `after`, by identifier.

        Raises:
            NotAllowed: It is not for this role.
            NotFound: They do not look after it.
        """
        self._check(by, organisation)
        async with self._database.transaction(by.reach) as connection:
            rows = await connection.fetch(SQL.budgets, organisation, after, MOST_SHOWN)
            hubs = await connection.fetch(SQL.standings, [row["home"] for row in rows])
            await note(connection, self._clock(), "configuration.read", ORGANISATION, organisation)
        standing: dict[str, list[HubStanding]] = defaultdict(list)
        for hub in hubs:
            standing[hub["home"]].append(
                HubStanding(
                    hub=hub["hub"], applied=hub["applied"], told=hub["told"],
                    state=hub["state"] or "",
                )
            )  # fmt: skip
        return [
            HomeBudget(
                home=row["home"], label=row["label"], budget=_read(row["budget"]),
                version=row["version"], hubs=standing[row["home"]],
            )
            for row in rows
        ]  # fmt: skip

    async def of_all(self, by: Member, organisation: int) -> dict[str, float]:
        """What was chosen for all of its homes at once: a home that is added begins with it.

        Raises:
            NotAllowed, NotFound: As :meth:`of`.
        """
        self._check(by, organisation)
        async with self._database.transaction(by.reach) as connection:
            return _read(await connection.fetchval(SQL.budget_of_all, organisation))

    async def put_all(
        self, by: Member, organisation: int, budget: Mapping[str, float | None]
    ) -> SetInAll:
        """Sets what all homes of an organisation bear of some conditions, and leaves all else.

        It holds for homes that are added later, too. Homes that bear it already are passed over.
        Asked again it goes on where it stopped.

        Args:
            by: Who does.
            organisation: Whose homes.
            budget: As :meth:`api.downlink.configurations.Configurations.put_budget`.

        Raises:
            NotAllowed, NotFound: As :meth:`of`.
            Invalid: No home can bear it, or it is about no condition.
        """
        self._check(by, organisation)
        if not budget:
            raise Invalid("Choose for one kind of alert at least.")
        async with self._database.transaction(by.reach) as connection:
            await connection.fetchval(SQL.lock_budgets, organisation)
            # Kept before the homes are looked up: one that is added meanwhile begins with it.
            now = _read(await connection.fetchval(SQL.budget_of_all, organisation))
            settings = HomeSettings(budget=_chosen(now, budget))
            kept = read_settings(encode(settings)).budget or {}
            await connection.execute(
                SQL.put_budget_of_all, organisation, msgspec.json.encode(kept).decode(),
                self._clock(), by.id,
            )  # fmt: skip
        async with self._database.transaction(by.reach) as connection:
            rows = await connection.fetch(SQL.budgets, organisation, "", _ALL)
        others = [row["home"] for row in rows if _differs(_read(row["budget"]), budget)]
        for home in others[:MOST_AT_ONCE]:
            await self._configurations.put_budget(home, budget, by, seen=None)
        done = min(len(others), MOST_AT_ONCE)
        return SetInAll(done, len(others) - done)

    @staticmethod
    def _check(by: Member, organisation: int) -> None:
        by.demand(Permission.PUT_CONFIGURATION)
        if organisation not in by.organisations:
            raise NotFound(f"There is no organisation {organisation}.")


def _read(kept: str | None) -> dict[str, float]:
    return (msgspec.json.decode(kept, type=dict[str, float] | None) or {}) if kept else {}


def _chosen(now: Mapping[str, float], wanted: Mapping[str, float | None]) -> dict[str, float]:
    return {word: value for word, value in {**now, **wanted}.items() if value is not None}


def _differs(now: dict[str, float], wanted: Mapping[str, float | None]) -> bool:
    return any(now.get(condition) != value for condition, value in wanted.items())
