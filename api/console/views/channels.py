"""Destinations as forms that are filled in and read, and as lines that say how each fares."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal, NamedTuple, get_args, get_origin

import msgspec
from markupsafe import Markup

from api.channels.protocol import Channel
from api.console.text import Catalogue
from api.console.views import words
from api.console.views.times import Clock
from api.outbox.destinations import DestinationDetail
from api.outbox.service import KNOWN, USUAL, DeadLetter, DestinationLine, Wanted
from api.refusals import Invalid

FIRST: Final = {
    "webhook": ("url", "secret"),
    "email": ("host", "sender", "to", "username", "password", "full", "link"),
    "sms": ("url", "to", "format", "fields", "headers", "secret", "accepted"),
    "scaip": ("host", "transport", "centre", "homes"),
    "webpush": ("contact",),
}
"""What is asked first; the rest has a value that will do."""
OF_BROWSERS: Final = {"webpush": frozenset({"endpoint", "p256dh", "auth", "key"})}
"""What comes from those who subscribe."""
_PARTS: Final = ("label", "hint")
PURPOSES: Final = ("", "care_team", "family")


class Field(NamedTuple):
    """One setting as a form asks for it.

    Attributes:
        kind: `text`, `number`, `choice`, `yes`, `lines` or `secret`.
        choices: Of a choice.
        kept: Of a secret: whether there is one.
    """

    name: str
    kind: str
    label: Markup
    hint: Markup | None
    value: str
    choices: tuple[str, ...]
    required: bool
    kept: bool


class Fields(NamedTuple):
    """The settings of a channel: what is asked first, and the rest."""

    first: list[Field]
    more: list[Field]


class Line(NamedTuple):
    """One destination and how it fares."""

    number: int
    name: str
    whose: str
    way: Markup
    told: str
    on: bool
    says: list[Markup]


class Dead(NamedTuple):
    """One message that was given up."""

    number: int
    name: str
    what: Markup
    alert: str
    when: Markup
    reason: str


def fields_of(
    channel: Channel[Any], typed: Mapping[str, str], kept: Sequence[str], text: Catalogue
) -> Fields:
    """The settings of a channel as a form, with what was typed."""
    asked = [
        _field(channel, one, typed, kept, text)
        for one in msgspec.structs.fields(channel.settings)
        if one.name not in _unasked(channel)
    ]
    first = FIRST.get(channel.name, ())
    return Fields(
        [one for name in first for one in asked if one.name == name],
        [one for one in asked if one.name not in first],
    )


def form_of(found: DestinationDetail) -> dict[str, str]:
    """A destination as it stands in its form."""
    typed = {
        "name": found.name,
        "heartbeat": "" if found.heartbeat_s is None else f"{found.heartbeat_s}",
        "purpose": found.purpose or "",
        "version": found.version,
    }
    typed |= {f"lane_{one}": "1" for one in found.lanes}
    typed |= {f"condition_{one}": "1" for one in found.conditions}
    typed |= {f"action_{one}": "1" for one in found.actions}
    return typed | {f"set_{name}": _shown(value) for name, value in found.settings.items()}


def new_form(channel: Channel[Any]) -> dict[str, str]:
    """The form of a destination that there is not yet, with what is usual."""
    usual = {
        f"set_{one.name}": _shown(one.default)
        for one in msgspec.structs.fields(channel.settings)
        if isinstance(one.default, bool | int | float | str)
    }
    return usual | {f"action_{one}": "1" for one in USUAL}


def wanted_of(
    channel: Channel[Any], typed: Mapping[str, str], stays: Mapping[str, Any]
) -> tuple[Wanted, set[str]]:
    """A destination from its form, and the secrets that are kept as they are.

    Args:
        channel: Its channel.
        typed: The form's fields.
        stays: Settings that it has and that no form asks for.

    Raises:
        Invalid: Something cannot be read.
    """
    settings = {name: value for name, value in stays.items() if name in channel.at_machine}
    keep = set()
    for one in msgspec.structs.fields(channel.settings):
        if one.name in _unasked(channel):
            continue
        said = typed.get(f"set_{one.name}", "").strip()
        if _kind(channel, one.name, one.type) == "yes":
            settings[one.name] = bool(said)
        elif said:
            settings[one.name] = _read(one.name, one.type, said)
        elif one.name in channel.secrets and not typed.get(f"drop_{one.name}"):
            keep.add(one.name)
    beat, purpose = typed.get("heartbeat", "").strip(), typed.get("purpose", "")
    wanted = Wanted(
        name=typed.get("name", "").strip(), channel=channel.name,
        lanes=_ticked("lane", typed), conditions=_ticked("condition", typed),
        actions=_ticked("action", typed), heartbeat_s=_whole(beat) if beat else None,
        purpose=_purpose(purpose), settings=settings,
    )  # fmt: skip
    return wanted, keep


def step(action: str, text: Catalogue) -> Markup:
    """A step of which a destination may be told."""
    own = f"channels.step.{action}"
    if text.has(own):
        return text(own)
    key = f"told.step.{action}"
    return text(key) if text.has(key) else Markup.escape(action.replace("_", " "))


def steps(text: Catalogue) -> list[tuple[str, str]]:
    """Every step with its name, as a form lists them."""
    named = [(one, str(step(one, text))) for one in KNOWN["action"]]
    return [(one, said[:1].upper() + said[1:]) for one, said in named]


def way(channel: str, text: Catalogue) -> Markup:
    """A channel's name as staff read it."""
    key = f"channels.ways.{channel}"
    return text(key) if text.has(key) else Markup.escape(channel)


def lines(found: Sequence[DestinationLine], names: Mapping[int, str], clock: Clock) -> list[Line]:
    """Destinations as the list shows them; `names` are those of organisations."""
    return [
        Line(
            one.destination, one.name, names.get(one.organisation, f"{one.organisation}"),
            way(one.channel, clock.text), _told(one, clock.text), one.enabled, _says(one, clock),
        )
        for one in found
    ]  # fmt: skip


def dead(found: Sequence[DeadLetter], clock: Clock) -> list[Dead]:
    """Messages that were given up, as the list shows them."""
    return [
        Dead(
            one.id, one.destination, step(one.action, clock.text),
            one.subject.removeprefix("alert/") if one.subject.startswith("alert/") else "",
            clock.stamp(one.ended_at), one.reason or "",
        )
        for one in found
    ]  # fmt: skip


def _told(one: DestinationLine, text: Catalogue) -> str:
    lanes = [str(text(f"severity.{lane}")) for lane in one.lanes]
    kinds = [words.condition(word, text).title for word in one.conditions]
    steps = [str(step(word, text)) for word in one.actions]
    return "; ".join(
        ", ".join(said) or str(text(f"channels.every_{what}"))
        for what, said in (("lane", lanes), ("condition", kinds), ("step", steps))
        if said or what != "condition"
    )


def _says(one: DestinationLine, clock: Clock) -> list[Markup]:
    text, said = clock.text, []
    if one.waiting_since:
        said.append(text("channels.waits", n=one.waiting, time=clock.stamp(one.waiting_since)))
    if one.dead:
        said.append(text("channels.dead_of", n=one.dead))
    if one.left_out:
        said.append(text("channels.left_out", n=one.left_out))
    return [*said, text("channels.delivered", n=one.delivered)]


def _unasked(channel: Channel[Any]) -> frozenset[str]:
    return OF_BROWSERS.get(channel.name, frozenset()) | channel.at_machine


def _field(
    channel: Channel[Any],
    one: msgspec.structs.FieldInfo,
    typed: Mapping[str, str],
    kept: Sequence[str],
    text: Catalogue,
) -> Field:
    kind = _kind(channel, one.name, one.type)
    called, beside = (f"channels.set.{channel.name}.{one.name}.{part}" for part in _PARTS)
    label = text(called) if text.has(called) else Markup.escape(words.place(one.name))
    return Field(
        one.name, kind, label, text(beside) if text.has(beside) else None,
        "" if kind == "secret" else typed.get(f"set_{one.name}", ""),
        tuple(get_args(one.type)) if kind == "choice" else (),
        required=one.required, kept=one.name in kept,
    )  # fmt: skip


def _kind(channel: Channel[Any], name: str, of: Any) -> str:
    if name in channel.secrets:
        return "secret"
    if get_origin(of) is Literal:
        return "choice"
    if get_origin(of) is dict:
        return "lines"
    return {bool: "yes", int: "number", float: "number"}.get(of, "text")


def _read(name: str, of: Any, said: str) -> Any:
    if get_origin(of) is dict:
        return dict(_pair(line.strip()) for line in said.splitlines() if line.strip())
    if of not in {int, float}:
        return said
    try:
        return of(said)
    except ValueError as error:
        raise Invalid(f"{said} is not a number, which {name.replace('_', ' ')} must be.") from error


def _pair(line: str) -> tuple[str, Any]:
    """`name = words`, or `name := ` and JSON, where more than words is wanted."""
    name, sign, said = line.partition("=")
    if not sign or not name.strip(" :"):
        raise Invalid(f"Each line is written as name = what, not as {line}.")
    if not name.endswith(":"):
        return name.strip(), said.strip()
    try:
        return name[:-1].strip(), json.loads(said)
    except ValueError as error:
        raise Invalid(f"What stands after := is no JSON in {line}.") from error


def _shown(value: Any) -> str:
    if isinstance(value, bool):
        return "1" if value else ""
    if isinstance(value, Mapping):
        return "\n".join(
            f"{name} = {said}" if isinstance(said, str) else f"{name} := {json.dumps(said)}"
            for name, said in value.items()
        )
    return f"{value:g}" if isinstance(value, float) else f"{value}"


def _ticked(what: str, typed: Mapping[str, str]) -> list[str]:
    """Those that are ticked, in the order of the form; none where all are."""
    return [word for word in KNOWN[what] if typed.get(f"{what}_{word}")]


def _purpose(typed: str) -> Literal["care_team", "family"] | None:
    if typed == "care_team":
        return "care_team"
    if typed == "family":
        return "family"
    if typed:
        raise Invalid(f"There is no purpose {typed}.")
    return None


def _whole(typed: str) -> int:
    if not (typed.isdecimal() and len(typed) <= 7):  # noqa: PLR2004 - a hundred days
        raise Invalid(f"{typed} is not a whole number of seconds.")
    return int(typed)
