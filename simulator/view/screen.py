"""The picture: what is known of one home and of the street, in 80 by 24 characters or more."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from contract import Alert
from simulator.sinks.alerts import alert_line
from simulator.view.board import Board, Seen

_LEFT = 49  # columns for people; the rest is for rooms
_ALERTS = 3

HELP = (
    ("up down", "another home"),
    ("left right", "another sensor, for b s d"),
    ("f", "fall now: three hours on the floor"),
    ("u", "an infection sets in now"),
    ("a", "away now, for a day"),
    ("p", "power cut now, for half an hour"),
    ("b", "the sensor's battery warns now, and is flat in six hours"),
    ("s", "the sensor dies now"),
    ("d", "the sensor's link drops now, for an hour"),
    ("+ -", "faster, slower"),
    ("space", "pause, or go on"),
    ("e", "explain: why people do what they do, in place of messages"),
    ("? q", "this help; quit"),
)


@dataclass
class Scene:
    """What the picture is of.

    Attributes:
        names: Of all homes.
        residents: How many live in each.
        zone: Of the clock on their walls.
        at: How far life has been told, in epoch seconds.
        speed: Times life; 0 as fast as it goes.
        paused: Whether life stands still.
        lag_s: How far telling trails.
        home: Which home is shown, from 0.
        sensor: Which of its sensors is chosen.
        explains: Whether reasons are shown in place of messages.
        helps: Whether keys are explained.
        note: What came of the last key.
        detects: Whether an engine runs.
    """

    names: list[str]
    residents: list[int]
    zone: ZoneInfo
    at: float = 0.0
    speed: float = 1.0
    paused: bool = False
    lag_s: float = 0.0
    home: int = 0
    sensor: str = ""
    explains: bool = False
    helps: bool = False
    note: str = ""
    detects: bool = False


def picture(scene: Scene, board: Board, width: int = 80, height: int = 24) -> list[str]:
    """The lines, each of the width at most."""
    seen = board.seen[scene.home]
    top = [_head(scene), _about(scene, board), ""]
    width = max(width, 20)
    middle = _help() if scene.helps else _people_and_rooms(scene, seen)
    alerts = [] if scene.helps else _alerts(scene, board)
    bottom = [*alerts, "", scene.note, _keys()]
    left = max(height - len(top) - len(middle) - len(bottom) - 1, 0)
    lately = [] if scene.helps else _lately(scene, seen, left)
    gap = [""] * (left - len(lately))
    lines = [*top, *middle, "", *lately, *gap, *bottom]
    return [_cut(line, width) for line in lines][:height]


def _head(scene: Scene) -> str:
    at = datetime.fromtimestamp(scene.at, scene.zone)
    pace = "paused" if scene.paused else f"{scene.speed:g} times life" if scene.speed else "no rest"
    return f"{at:%a %d %b %Y %H:%M:%S}   {pace}   {scene.lag_s:.1f} s late"


def _about(scene: Scene, board: Board) -> str:
    people = scene.residents[scene.home]
    which = f"{scene.names[scene.home]} of {len(scene.names):,}"
    return (
        f"{which}   {people} resident{'s' if people > 1 else ''}   "
        f"{board.messages:,} messages   sensor: {scene.sensor}"
    )


def _people_and_rooms(scene: Scene, seen: Seen) -> list[str]:
    people = ["PEOPLE"]
    for who, (t, why) in sorted(seen.doing.items()):
        people += _wrapped(f"{who + 1} {_clock(scene, t)} {why}", _LEFT - 2)
    rooms = ["LAST SEEN"]
    rooms += [
        f"{room:9} {_clock(scene, t)}  {_ago(scene.at - t)}"
        for room, t in sorted(seen.rooms.items(), key=lambda item: -item[1])
    ]
    rows = max(len(people), len(rooms), 6)
    people += [""] * (rows - len(people))
    rooms += [""] * (rows - len(rooms))
    return [f"{left:{_LEFT}}{right}".rstrip() for left, right in zip(people, rooms, strict=True)]


def _lately(scene: Scene, seen: Seen, rows: int) -> list[str]:
    """What was said or done last, the newest at the end."""
    title, lines = ("WHY", seen.story) if scene.explains else ("MESSAGES", seen.messages)
    room = max(rows - 1, 1)
    newest = [f"{_clock(scene, t)} {text}" for t, text in list(lines)[-room:]]
    return [title, *newest, *[""] * (room - len(newest))]


def _alerts(scene: Scene, board: Board) -> list[str]:
    if not scene.detects:
        return ["ALERTS   none are looked for; --engine looks"]
    newest: list[tuple[int, Alert]] = list(board.alerts)[-_ALERTS:]
    lines = [alert_line(alert, scene.zone) for _, alert in newest]
    return [f"ALERTS   {len(board.open)} open", *lines, *[""] * (_ALERTS - len(lines))]


def _help() -> list[str]:
    return ["KEYS", *(f"  {key:11} {what}" for key, what in HELP)]


def _keys() -> str:
    return "f fall u infection a away p power b battery s dies d link +- space e why ? q"


def _clock(scene: Scene, t: float) -> str:
    return f"{datetime.fromtimestamp(t, scene.zone):%H:%M:%S}"


def _ago(seconds: float) -> str:
    minutes = int(max(seconds, 0) // 60)
    return f"{minutes // 60} h {minutes % 60} min" if minutes >= 60 else f"{minutes} min"  # noqa: PLR2004 - an hour


def _wrapped(text: str, width: int) -> list[str]:
    if len(text) <= width:
        return [text]
    cut = text.rfind(" ", 0, width + 1)
    cut = width if cut <= 0 else cut
    return [text[:cut], f"    {text[cut:].strip()}"[:width]]


def _cut(line: str, width: int) -> str:
    printable = "".join(one if one.isprintable() else "?" for one in line)
    return (
        printable if len(printable) <= width else printable[: width - 1] + "\N{HORIZONTAL ELLIPSIS}"
    )
