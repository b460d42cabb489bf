"""Time zones that both this program and the database know.

What one of them alone knows (`localtime`, a rule that one version has) would be taken, and then
fail wherever the other is asked for that home's day.
"""

from functools import cache
from zoneinfo import available_timezones

from api.refusals import Invalid
from api.store.database import Connection


async def check_zone(connection: Connection, name: str) -> None:
    """Goes on where a home may lie there.

    Raises:
        Invalid: It is no time zone.
    """
    if name in _known() and await connection.fetchval("select known_zone($1)", name):
        return
    raise Invalid(f"{name!r} is not a time zone; an example of one is Europe/London.")


@cache
def _known() -> set[str]:
    return available_timezones()
