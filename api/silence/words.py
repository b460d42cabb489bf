"""What staff are told of hubs that are silent, forget or start over and over. Pure."""

from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

import msgspec

from contract import SEVERITY, Alert, Condition, Phase

EVERYWHERE = "*"
"""Stands for the home where an alert is about many."""
CHECK = (
    "Call and ask whether the hub's power and the router are on. If they are, the hub itself may "
    "have failed, as with a full disk: plan a visit, as where nobody answers."
)
CHECK_ALL = (
    "First see whether this centre can be reached from outside, then ask the network and power "
    "companies. Until the hubs are back, look after the people in these homes as your rules say."
)
CHECK_RESTARTS = (
    "Call, and agree another way to call for help until this is mended. Ask whether the hub's plug "
    "is loose or somebody switches it off and on; if not, have whoever looks after hubs read in "
    "its log why it ends."
)
CHECK_SETTLED = "Ask whether all is well, and have its log read: it says why the hub ended."
CHECK_FORGOTTEN = (
    "Ask whether somebody cleared the hub or changed its card; if nobody did, have it changed. "
    "Have a walk test made. For some weeks look after this person as if there were no hints days "
    "ahead."
)
_SHARED = "They may share a cause: the network, the power, or the way to this centre."


class Trace(NamedTuple):
    """What was last heard of a hub and its home.

    Attributes:
        at: When the hub was last heard, or set up if it never was.
        zone: The home's time zone.
        place, kind, seen_at: The last that the home's sensors told; None for nothing.
        weak: Whether its last heartbeat told of too little power.
    """

    hub: str
    home: str
    at: datetime
    ever: bool
    zone: str
    place: str | None
    kind: str | None
    seen_at: datetime | None
    weak: bool


class Extent(NamedTuple):
    """How far an outage goes.

    Attributes:
        first, last: When the first and the last of its hubs were last heard.
        back: How many are heard again.
        total: How many fell silent.
        hubs: How many the centre has.
    """

    first: datetime
    last: datetime
    back: int
    total: int
    hubs: int


def silent(trace: Trace, now: datetime) -> Alert:
    """One hub is not heard."""
    how = "" if trace.ever else " it was set up at"
    said = [f"Nothing has been heard from the hub since{how} {face(trace.at, trace.zone)}."]
    if trace.seen_at is not None:
        what = f"{trace.kind} ({trace.place})".replace("_", " ")
        said.append(f"The last that sensors told was {what}, {face(trace.seen_at, trace.zone)}.")
    if trace.weak:
        said.append("Its last heartbeat told of too little power.")
    said.append("Until it is back, what happens there is not seen.")
    ref = f"hub_silent:{trace.hub}:{trace.at:%Y%m%dT%H%M%S%f}"
    return _about(trace, _alert(ref, trace.home, " ".join(said), CHECK, now))


def back(trace: Trace, until: datetime) -> Alert:
    """One hub is heard again."""
    text = (
        f"The hub was not heard from {face(trace.at, trace.zone)} to {face(until, trace.zone)}, "
        f"{lasted(until - trace.at)}, and is heard again. If only its line was down, what it saw "
        "and raised meanwhile comes in now; if it had no power, nothing was seen."
    )
    told = _alert(trace.hub, trace.home, text, "Ask whether all is well.", until)
    return _over(_about(trace, told))


def outage(extent: Extent, now: datetime) -> Alert:
    """Many hubs fell silent together."""
    first, last, back, total, hubs = extent
    when = f"at {face(first)}"
    if face(last) != face(first):
        when = f"between {first.astimezone(UTC):%H:%M} and {face(last)}"
    which = f"All {total} hubs" if total >= hubs else f"{total} of this centre's {hubs} hubs"
    number = "none is" if not back else "one is" if back == 1 else f"{back} are"
    text = f"{which} were last heard {when}; {number} back. {_SHARED}"
    return _alert(f"hub_silent:{first:%Y%m%dT%H%M%S%f}", EVERYWHERE, text, CHECK_ALL, now)


def outage_over(extent: Extent, now: datetime) -> Alert:
    """Most are back, or staff have dealt with it: what is left is told hub by hub."""
    left = extent.total - extent.back
    rest = ""
    if left:
        rest = (
            f" The {left} that {'is' if left == 1 else 'are'} not each have an alert of their own."
        )
    text = (
        f"{extent.back} of the {extent.total} hubs that fell silent at {face(extent.first)} are "
        f"back.{rest}"
    )
    return _over(_alert("over", EVERYWHERE, text, "Ask there whether all is well.", now))


def restarts(hub: str, home: str, last: datetime, zone: str, now: datetime) -> Alert:
    """One hub starts over and over."""
    text = (
        "The hub ends and is started again, over and over: six times or more within an hour, last "
        f"at {face(last, zone)}. Between its starts nothing is watched there, and a call for help "
        "comes late."
    )
    ref = f"hub_restarts:{hub}:{now:%Y%m%dT%H%M%S%f}"
    told = _alert(ref, home, text, CHECK_RESTARTS, now, condition=Condition.HUB_RESTARTS)
    return msgspec.structs.replace(told, subject=hub)


def settled(hub: str, home: str, last: datetime, zone: str, now: datetime) -> Alert:
    """It does so no more, or nothing is heard of it."""
    text = f"The hub started over and over. No start after {face(last, zone)} was heard of."
    told = _alert("over", home, text, CHECK_SETTLED, now, condition=Condition.HUB_RESTARTS)
    return _over(msgspec.structs.replace(told, subject=hub))


def forgotten(hub: str, home: str, since: datetime | None, zone: str, now: datetime) -> Alert:
    """One hub has forgotten all it had kept; `since` is when it was heard last before that."""
    lost = f"what it noted after {face(since, zone)}" if since else "what it had noted"
    text = (
        "The hub has forgotten everything it had kept. Of what it had not sent yet nothing is "
        f"left: {lost} may be missing here. It learns anew what is usual for this person."
    )
    ref = f"hub_forgot:{hub}:{now:%Y%m%dT%H%M%S%f}"
    told = _alert(ref, home, text, CHECK_FORGOTTEN, now, condition=Condition.HUB_FORGOT)
    return msgspec.structs.replace(told, subject=hub)


def face(at: datetime, zone: str = "UTC") -> str:
    """A moment as `14:02 GMT on 10 March`."""
    local = at.astimezone(ZoneInfo(zone))
    name = local.tzname() or "UTC"
    name = f"UTC{name}" if name[0] in "+-" else name
    return f"{local:%H:%M} {name} on {local.day} {local:%B}"


def lasted(time: timedelta) -> str:
    """A length of time, to the minute, or to the hour from two days on."""
    minutes = int(time.total_seconds() // 60)
    days, hours = divmod(minutes // 60, 24)
    if days >= 2:  # noqa: PLR2004 - minutes are noise then
        return f"{days} days {hours} h"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"


def _alert(
    ref: str,
    home: str,
    text: str,
    prompt: str,
    at: datetime,
    *,
    condition: Condition = Condition.HUB_SILENT,
) -> Alert:
    return Alert(
        id=ref,
        home=home,
        condition=condition,
        severity=SEVERITY[condition],
        raised_at=at,
        updated_at=at,
        score=1.0,
        text=text,
        prompt=prompt,
    )


def _about(trace: Trace, told: Alert) -> Alert:
    return msgspec.structs.replace(told, subject=trace.hub)


def _over(told: Alert) -> Alert:
    return msgspec.structs.replace(told, phase=Phase.CLEARED)
