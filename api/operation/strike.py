"""Strikes who is erased out of all that is kept sealed of a home in which others stay.

What else it says is of the home, and stays: steps of plans, notes and reasons of alerts, the notes
of others. What does not open with the centre's keys cannot be looked through, and stays as it is.
"""

from collections.abc import Mapping
from typing import Any

import msgspec

from api.operation.kept import KEPT, Kept, kept_of, put
from api.people.naming import Naming
from api.refusals import Conflict
from api.store.cover import Cover
from api.store.database import Connection

WHOLE: frozenset[str] = frozenset()
WORDS: Mapping[str, frozenset[str]] = {
    "alert.words": WHOLE,
    "alert_history.words": WHOLE,
    "cohort_contact.words": WHOLE,
    "consent.sealed": frozenset({"who", "note"}),
    "contact.body": frozenset({"name", "relation", "note"}),
    "follow_up.note": WHOLE,
    "follow_up.what": WHOLE,
    "key_safe.body": frozenset({"place"}),
    "key_safe_look.reason": WHOLE,
    "outbox.secret": frozenset({"prompt", "text"}),
    "resident.sealed": frozenset({"notes"}),
    "response_attempt.note": WHOLE,
    "response_plan.steps": frozenset({"say", "name"}),
}
"""Of each column in which words of a home are sealed, the parts that are words; or all of it."""
NO_WORDS = frozenset(
    {"second_factor.secret", "destination.secrets", "push_key.sealed", "push_subscription.sealed"}
)
"""Of staff, and of the centre."""
_BELONGS = {
    "alert_history": "alert in (select a.id from alert a where a.home = $1)",
    "consent": "resident in (select r.resident from resident r where r.home = $1)",
}
"""What has no home of its own; all else has."""
_SEEN = {
    "contact": "true",
    "key_safe": "true",
    "resident": "true",
    "response_plan": """not exists (
        select from response_plan p
        where (p.home, p.organisation, p.condition, p.priority) is not distinct from (
                response_plan.home, response_plan.organisation, response_plan.condition,
                response_plan.priority)
            and p.version > response_plan.version)""",
}
"""Counted up, of plans the newest, so that no form that was open before puts the words back."""


async def strike(connection: Connection, home: str, naming: Naming, cover: Cover) -> None:
    """Does so in a transaction that holds the home, with the rights of the centre.

    Raises:
        Conflict: Somebody wrote down something else of the home meanwhile.
    """
    takers = {row["name"] for row in await connection.fetch(_TAKERS, home)}
    for kept in KEPT:
        if (fields := WORDS.get(kept.name)) is None:
            continue
        for row in await connection.fetch(_select(kept), home):
            await _strike(connection, kept, row, cover, _Struck(naming, fields, takers))


class _Struck:
    """What becomes of words.

    Args:
        naming: Whom to strike out.
        fields: The parts that are words; or all of it.
        takers: Destinations, which steps of plans name: what goes to them goes on.
    """

    def __init__(self, naming: Naming, fields: frozenset[str], takers: set[str]) -> None:
        self._naming = naming
        self._fields = fields
        self._takers = takers

    def __call__(self, text: str) -> str:
        if not self._fields:
            return self._naming.struck(text)
        kept = msgspec.json.decode(text)
        for one in kept if isinstance(kept, list) else [kept]:
            for field in self._fields & one.keys():
                one[field] = self._field(one[field])
        return msgspec.json.encode(kept).decode()

    def _field(self, words: str) -> str:
        return words if words in self._takers else self._naming.struck(words)


async def _strike(
    connection: Connection, kept: Kept, row: Any, cover: Cover, struck: _Struck
) -> None:
    try:
        words = cover.opened(kept_of(row), kept.place(row))
    except Conflict:
        return
    left = struck(words) if words else words
    if left == words:
        return
    if not await put(connection, kept, row, cover.words(left, kept.place(row))):
        raise Conflict("Somebody wrote down something else of this home meanwhile. Try again.")
    if newest := _SEEN.get(kept.table):
        found = " and ".join(f"{name} = ${at}" for at, name in enumerate(kept.key, 1))
        await connection.execute(
            f"update {kept.table} set version = version + 1 "  # noqa: S608 - names of ours
            f"where {found} and {newest}",
            *(row[name] for name in kept.key),
        )


_TAKERS = """
select d.name from destination d join home h on h.organisation = d.organisation where h.home = $1
"""


def _select(kept: Kept) -> str:
    belongs = _BELONGS.get(kept.table, "home = $1")
    return (
        f"select {kept.columns} from {kept.table} "  # noqa: S608 - names of ours
        f"where {belongs} order by {', '.join(kept.key)}"
    )
