"""What staff type of organisations, contacts and plans, and the same as they would type it."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import msgspec

from api.refusals import Invalid, NotFound
from api.response.availability import Exceptional, Hours
from api.response.plan import MOST_STEPS, PlanStep, Whom
from api.response.views import Contact, PutContact
from api.web.parameters import VERSION, number

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
WAITS = (1, 2, 5, 10, 15, 30, 60, 120, 240, 480, 1440, 2880, 10080)
"""Minutes that are offered between steps."""
_TO = " to "
_FREE = "available"
_HOURS = re.compile(r"^(?P<days>[A-Za-z, -]+?)\s+(?P<begin>\d\d:\d\d)\s*-\s*(?P<end>\d\d:\d\d)$")


def organisation_of(typed: str) -> int:
    """The number of an organisation, as an address or a form has it.

    Raises:
        NotFound: No organisation can have it.
    """
    found = number(typed)
    if found is None:
        raise NotFound(f"There is no organisation {typed[:20]}.")
    return found


def contact_of(typed: Mapping[str, str], version: int) -> PutContact:
    """A contact from its form.

    Raises:
        Invalid: Something cannot be read; the sentence says what is allowed.
    """
    said: dict[str, Any] = {
        "version": version,
        "name": typed["name"].strip(),
        "relation": typed["relation"].strip(),
        "numbers": _lines(typed["numbers"]),
        "note": typed["note"].strip(),
        "person": bool(typed["person"]),
        "keyholder": bool(typed["keyholder"]),
        "position": int(typed["position"][:9]) if typed["position"].isdecimal() else 100,
        "hours": [msgspec.to_builtins(_hours(line)) for line in _lines(typed["hours"])],
        "exceptions": [msgspec.to_builtins(_exception(one)) for one in _lines(typed["exceptions"])],
    }
    if not said["name"]:
        raise Invalid("Give the contact a name.")
    try:
        return msgspec.convert(said, PutContact)
    except msgspec.ValidationError as error:
        if "numbers" in f"{error}":
            raise Invalid("A number has digits and spaces, such as +44 7700 900123.") from error
        raise Invalid(f"That cannot be kept: {error}.") from error


def form_of(contact: Contact) -> dict[str, str]:
    """A contact as it stands in its form."""
    return {
        "name": contact.name,
        "relation": contact.relation,
        "numbers": "\n".join(contact.numbers),
        "note": contact.note,
        "person": "1" if contact.person else "",
        "keyholder": "1" if contact.keyholder else "",
        "position": f"{contact.position}",
        "hours": "\n".join(hours_line(one) for one in contact.hours),
        "exceptions": "\n".join(exception_line(one) for one in contact.exceptions),
    }


def hours_line(hours: Hours) -> str:
    """Hours of the week in a line, such as `Mon, Tue 18:00-22:30`."""
    return f"{', '.join(DAYS[day] for day in sorted(hours.days))} {hours.begin}-{hours.end}"


def exception_line(one: Exceptional) -> str:
    """An exception in a line, such as `2026-12-24 to 2026-12-31`."""
    return f"{one.first}{_TO}{one.last}{f' {_FREE}' if one.available else ''}"


def steps_of(typed: Mapping[str, str]) -> list[PlanStep]:
    """A plan's steps from its form; rows without a kind are left out.

    Raises:
        Invalid: Something cannot be read.
    """
    found = []
    for row in range(1, MOST_STEPS + 1):
        if not typed[f"kind_{row}"]:
            continue
        whom = typed[f"whom_{row}"]
        minutes = typed[f"wait_{row}"]
        said: dict[str, Any] = {
            "kind": typed[f"kind_{row}"],
            "contact": number(whom),
            "whom": Whom.NOBODY if whom.isdecimal() else whom,
            "name": typed[f"name_{row}"].strip(),
            "say": typed[f"say_{row}"].strip(),
            "wait_s": 60 * (number(minutes, VERSION) or 0),
        }
        try:
            found.append(msgspec.convert(said, PlanStep))
        except msgspec.ValidationError as error:
            raise Invalid(f"Step {row}: {error}.") from error
    return found


def form_of_steps(steps: Sequence[PlanStep]) -> dict[str, str]:
    """Steps as they stand in the form."""
    found: dict[str, str] = {}
    for row, step in enumerate(steps, start=1):
        found |= {
            f"kind_{row}": step.kind,
            f"whom_{row}": f"{step.contact or step.whom}",
            f"name_{row}": step.name,
            f"say_{row}": step.say,
            f"wait_{row}": f"{step.wait_s // 60}",
        }
    return found


def _lines(typed: str) -> list[str]:
    return [line.strip() for line in typed.splitlines() if line.strip()]


def _hours(line: str) -> Hours:
    found = _HOURS.match(line)
    if found is None:
        raise Invalid(f"Hours are written as Mon-Fri 18:00-22:30, not as {line}.")
    days = [day for part in found["days"].split(",") for day in _days(part.strip(), line)]
    try:
        said = {"days": days, "begin": found["begin"], "end": found["end"]}
        return msgspec.convert(said, Hours)
    except msgspec.ValidationError as error:
        raise Invalid(f"There is no such time of day in {line}.") from error


def _days(part: str, line: str) -> list[int]:
    ends = [end.strip().title()[:3] for end in part.split("-")]
    if any(end not in DAYS for end in ends) or len(ends) > 2:  # noqa: PLR2004 - from and to
        raise Invalid(f"Days are {', '.join(DAYS)}, or two of them as Mon-Fri, not as in {line}.")
    first, last = DAYS.index(ends[0]), DAYS.index(ends[-1])
    return [day % 7 for day in range(first, last + 1 if last >= first else last + 8)]


def _exception(line: str) -> Exceptional:
    days = line.removesuffix(_FREE).strip()
    first, _, last = days.partition(_TO)
    try:
        begin = date.fromisoformat(first.strip())
        end = date.fromisoformat(last.strip()) if last else begin
    except ValueError as error:
        raise Invalid(
            f"Exceptions are written as 2026-12-24 to 2026-12-31, not as {line}."
        ) from error
    return Exceptional(first=begin, last=end, available=days != line)
