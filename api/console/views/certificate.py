"""A fitting's certificate as it is printed: how hub and sensors stood when it was signed off."""

from datetime import datetime
from typing import NamedTuple

from markupsafe import Markup

from api.console.text import Catalogue
from api.console.views.fitting import named, open_line, sensor_name
from api.console.views.times import Clock, abbreviation
from api.fitting.views import Call, Certificate, FittedSensor


class Line(NamedTuple):
    """One sensor; each of what was found as a word."""

    what: str
    name: str
    heard: str
    battery: str
    link: str
    walked: str


class CertificatePage(NamedTuple):
    """The sheet. Of the home it has the identifier alone.

    Attributes:
        open: What was not passed, a sentence each.
        why: Why it was signed off so; empty where all was passed.
    """

    home: str
    hub: str
    number: int
    software: str
    by: str
    signed: str
    online: str
    heard: str
    open: list[Markup]
    why: Markup
    sensors: list[Line]
    test: str
    call: str


def certificate_page(one: Certificate, text: Catalogue) -> CertificatePage:
    """A certificate with every time by day and year, for it is on paper."""
    clock = Clock(one.signed_at, one.time_zone, text)
    found, called = one.found, named(one.found.sensors, text)
    known = text.has(f"fitting.why.{one.why}")
    return CertificatePage(
        home=one.home,
        hub=one.hub,
        number=one.fitting,
        software=found.hub.software or text("fitting.not_told"),
        by=one.by,
        signed=_on_paper(one.signed_at, clock),
        online=_on_paper(found.hub.claimed_at, clock),
        heard=_on_paper(found.hub.last_seen_at, clock),
        open=[open_line(each, called, text) for each in found.open],
        why=text(f"fitting.why.{one.why}") if known else Markup.escape(one.why),
        sensors=[_line(each, clock) for each in found.sensors],
        test=_on_paper(found.test_at, clock),
        call=_call(found.call, clock),
    )


def _line(one: FittedSensor, clock: Clock) -> Line:
    text = clock.text
    not_told = text("fitting.not_told")
    walked = _on_paper(one.walked_at, clock) if one.walks else text("fitting.not_to_walk")
    return Line(
        what=sensor_name(one, text),
        name=one.sensor,
        heard=_on_paper(one.last_at, clock),
        battery=not_told if one.battery is None else f"{one.battery:.0f} %",
        link=not_told if one.link is None else text("fitting.of_most", n=f"{one.link:.0f}"),
        walked=walked,
    )


def _call(call: Call | None, clock: Clock) -> str:
    if call is None:
        return clock.text("fitting.never")
    who = clock.text(f"fitting.answered.{call.answered}")
    return f"{_on_paper(call.called_at, clock)}: {who}"


def _on_paper(at: datetime | None, clock: Clock) -> str:
    if at is None:
        return clock.text("fitting.never")
    local = clock.local(at)
    return f"{clock.day(local)} {local:%Y, %H:%M} {abbreviation(local)}"
