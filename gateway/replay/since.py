"""Since when today's settings hold: what was before was told by others.

The hub keeps of older configurations only that they were applied, as their contents may hold what
is known of a person. So what they were cannot be gone by; that there were some is said.
"""

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from contract import Applied, ConfigurationReport, RecordKind, decode
from gateway.journal import Journal


def since(journal: Journal, time_zone: str) -> Iterator[str]:
    """What whoever reads a replay of this journal has to know of its settings."""
    found = (
        decode(body, ConfigurationReport) for _, body in journal.records(RecordKind.CONFIGURATION)
    )
    applied = [one for one in found if one.state == Applied.APPLIED]
    if applied:
        newest = applied[-1]
        yield (
            f"configuration {newest.version} of the centre has held since "
            f"{newest.at.astimezone(ZoneInfo(time_zone)):%Y-%m-%d %H:%M}, the last of "
            f"{len(applied):,}; of what was before, this is what would have been told by it"
        )
