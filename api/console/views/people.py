"""People as their page shows them, and what its forms say in return."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple, TypeVar

import msgspec
from markupsafe import Markup

from api.console.text import Catalogue
from api.console.views import words
from api.console.views.times import Clock
from api.homes.views import HomeDetail
from api.people.consent import WATCHED, GivenBy, Purpose, Scope
from api.people.identity import Identity
from api.people.risk import RiskRecord
from api.people.views import ConsentVersion, HomePeople, Resident, Wanting
from api.refusals import Invalid
from api.web.parameters import VERSION
from api.web.parameters import number as number_of
from contract import Kind

T = TypeVar("T")

LINES = ("name", "preferred", "address_as", "born", "phone", "language", "nhs_number")
AREAS = ("address", "notes")
FLAGS = ("earlier_uti", "catheter", "dementia", "earlier_falls", "fluid_limit")
SENSORS = tuple(kind for kind in Kind if kind not in {Kind.LINK, Kind.BUTTON})


class Fact(NamedTuple):
    """A name for something, and what it is."""

    term: Markup
    said: str


class Box(NamedTuple):
    """One thing that may be ticked."""

    name: str
    label: str
    on: bool


class ConsentRow(NamedTuple):
    """One version of a consent in a line."""

    state: Markup
    good: bool
    by: Markup
    day: str
    until: str
    recorded: Markup
    staff: str
    said: str
    scope: str


class Person(NamedTuple):
    """One resident.

    Attributes:
        facts: Who they are, without what is not on record.
        fields: What the form to change them holds.
        risk: What is on record of their health, in words.
        record: The same, for the form.
        consents: Every version, the newest first.
    """

    id: str
    name: str
    version: int
    facts: list[Fact]
    fields: dict[str, str]
    risk: list[str]
    record: RiskRecord
    risk_version: int
    flags: list[Box]
    consents: list[ConsentRow]
    consent_version: int
    withdrawable: bool
    conditions: list[Box]
    sensors: list[Box]
    purposes: list[Box]


class PeoplePage(NamedTuple):
    """Everything the page of a home's people shows.

    Attributes:
        told: What the hubs are told of all of them, in words.
        off: What they are told not to watch for.
        deaf: Hubs that run without that: what is off may still be watched for.
    """

    id: str
    name: str
    people: list[Person]
    told: list[str]
    off: list[str]
    sharing: list[str]
    not_agreed: list[str]
    deaf: list[str]
    today: str


class DueRow(NamedTuple):
    """One thing that wants doing."""

    id: str
    name: str
    what: Markup
    page: str


def people_page(home: HomeDetail, found: HomePeople, now: datetime, text: Catalogue) -> PeoplePage:
    """The people of one home."""
    clock = Clock(now, home.time_zone, text)
    return PeoplePage(
        id=home.home,
        name=words.home(home.label, home.home),
        people=[_person(one, clock) for one in found.residents],
        told=risk_words(found.risk, text),
        off=[words.condition(one, text).title for one in found.off],
        sharing=[text(f"purpose.{one}") for one in found.sharing],
        not_agreed=[text(f"sensor.{one}") for one in found.not_agreed],
        deaf=[
            one.hub for one in found.hubs
            if not one.newest or any(part.startswith("off") for part in one.ignored)
        ],
        today=f"{clock.local(now).date()}",
    )  # fmt: skip


def due_rows(found: Sequence[Wanting], text: Catalogue) -> list[DueRow]:
    """What wants doing, each with the page on which it is done."""
    return [
        DueRow(
            one.home,
            words.home(one.label, one.home),
            text(f"follow.{one.what}", day=day_of(one.due, text)),
            "absences" if one.what == "lost" else "people",
        )
        for one in found
    ]


def risk_words(record: RiskRecord, text: Catalogue) -> list[str]:
    """What is on record, in words; of what is not on record nothing."""
    said = [text(f"risk.{word}") for word in FLAGS if getattr(record, word)]
    if record.age:
        said.insert(0, text(f"risk.{record.age}"))
    if record.sex:
        said.append(text(f"risk.{record.sex}"))
    if record.medicines:
        said.append(text("risk.n_medicines", n=record.medicines))
    return [f"{one}" for one in said]


def day_of(day: date | None, text: Catalogue) -> str:
    """A day as `3 Mar 2026`; empty where there is none."""
    return f"{day.day} {text(f'month.{day.month}')} {day.year}" if day else ""


def identity_of(typed: Mapping[str, str]) -> Identity:
    """Who somebody is, from a form.

    Raises:
        Invalid: It will not do.
    """
    fields = {key: typed.get(key, "") for key in (*LINES, *AREAS)}
    fields["notes"] = fields["notes"].replace("\r\n", "\n")
    born = fields.pop("born").strip()
    return _made({**fields, **({"born": born} if born else {})}, Identity)


def risk_of(typed: Mapping[str, str]) -> RiskRecord:
    """What is on record of somebody's health, from a form.

    Raises:
        Invalid: It will not do.
    """
    medicines = typed.get("medicines", "").strip() or "0"
    fields: dict[str, Any] = {word: word in typed for word in FLAGS}
    fields["medicines"] = number_of(medicines) or medicines
    for key in ("age", "sex"):
        if typed.get(key):
            fields[key] = typed[key]
    return _made(fields, RiskRecord)


def scope_of(typed: Mapping[str, str]) -> Scope:
    """What somebody agreed to, from a form.

    Raises:
        Invalid: It will not do.
    """
    fields: dict[str, Any] = {
        "conditions": [one for one in WATCHED if f"condition_{one}" in typed],
        "sensors": [one for one in SENSORS if f"sensor_{one}" in typed],
        "purposes": [one for one in Purpose if f"purpose_{one}" in typed],
        "given_by": typed.get("given_by", ""),
        "given_on": typed.get("given_on", ""),
        "who": typed.get("who", ""),
        "note": typed.get("note", ""),
        "seen": number(typed.get("seen", "")),
    }
    if typed.get("expires_on", "").strip():
        fields["expires_on"] = typed["expires_on"].strip()
    return _made(fields, Scope)


def number(text: str) -> int:
    """A version from a form; 0 where it is none."""
    return number_of(text, VERSION) or 0


def _made(fields: dict[str, Any], kind: type[T]) -> T:
    try:
        return msgspec.convert(fields, kind)
    except msgspec.ValidationError as error:
        raise Invalid(f"{error}.") from error


def _person(one: Resident, clock: Clock) -> Person:
    text, known = clock.text, one.identity
    record = one.risk[0].record if one.risk else RiskRecord()
    last = one.consents[0] if one.consents else None
    fields = {key: f"{getattr(known, key) or ''}" if known else "" for key in (*LINES, *AREAS)}
    return Person(
        id=one.resident,
        name=known.called if known else text("people.sealed"),
        version=one.version,
        facts=[Fact(text(f"people.{key}"), said) for key, said in fields.items() if said],
        fields=fields,
        risk=[
            *risk_words(msgspec.structs.replace(record, age=one.age or record.age), text),
            *([f"{text('people.unread')}"] if one.risk and one.risk[0].unread else []),
        ],
        record=record,
        risk_version=one.risk[0].version if one.risk else 0,
        flags=[Box(word, text(f"risk.{word}"), getattr(record, word)) for word in FLAGS],
        consents=[_consent(each, clock) for each in one.consents],
        consent_version=last.version if last else 0,
        withdrawable=last is not None and last.state != "withdrawn",
        conditions=[
            Box(
                f"condition_{word}",
                words.condition(word, text).title,
                _on(last, "conditions", word),
            )
            for word in WATCHED
        ],
        sensors=[
            Box(f"sensor_{word}", text(f"sensor.{word}"), _on(last, "sensors", word))
            for word in SENSORS
        ],
        purposes=[
            Box(f"purpose_{word}", text(f"purpose.{word}"), _on(last, "purposes", word))
            for word in Purpose
        ],
    )


def _on(last: ConsentVersion | None, part: str, word: str) -> bool:
    return last is not None and word in getattr(last, part)


def _consent(one: ConsentVersion, clock: Clock) -> ConsentRow:
    text = clock.text
    scope = [words.condition(word, text).title for word in one.conditions]
    scope += [f"{text(f'purpose.{word}')}" for word in one.purposes if word in set(Purpose)]
    return ConsentRow(
        state=text(f"consent.{one.state}"),
        good=one.state == "given",
        by=text(f"given_by.{one.given_by}"),
        day=day_of(one.given_on, text),
        until=day_of(one.expires_on, text),
        recorded=clock.stamp(one.put_at),
        staff=one.by,
        said=". ".join(part for part in (one.who, one.note) if part),
        scope=", ".join(scope),
    )


GIVEN_BY = tuple(GivenBy)
