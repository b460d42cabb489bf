"""Draws the life of an alert for its documentation, from the table itself.

`python -m api.alerts.diagram docs/centre.md` writes diagram and table anew between their markers.
"""

import sys
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from api.alerts.lifecycle import OVER, TABLE, Action, Actor, AlertState

BEGIN, END = "<!-- lifecycle: begin -->", "<!-- lifecycle: end -->"

_WHO = {
    Actor.HOLDER: "its holder",
    Actor.NAMED: "the colleague named",
    Actor.OTHER: "any other",
    Actor.CENTRE: "the centre",
}
_STAFF = frozenset({Actor.HOLDER, Actor.NAMED, Actor.OTHER})


def diagram() -> str:
    """The table as a Mermaid state diagram; what leads back to its own state is left out."""
    ways: dict[tuple[AlertState, AlertState], list[Action]] = defaultdict(list)
    for (state, action), found in TABLE.items():
        if found.to is not state:
            ways[state, found.to].append(action)
    lines = [f"    {state} --> {to}: {', '.join(actions)}" for (state, to), actions in ways.items()]
    ends = [f"    {state} --> [*]" for state in AlertState if state in OVER]
    return "\n".join(["```mermaid", "stateDiagram-v2", "    [*] --> raised", *lines, *ends, "```"])


def table() -> str:
    """The table in Markdown, in its own order."""
    lines = [
        f"| {state} | {action}{f': {found.only}' if found.only else ''} "
        f"| {_who(found.by)} | {found.to} |"
        for (state, action), found in TABLE.items()
    ]
    return "\n".join(["| state | action | by | leads to |", "|---|---|---|---|", *lines])


def written(text: str) -> str:
    """A page with diagram and table anew between its markers.

    Raises:
        ValueError: It has no markers.
    """
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"the page needs {BEGIN} and {END}")
    return f"{before}{BEGIN}\n{diagram()}\n\n{table()}\n{END}{after}"


def main(argv: Sequence[str]) -> int:
    """Writes the page that is named."""
    page = Path(argv[0])
    page.write_text(written(page.read_text("utf-8")), "utf-8")
    return 0


def _who(by: frozenset[Actor]) -> str:
    if by >= _STAFF:
        rest = ["anybody", *(_WHO[actor] for actor in Actor if actor in by - _STAFF)]
    else:
        rest = [_WHO[actor] for actor in Actor if actor in by]
    return " or ".join(rest)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
