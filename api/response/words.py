"""What staff wrote down of one home, opened: for the export that people ask for."""

from typing import Any

import msgspec

from api.alerts.rows import place_of_alert
from api.cohorts.service import place_of_calls
from api.people.views import Words
from api.refusals import Conflict
from api.response.checklist import place_of_note
from api.response.contacts import place_of_contacts
from api.response.follow_ups import place_of_tasks
from api.response.key_safe import place_of_looks, place_of_safe
from api.response.plans import place_of_plans
from api.response.sql import SQL
from api.store.cover import SHUT, Cover
from api.store.database import Connection


async def words_of(connection: Connection, home: str, cover: Cover) -> list[Words]:
    """Everything that is kept sealed of a home, in a transaction within reach that notes it."""
    return [
        Words(table=row["source"], number=row["number"], words=_opened(row, home, cover))
        for row in await connection.fetch(SQL.words, home)
    ]


def _opened(row: Any, home: str, cover: Cover) -> Any:
    places = {
        "contact": place_of_contacts(home),
        "key_safe": place_of_safe(home),
        "key_safe_look": place_of_looks(home),
        "response_plan": place_of_plans(home, None),
        "follow_up": place_of_tasks(home),
        "alert": place_of_alert(row["alert"]),
        "alert_history": place_of_alert(row["alert"]),
        "cohort_contact": place_of_calls(home),
    }
    place = places.get(row["source"]) or place_of_note(row["alert"])
    try:
        text = cover.opened(row["sealed"], place)
    except Conflict:
        return SHUT
    if row["source"] == "key_safe":
        return msgspec.json.decode(text)["place"]
    structured = row["source"] in {"contact", "response_plan"}
    return msgspec.json.decode(text) if structured else text
