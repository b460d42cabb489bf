"""The figures of a fail-over, as a table that can be pasted as it is."""

from collections.abc import Iterable

from tests.api.failover.blows import Recovery
from tests.api.failover.books import Books
from tests.crash.table import rows_as_table

_HEAD = ("what befell", "lasted, s", "hubs", "operators", "consoles", "timers", "notified")


def recovery_table(recovered: Iterable[Recovery]) -> str:
    """Seconds after each blow until all of a kind were served."""
    return rows_as_table(
        _HEAD,
        [
            (
                one.blow.replace("_", " "),
                *(
                    f"{seconds:.1f}"
                    for seconds in (
                        one.lasted, one.hubs, one.operators, one.consoles, one.timers, one.notified,
                    )
                ),
            )
            for one in recovered
        ],
    )  # fmt: skip


def books_line(books: Books) -> str:
    """What was done meanwhile, and what of it was lost or done twice."""
    clock = ", ".join(f"{number} {action}" for action, number in sorted(books.by_clock.items()))
    return (
        f"{books.alerts} alerts, {books.claims} claims, {books.notes} notes, by the clock {clock}; "
        f"{books.messages} messages in {books.delivered} deliveries, {books.repeated} of them told "
        f"again by the heir of a killed replica; {len(books.faults)} lost or done twice"
    )
