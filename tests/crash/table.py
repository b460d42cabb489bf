"""The figures, as tables that can be pasted as they are."""

from collections.abc import Iterable, Sequence
from statistics import median

from tests.crash.accounts import Balance
from tests.crash.hardships import Outcome
from tests.crash.matrix import Books, Result
from tests.crash.strikes import PARTS, Strike


def rows_as_table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Rows as Markdown."""
    cells = [list(head), *map(list, rows)]
    widths = [max(len(row[column]) for row in cells) for column in range(len(head))]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |"
        for row in cells
    ]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(lines)


def matrix_table(result: Result) -> str:
    """The strikes by part, and the books."""
    rows = [
        _struck(part, result) for part in PARTS if any(one.part == part for one in result.strikes)
    ]
    strikes = rows_as_table(
        ("killed", "times", "instants, s", "recovered, median s", "worst s", "ended by itself"),
        rows,
    )
    return f"{strikes}\n\n{books_table(result.books)}"


def _struck(part: str, result: Result) -> tuple[str, ...]:
    own: list[Strike] = [one for one in result.strikes if one.part == part]
    took = [one.recovered_s for one in own if one.recovered_s is not None]
    return (
        part, str(len(own)), f"{own[0].at:.1f} to {own[-1].at:.1f}",
        f"{median(took):.1f}", f"{max(took):.1f}", str(result.ended[part]),
    )  # fmt: skip


def books_table(books: Books) -> str:
    """What was said and what is held."""
    said = (f"published {books.published}, acknowledged {books.acknowledged}", "", "", "", "")
    known, figures = (books.counters.get(f"redelivered{of}", 0) for of in ("", "_figure"))
    again = (f"known again by the hub {known}, {figures} of them without a time", "", "", "", "")
    raised = ", ".join(f"{number} {name}" for name, number in sorted(books.raised.items()))
    same = "byte for byte" if books.same_answers else "NOT"
    answered = (f"{books.answers} answers in the journal, {same} as undisturbed", "", "", "", "")
    return rows_as_table(
        ("messages", "held", "lost", "doubled", "invented or altered"),
        [
            said,
            again,
            _held("events in the hub's journal", books.journal),
            _held("events at the centre", books.centre),
            answered,
            _held(f"alerts at the centre ({raised})", books.alerts),
            (
                f"told by the centre itself: {', '.join(sorted(books.of_hub)) or 'nothing'}",
                *[""] * 4,
            ),
        ],
    )


def _held(what: str, found: Balance) -> tuple[str, ...]:
    counts = (found.held, len(found.missing), len(found.doubled), len(found.invented))
    return (what, *map(str, counts))


def outcomes_table(outcomes: Iterable[Outcome]) -> str:
    """What became of each hardship."""
    rows = [(one.what, one.became, f"{one.seconds:.1f}") for one in outcomes]
    return rows_as_table(("what befell", "what became of it", "s"), rows)
