"""The floor as the wallboard and the page of a shift show it."""

from collections.abc import Sequence
from typing import NamedTuple

from markupsafe import Markup

from api.console.text import Catalogue
from api.console.views.times import Clock, in_words
from api.floor import figures
from api.floor.views import Floor, Hand, Kept, LaneNow
from api.reports.service import ZONE

TALLEST = 40
"""Units of height of the tallest column of hours."""


class Tile(NamedTuple):
    """One lane, told in a few large words. `form` is that of an age: `fresh`, `late`, `overdue`."""

    severity: str
    waiting: int
    form: str
    age: str
    oldest: str
    late: str
    in_hand: str
    escalated: str


class Column(NamedTuple):
    """One hour as a column: heights from its foot up, of what was in time, late and still waits."""

    hour: str
    in_time: int
    late: int
    waiting: int
    share: str
    bars: list[tuple[str, float, float]]
    goes_on: bool


class Wall(NamedTuple):
    """The whole board. `kept` says whether the promise holds; None where nothing can be judged."""

    tiles: list[Tile]
    columns: list[Column]
    promise: Markup | None
    share: str
    kept: bool | None
    total: Kept
    floor: Floor


class Worker(NamedTuple):
    """One member of staff in the table of a shift."""

    name: str
    role: str
    hand: Hand
    last: Markup | None


def wall(floor: Floor, text: Catalogue) -> Wall:
    """The floor in the words of a board that is read from across a room."""
    clock = Clock(floor.made_at, ZONE, text)
    total = figures.whole(floor.hours)
    share, target = total.share, floor.target
    return Wall(
        tiles=[_tile(lane, clock) for lane in floor.lanes],
        columns=_columns(floor.hours, clock),
        promise=_promise(floor, text),
        share=text("floor.none_yet") if share is None else _percent(share),
        kept=None if share is None or target is None else share >= target,
        total=total,
        floor=floor,
    )


def workers(hands: Sequence[Hand], floor: Floor, text: Catalogue) -> list[Worker]:
    """Who has what, who has most first, then by name."""
    clock = Clock(floor.made_at, ZONE, text)
    ordered = sorted(hands, key=lambda one: (-one.holding, one.name, one.staff))
    return [
        Worker(
            name=one.name,
            role=one.role.replace("_", " ").capitalize(),
            hand=one,
            last=clock.stamp(one.last_at) if one.last_at else None,
        )
        for one in ordered
    ]


def _tile(lane: LaneNow, clock: Clock) -> Tile:
    text = clock.text
    age = clock.age(lane.oldest) if lane.oldest else ""
    return Tile(
        severity=lane.priority,
        waiting=lane.waiting,
        form="overdue" if lane.late else "late" if lane.waiting else "fresh",
        age=age,
        oldest=text("floor.oldest", age=age) if age else "",
        late=text("floor.late", n=lane.late) if lane.late else "",
        in_hand=text("floor.in_hand", n=lane.in_hand + lane.suspended),
        escalated=text("floor.escalated", n=lane.escalated) if lane.escalated else "",
    )


def _columns(hours: Sequence[Kept], clock: Clock) -> list[Column]:
    most = max((one.in_time + one.late + one.waiting for one in hours), default=0) or 1
    found = []
    for one in hours:
        bars, foot = [], 0.0
        for name in ("in_time", "late", "waiting"):
            height = getattr(one, name) * TALLEST / most
            if height:
                bars.append((name, round(TALLEST - foot - height, 2), round(height, 2)))
                foot += height
        share = one.share
        found.append(
            Column(
                hour=f"{clock.local(one.begins):%H}",
                in_time=one.in_time,
                late=one.late,
                waiting=one.waiting,
                share="" if share is None else _percent(share),
                bars=bars,
                goes_on=one is hours[-1],
            )
        )
    return found


def _promise(floor: Floor, text: Catalogue) -> Markup | None:
    if floor.promised_s is None or floor.target is None:
        return None
    minute = 60
    within = (
        text("floor.seconds", n=f"{floor.promised_s:g}")
        if floor.promised_s <= minute
        else in_words(floor.promised_s, text)
    )
    return text("floor.promise", within=within, target=f"{floor.target:.1%}")


def _percent(share: float) -> str:
    """A share without rounding a miss up to all of them."""
    return "100%" if share == 1 else f"{min(share, 0.999):.1%}"
